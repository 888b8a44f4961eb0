//===- InferShapes.h - the shapes of a graph's signals ----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/graph/FlatGraph.h"

#include <deque>
#include <optional>
#include <vector>

namespace nir {

/// A file can be wrong in every node; a person reads the first few.
inline constexpr size_t mostFaults = 100;

/// Finds the shape of every signal, from the nodes that fix theirs along the edges. A node is dealt
/// with once, when the first shape reaches it, so cycles end and the work is linear.
class ShapeInference {
public:
  ShapeInference(const FlatGraph &flat, std::vector<Diagnostic> &found)
      : flat(flat), found(found), input(flat.nodes.size()), output(flat.nodes.size()) {}

  void run();
  /// Of nodes whose input's shape stays unknown.
  void reportUnreached();

  std::vector<std::optional<Shape>> takeInputs() { return std::move(input); }
  std::vector<std::optional<Shape>> takeOutputs() { return std::move(output); }

private:
  void setInput(int32_t node, Shape shape);
  void propagate();
  void checkEdge(const FlatGraph::Edge &edge);
  /// What to do where the first dimension of a signal is that of a batch.
  std::string fixOfBatch(const Shape &got) const;
  /// The same where a subgraph's port declares another shape than the edge's; else empty.
  std::string fixOfPort(const FlatGraph::Edge &edge, const Shape &got, const Shape &want) const;

  const FlatGraph &flat;
  std::vector<Diagnostic> &found;
  std::vector<std::optional<Shape>> input, output;
  std::deque<int32_t> ready; ///< nodes whose output is known and not yet passed on
};

/// The first shape that does not fit another one, if there is one. Looks at no tensor's numbers but
/// at those that say something about shapes, such as an Input's, so the others need not be there.
Status faultOfShapes(const Graph &graph);

} // namespace nir
