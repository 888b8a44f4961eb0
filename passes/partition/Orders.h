//===- Orders.h - in which order a population fills cores -------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Cores are filled with neurons that follow each other in an order. An order is good where neurons
// that are near take spikes from the same sources: a core then needs few of them.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "passes/partition/NeuronGraph.h"

#include <vector>

namespace nirc {

using Population = NeuronGraph::Population;

/// The population's own order, row-major.
std::vector<int32_t> inOrder(const Population &population);

/// Of [channels, rows, columns] and [channels, length]: all channels of a place, then the next
/// place, row by row.
std::vector<int32_t> byPlace(const Population &population);

/// Of [channels, rows, columns]: all channels of a place, and places along Hilbert's curve, of
/// which each piece lies in a tile.
std::vector<int32_t> byTile(const Population &population);

/// Neurons that share sources together: `parts` clusters that METIS finds in the graph of sources
/// and neurons. Deterministic.
std::vector<int32_t> byCluster(const NeuronGraph &graph, const Population &population, int parts);

} // namespace nirc
