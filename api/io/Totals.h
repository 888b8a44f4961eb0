//===- Totals.h - how large a graph is --------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/graph/Check.h"
#include "ir/graph/Graph.h"

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace nirc {

/// Calls f with every node that is not a graph: its path, itself, its shapes. A subgraph's nodes
/// take the place of the subgraph. Safe on any depth.
void forEachNode(const nir::Graph &graph, const std::vector<nir::NodeShapes> &shapes,
                 const std::function<void(const std::string &path, const nir::Node &,
                                          const nir::NodeShapes &)> &f);

/// The paths of all subgraphs, inner ones too.
std::set<std::string, std::less<>> subgraphPaths(const nir::Graph &graph);

struct NamedParameter {
  std::string_view name; ///< as NIR spells it
  nir::Tensor value;
};
/// The parameters of a node that a network learns or that make its dynamics: weights, biases, time
/// constants; not shapes, strides and the like. Those that the file lacks are left out.
std::vector<NamedParameter> strengths(const nir::Node &node);

struct Totals {
  int64_t nodes = 0;      ///< primitives, in subgraphs too; a graph itself is none
  int64_t edges = 0;      ///< in subgraphs too
  int64_t neurons = 0;    ///< elements of I, IF, LI, LIF, CubaLI and CubaLIF
  int64_t synapses = 0;   ///< see synapses()
  int64_t parameters = 0; ///< elements of all strengths()
  int64_t bytes = 0;      ///< that they take in the file's dtypes
};

/// The totals of a graph that passed the check.
Totals totalsOf(const nir::Graph &graph, const nir::Checked &checked);

/// Connections of weight other than 0 from one element to another. Affine and Linear: their weights
/// that are not 0. Convolutions: each such weight counts once for every output position at which
/// what it reads is not padding. Scale, pools and all others: none.
int64_t synapses(const nir::Node &node, const nir::NodeShapes &shapes);
int64_t neurons(const nir::Node &node, const nir::NodeShapes &shapes);

} // namespace nirc
