//===- Recordings.h - all of a run, and where two differ --------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/choices/Semantics.h"
#include "ir/graph/Graph.h"
#include "ir/recording/Recording.h"

#include <string>
#include <vector>

namespace nir::test {

/// Every observable of every node, subgraphs' too.
std::vector<Probe> everything(const Graph &graph, const Semantics &semantics);

/// Empty where both hold the same numbers; else the first place where they do not.
std::string difference(const Recording &got, const Recording &want);

/// The trace from step `trace.latency` on, for `steps` steps.
Trace unshifted(const Trace &trace, int64_t steps);

} // namespace nir::test
