//===- Baselines.h - what nirc is compared with, as benchmarks --*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "bench/Networks.h"

#include <functional>
#include <memory>

namespace nirc::bench {

/// A network that is made when it is first run, and then shared by all that measure it.
using SharedNetwork = std::function<const Network &()>;

/// `textbook/NAME/activity:P`, `vector/…`, `events/…` and, of a sparse network, `sparse/…` alone.
void registerLoops(const std::string &name, const SharedNetwork &network, bool sparse);

/// `read/LEVEL/threads:N`: bytes per second from the L1, L2 and L3 cache and from memory.
void registerBandwidth();

/// `meet/cores:2`: the seconds until two threads that wait for each other go on. A virtual
/// machine's cores are at times under one L3 cache and at times under two, which this tells apart:
/// then a barrier takes about four times as long, and both together read more from memory.
void registerMeeting();

} // namespace nirc::bench
