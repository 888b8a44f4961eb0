//===- Schedule.h - in which order a step goes through a graph --*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The rule is that of docs/semantics.md, "Cycles".
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/choices/Semantics.h"
#include "ir/graph/Check.h"
#include "ir/graph/Feedback.h"
#include "ir/graph/FlatGraph.h"

#include <vector>

namespace nir {

struct Schedule {
  std::vector<int32_t> order; ///< every node once, as a step evaluates them
  std::vector<bool> feedback; ///< one an edge: it carries the value of the step before
};

/// The nodes as the rule of feedback edges sees them. One a node: `shapes`, and `opaque`, whether
/// its output does not depend on its inputs within the step (isOpaque).
std::vector<LoopNode> loopNodes(const FlatGraph &flat,
                                const std::vector<const NodeShapes *> &shapes,
                                const std::vector<bool> &opaque);

/// The feedback edges, and an order in which every other edge of a step finds its source done. An
/// edge of `late` that cannot be is an error.
Result<Schedule> schedule(const FlatGraph &flat, const std::vector<const NodeShapes *> &shapes,
                          const std::vector<bool> &opaque, const std::vector<LateEdge> &late);

/// An order in which each node comes after those that it reads within the step, as far as there are
/// no cycles.
std::vector<int32_t> evaluationOrder(const FlatGraph &flat, const std::vector<bool> &opaque);

/// Loops through nodes of which none is in `holdsState` (one a node), each as its nodes in the
/// direction of the edges: at least one where there are any. Linear in the size of the graph.
std::vector<std::vector<int32_t>> statelessLoops(const FlatGraph &flat,
                                                 const std::vector<bool> &holdsState);

/// Whether the node is a neuron: its output follows from its state.
bool isNeuron(const Node &node);

/// The family whose rule holds for a neuron.
Family familyOf(const Node &node);

/// The steps by which a Delay holds back an element: floor(delay/dt + 0.5), at most 2^53.
int64_t delaySteps(double delaySeconds, double dtSeconds);

/// Whether the neuron spikes for the v of the step before: with spike-test=old, in a step that is
/// not pipelined.
bool spikesAhead(const Node &node, const Semantics &semantics);

/// Whether what the node passes on does not depend on its inputs within the step: a Delay of at
/// least one step in every element; a neuron that `spikesAhead`; in a pipelined network, what holds
/// a membrane or a threshold.
bool isOpaque(const Node &node, const Semantics &semantics);

/// Moves feedback edges on to the next neurons: a node without a state that only feedback edges
/// reach, or such nodes, reads the values of this step, and the edges out of it are the feedback
/// edges. That is what `FeedbackStart::Zero` cuts. `holdsState`, one a node.
void moveFeedback(const FlatGraph &flat, const std::vector<bool> &holdsState, Schedule &schedule);

/// One a node: `isOpaque`.
std::vector<bool> opaqueNodes(const FlatGraph &flat, const Semantics &semantics);

/// A feedback edge that the order of nodes and edges in the file decides, and those that take its
/// place in other orders.
struct OrderedEdge {
  LateEdge edge;
  std::vector<LateEdge> others; ///< one at least
};

/// What becomes of the cycles of a graph.
struct LoopReport {
  /// In the order of FlatGraph. A subgraph's ends are its Input and Output nodes.
  std::vector<LateEdge> feedback;
  std::vector<OrderedEdge> undecided; ///< by structure; before feedback-start=zero moves them
};

/// Those of `late` that can be late under the semantics: they lie on cycles of a step.
std::vector<LateEdge> possibleLate(const Graph &graph, const Semantics &semantics,
                                   const std::vector<LateEdge> &late);

/// Of a graph that `check` accepts. An edge of `semantics.late` that cannot be late is an error.
Result<LoopReport> loopsOf(const Graph &graph, const Semantics &semantics);

} // namespace nir
