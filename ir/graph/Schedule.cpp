//===- Schedule.cpp - the order of nodes, and feedback edges --------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/graph/Schedule.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace nir {

std::vector<LoopNode> loopNodes(const FlatGraph &flat,
                                const std::vector<const NodeShapes *> &shapes,
                                const std::vector<bool> &opaque) {
  std::vector<LoopNode> nodes(flat.nodes.size());
  for (size_t i = 0; i < nodes.size(); ++i) {
    auto index = static_cast<int32_t>(i);
    const Node &node = *flat.nodes[i].node;
    nodes[i].kind = node.type();
    nodes[i].elements = node.as<Output>() ? 0 : numElements(shapes[i]->output);
    nodes[i].isEntry = flat.isEntry(index);
    nodes[i].isExit = flat.isExit(index);
    nodes[i].isOpaque = opaque[i];
    for (int32_t edge : flat.incoming(index)) {
      nodes[i].sources.push_back(flat.edges[edge].source);
    }
  }
  return nodes;
}

/// Depth first against the edges, with a stack of its own: a chain of nodes can be as long as the
/// file. `isCut`, one an edge.
static std::vector<int32_t> orderWithout(const FlatGraph &flat, const std::vector<bool> &opaque,
                                         const std::vector<bool> &isCut) {
  std::vector<int32_t> order;
  order.reserve(flat.nodes.size());
  std::vector<bool> isSeen(flat.nodes.size(), false);
  struct Visit {
    int32_t node;
    size_t next; ///< its incoming edges before this one are dealt with
  };
  std::vector<Visit> open;
  auto enter = [&](int32_t node) {
    isSeen[node] = true;
    open.push_back({node, 0});
  };
  auto visit = [&](int32_t root) {
    if (!isSeen[root]) {
      enter(root);
    }
    while (!open.empty()) {
      auto &[node, next] = open.back();
      std::span<const int32_t> incoming =
          opaque[node] ? std::span<const int32_t>() : flat.incoming(node);
      if (next == incoming.size()) {
        order.push_back(node);
        open.pop_back();
        continue;
      }
      int32_t edge = incoming[next++];
      int32_t source = flat.edges[edge].source;
      if (!isCut[edge] && !isSeen[source]) {
        enter(source);
      }
    }
  };
  for (int32_t exit : flat.scopes[0].outputs) {
    visit(exit);
  }
  for (size_t node = 0; node < flat.nodes.size(); ++node) {
    visit(static_cast<int32_t>(node));
  }
  return order;
}

std::vector<int32_t> evaluationOrder(const FlatGraph &flat, const std::vector<bool> &opaque) {
  return orderWithout(flat, opaque, std::vector<bool>(flat.edges.size(), false));
}

Result<Schedule> schedule(const FlatGraph &flat, const std::vector<const NodeShapes *> &shapes,
                          const std::vector<bool> &opaque, const std::vector<LateEdge> &late) {
  Result<EdgeFlags> cut = feedbackOf(loopNodes(flat, shapes, opaque), late,
                                     [&](int32_t node) { return flat.path(node); });
  if (!cut) {
    return cut.takeError();
  }
  Schedule result;
  result.feedback.assign(flat.edges.size(), false);
  for (size_t node = 0; node < flat.nodes.size(); ++node) {
    std::span<const int32_t> incoming = flat.incoming(static_cast<int32_t>(node));
    for (size_t i = 0; i < incoming.size(); ++i) {
      result.feedback[incoming[i]] = (*cut)[node][i];
    }
  }
  result.order = orderWithout(flat, opaque, result.feedback);
  return result;
}

/// The nodes without a state that only late values reach. What `stays` is none of them.
static std::vector<bool> lateNodes(const FlatGraph &flat, const std::vector<bool> &holdsState,
                                   const Schedule &schedule, const std::vector<bool> &stays) {
  // In the order of a step a node's sources are settled before it, but for feedback edges.
  std::vector<bool> isLate(flat.nodes.size(), false);
  for (int32_t node : schedule.order) {
    std::span<const int32_t> incoming = flat.incoming(node);
    isLate[node] = !stays[node] && !holdsState[node] && !flat.isEntry(node) && !incoming.empty() &&
                   std::all_of(incoming.begin(), incoming.end(), [&](int32_t edge) {
                     return schedule.feedback[edge] || isLate[flat.edges[edge].source];
                   });
  }
  return isLate;
}

void moveFeedback(const FlatGraph &flat, const std::vector<bool> &holdsState, Schedule &schedule) {
  std::vector<bool> stays(flat.nodes.size(), false);
  std::vector<bool> isLate = lateNodes(flat, holdsState, schedule, stays);
  // One step is taken from each edge into a late node and given to each one out of it. Where
  // several edges of a cycle are late by choice, an edge could get two: its source stays as it is
  // then.
  auto stepsOf = [&](size_t i) {
    const FlatGraph::Edge &edge = flat.edges[i];
    return schedule.feedback[i] + isLate[edge.source] - isLate[edge.target];
  };
  for (bool isDone = false; !isDone;) {
    isDone = true;
    for (size_t i = 0; i < flat.edges.size(); ++i) {
      if (stepsOf(i) > 1) {
        stays[flat.edges[i].source] = true;
        isDone = false;
      }
    }
    isLate = lateNodes(flat, holdsState, schedule, stays);
  }
  std::vector<bool> feedback;
  for (size_t i = 0; i < flat.edges.size(); ++i) {
    assert((stepsOf(i) == 0 || stepsOf(i) == 1) &&
           "an edge carries this step's value or the last's");
    feedback.push_back(stepsOf(i) == 1);
  }
  schedule.feedback = std::move(feedback);
  // Late nodes read what this step computes, and nothing reads them before the next.
  std::vector<int32_t> order, late;
  for (int32_t node : schedule.order) {
    (isLate[node] ? late : order).push_back(node);
  }
  order.insert(order.end(), late.begin(), late.end());
  schedule.order = std::move(order);
}

/// Takes away, again and again, the nodes that no remaining edge enters. What stays is a loop or
/// hangs behind one; edges out of nodes with a state do not count.
static std::vector<bool> behindLoops(const FlatGraph &flat, const std::vector<bool> &holdsState) {
  std::vector<int32_t> waitingFor(flat.nodes.size(), 0);
  for (const FlatGraph::Edge &edge : flat.edges) {
    if (!holdsState[edge.source] && !holdsState[edge.target]) {
      ++waitingFor[edge.target];
    }
  }
  std::vector<int32_t> ready;
  for (size_t node = 0; node < flat.nodes.size(); ++node) {
    if (waitingFor[node] == 0) {
      ready.push_back(static_cast<int32_t>(node));
    }
  }
  while (!ready.empty()) {
    int32_t node = ready.back();
    ready.pop_back();
    for (int32_t edge : holdsState[node] ? std::span<const int32_t>() : flat.outgoing(node)) {
      int32_t target = flat.edges[edge].target;
      if (!holdsState[target] && --waitingFor[target] == 0) {
        ready.push_back(target);
      }
    }
  }
  std::vector<bool> behind(flat.nodes.size());
  std::transform(waitingFor.begin(), waitingFor.end(), behind.begin(),
                 [](int32_t count) { return count > 0; });
  return behind;
}

std::vector<std::vector<int32_t>> statelessLoops(const FlatGraph &flat,
                                                 const std::vector<bool> &holdsState) {
  std::vector<bool> behind = behindLoops(flat, holdsState);
  std::vector<std::vector<int32_t>> loops;
  constexpr int32_t unseen = -1;
  std::vector<int32_t> walkOf(flat.nodes.size(), unseen);
  for (size_t start = 0; start < flat.nodes.size(); ++start) {
    if (!behind[start]) {
      continue;
    }
    // Every node behind a loop has a source behind one: walking against the edges ends in a loop.
    std::vector<int32_t> walk;
    auto node = static_cast<int32_t>(start);
    while (walkOf[node] == unseen) {
      walkOf[node] = static_cast<int32_t>(start);
      walk.push_back(node);
      std::span<const int32_t> incoming = flat.incoming(node);
      auto edge = std::find_if(incoming.begin(), incoming.end(),
                               [&](int32_t e) { return behind[flat.edges[e].source]; });
      node = flat.edges[*edge].source;
    }
    if (walkOf[node] == static_cast<int32_t>(start)) {
      loops.emplace_back(std::find(walk.begin(), walk.end(), node), walk.end());
      std::vector<int32_t> &loop = loops.back();
      std::reverse(loop.begin(), loop.end());
      std::rotate(loop.begin(), std::min_element(loop.begin(), loop.end()), loop.end());
    }
  }
  return loops;
}

bool isNeuron(const Node &node) {
  return node.as<I>() || node.as<IF>() || node.as<LI>() || node.as<LIF>() || node.as<CubaLI>() ||
         node.as<CubaLIF>();
}

Family familyOf(const Node &node) {
  assert(isNeuron(node) && "not a neuron");
  return node.as<I>() || node.as<IF>()     ? Family::IF
         : node.as<LI>() || node.as<LIF>() ? Family::LIF
                                           : Family::CubaLIF;
}

int64_t delaySteps(double delaySeconds, double dtSeconds) {
  double steps = std::floor(delaySeconds / dtSeconds + 0.5);
  return static_cast<int64_t>(std::min(steps, 0x1p53));
}

bool spikesAhead(const Node &node, const Semantics &semantics) {
  bool spikes = node.as<IF>() || node.as<LIF>() || node.as<CubaLIF>();
  return spikes && semantics.timing == Timing::Sequential &&
         semantics[familyOf(node)].spikeTest == SpikeTest::Old;
}

bool isOpaque(const Node &node, const Semantics &semantics) {
  const auto *delay = node.as<Delay>();
  if (!delay) {
    return spikesAhead(node, semantics) ||
           (semantics.timing == Timing::Pipelined && (isNeuron(node) || node.as<Threshold>()));
  }
  std::vector<double> seconds = delay->delay.toDoubles();
  return std::all_of(seconds.begin(), seconds.end(),
                     [&](double s) { return delaySteps(s, semantics.dtSeconds) >= 1; });
}

std::vector<bool> opaqueNodes(const FlatGraph &flat, const Semantics &semantics) {
  std::vector<bool> opaque;
  opaque.reserve(flat.nodes.size());
  for (const FlatGraph::Leaf &leaf : flat.nodes) {
    opaque.push_back(isOpaque(*leaf.node, semantics));
  }
  return opaque;
}

std::vector<LateEdge> possibleLate(const Graph &graph, const Semantics &semantics,
                                   const std::vector<LateEdge> &late) {
  std::vector<LateEdge> possible;
  for (const LateEdge &edge : late) {
    Semantics with = semantics;
    with.late = {edge};
    if (semantics.timing != Timing::Events && loopsOf(graph, with)) {
      possible.push_back(edge);
    }
  }
  return possible;
}

Result<LoopReport> loopsOf(const Graph &graph, const Semantics &semantics) {
  std::vector<Diagnostic> problems;
  FlatGraph flat = FlatGraph::of(graph, problems);
  Checked checked = check(graph);
  assert(checked.ok() && "the graph passes the check");
  std::vector<const NodeShapes *> shapes = flatShapes(flat, checked.shapes);
  std::vector<bool> opaque = opaqueNodes(flat, semantics), holdsState;
  holdsState.reserve(flat.nodes.size());
  for (const FlatGraph::Leaf &leaf : flat.nodes) {
    holdsState.push_back(isNeuron(*leaf.node) || leaf.node->as<Delay>());
  }
  Result<Schedule> cut = schedule(flat, shapes, opaque, semantics.late);
  if (!cut) {
    return cut.takeError();
  }
  if (semantics.feedbackStart == FeedbackStart::Zero) {
    moveFeedback(flat, holdsState, *cut);
  }
  LoopReport report;
  for (size_t i = 0; i < flat.edges.size(); ++i) {
    if (cut->feedback[i]) {
      report.feedback.push_back({flat.path(flat.edges[i].source), flat.path(flat.edges[i].target)});
    }
  }
  auto pathOf = [&](int32_t node) { return flat.path(node); };
  for (const UndecidedEdge &edge :
       undecidedFeedback(loopNodes(flat, shapes, opaque), semantics.late, pathOf)) {
    OrderedEdge ordered{{pathOf(edge.source), pathOf(edge.target)}, {}};
    for (auto [source, target] : edge.others) {
      ordered.others.push_back({pathOf(source), pathOf(target)});
    }
    report.undecided.push_back(std::move(ordered));
  }
  return report;
}

} // namespace nir
