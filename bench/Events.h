//===- Events.h - synaptic events of a run ----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "bench/Networks.h"

#include "ir/recording/Recording.h"

#include <cstdint>

namespace nirc::bench {

/// The work that a run cannot avoid: for every step and every element that is not zero of a signal
/// into an Affine, Linear or Conv2d, the weights other than zero that it meets. Pools and
/// one-to-one nodes do not count. The graph has no subgraphs and its connections one input each, as
/// those that are measured do.
nir::Result<int64_t> synapticEvents(const Network &network, const nir::Recording &input);

} // namespace nirc::bench
