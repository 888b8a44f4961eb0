//===- Feedback.h - which edges of a cycle are a step late ------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The rule of docs/semantics.md, "Cycles", for whoever has a graph of its own kind. It follows from
// structure: what the nodes are, how large, and how they are connected. Names count nowhere.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/choices/Semantics.h"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace nir {

/// A node of a flat graph as the rule sees it.
struct LoopNode {
  std::string kind;                     ///< "LIF"
  int64_t elements = 0;                 ///< of the signal that it passes on; 0 for an Output
  bool isEntry = false, isExit = false; ///< an Input or Output of the outermost graph
  bool isOpaque = false;        ///< what it passes on does not depend on its inputs within the step
  std::vector<int32_t> sources; ///< where its edges start, by index, in the file's order
};

/// One truth value for each source of each node: whether the edge is a feedback edge.
using EdgeFlags = std::vector<std::vector<bool>>;

/// The feedback edges. `chosen` are feedback edges in any case, each by the paths of its ends; one
/// that does not exist, or lies on no cycle, is an error. `pathOf` is asked for these alone.
Result<EdgeFlags> feedbackOf(const std::vector<LoopNode> &nodes,
                             const std::vector<LateEdge> &chosen,
                             const std::function<std::string(int32_t)> &pathOf);

/// A feedback edge, source and target by index, that is one only because of the order in which the
/// file lists nodes and edges: in another order it would be one of the others.
struct UndecidedEdge {
  int32_t source, target;
  /// Edges, source and target, of the same cycles that are feedback edges in its place.
  std::vector<std::pair<int32_t, int32_t>> others;
};

/// Those of the feedback edges that structure does not decide, by what other orders give. `chosen`
/// are the edges that are decided by hand, as `feedbackOf` accepts them.
std::vector<UndecidedEdge> undecidedFeedback(const std::vector<LoopNode> &nodes,
                                             const std::vector<LateEdge> &chosen,
                                             const std::function<std::string(int32_t)> &pathOf);

} // namespace nir
