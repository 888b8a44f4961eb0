//===- RandomGraph.h - networks for property tests --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/choices/Semantics.h"
#include "ir/graph/Graph.h"
#include "ir/recording/Recording.h"

#include <cstdint>

namespace nir::test {

struct RandomGraphOptions {
  int maxNodes = 25;        ///< about as many, subgraphs' nodes included
  int maxDepth = 3;         ///< subgraphs in subgraphs
  int64_t maxElements = 60; ///< of a signal
  bool loops = true;        ///< cycles in the graph
  bool oddNames = true;     ///< Unicode, dots, slashes, quotes
};

/// A network over all primitives, with cycles, subgraphs, duplicate edges and several inputs and
/// outputs. `check` accepts it, no Threshold acts on spikes, and under `randomSemantics()` with
/// `randomInput` its numbers stay below 1e6 and most of its spiking neurons spike in 5 to 50 % of
/// the steps. Valid for any dt up to 1 ms. The same for the same seed on every platform.
Graph randomGraph(uint64_t seed, const RandomGraphOptions &options = {});

/// Euler, to-value, 1 ms.
Semantics randomSemantics();

/// Data for every Input of the graph: spikes or numbers around 0.5.
Recording randomInput(const Graph &graph, uint64_t seed, int64_t steps, int64_t batch = 1);

} // namespace nir::test
