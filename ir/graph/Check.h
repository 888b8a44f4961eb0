//===- Check.h - shapes, and whether a graph can be meant -------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/graph/Graph.h"

#include <string>
#include <vector>

namespace nir {

/// The shapes of a node's signals. A subgraph has those of its nodes, in their order, and no own.
struct NodeShapes {
  Shape input, output;
  std::vector<NodeShapes> inner;
};

/// What is known of a graph after looking at all of it.
struct Checked {
  std::vector<NodeShapes> shapes; ///< one a node, in the graph's order; meaningful where `ok()`
  std::vector<Diagnostic> diagnostics;

  bool ok() const;
};

/// Infers every shape and refuses a graph that cannot be meant: edges to nodes that do not exist,
/// shapes that do not fit, parameters that are NaN or infinite, tau <= 0, negative delays, loops
/// without a state. Warns of what is legal and odd. `file` is for the diagnostics. Linear in the
/// size of the graph; safe on any graph, however large or deep.
Checked check(const Graph &graph, const std::string &file = {});

class FlatGraph;
/// The shapes of a graph's nodes without nesting: one for each of `flat.nodes`. They live in
/// `shapes`, which is of the same graph.
std::vector<const NodeShapes *> flatShapes(const FlatGraph &flat,
                                           const std::vector<NodeShapes> &shapes);

} // namespace nir
