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

namespace {

/// Depth-first search with its own stack: a chain of nodes can be as long as the file.
class DepthFirst {
public:
  DepthFirst(const FlatGraph &flat, const std::vector<bool> &opaque)
      : flat(flat), opaque(opaque), state(flat.nodes.size(), State::New) {
    result.feedback.assign(flat.edges.size(), false);
    result.order.reserve(flat.nodes.size());
  }

  void visit(int32_t root) {
    if (state[root] != State::New) {
      return;
    }
    enter(root);
    while (!open.empty()) {
      auto &[node, next] = open.back();
      std::span<const int32_t> incoming =
          opaque[node] ? std::span<const int32_t>() : flat.incoming(node);
      if (next == incoming.size()) {
        state[node] = State::Done;
        result.order.push_back(node);
        open.pop_back();
        continue;
      }
      int32_t edge = incoming[next++];
      int32_t source = flat.edges[edge].source;
      if (state[source] == State::Open) {
        result.feedback[edge] = true;
      } else if (state[source] == State::New) {
        enter(source);
      }
    }
  }

  Schedule result;

private:
  enum class State : uint8_t { New, Open, Done };
  struct Visit {
    int32_t node;
    size_t next; ///< its incoming edges before this one are dealt with
  };

  void enter(int32_t node) {
    state[node] = State::Open;
    open.push_back({node, 0});
  }

  const FlatGraph &flat;
  const std::vector<bool> &opaque;
  std::vector<State> state;
  std::vector<Visit> open;
};

} // namespace

Schedule schedule(const FlatGraph &flat, const std::vector<bool> &opaque) {
  DepthFirst search(flat, opaque);
  for (int32_t exit : flat.scopes[0].outputs) {
    search.visit(exit);
  }
  for (size_t node = 0; node < flat.nodes.size(); ++node) {
    search.visit(static_cast<int32_t>(node));
  }
  return std::move(search.result);
}

void moveFeedback(const FlatGraph &flat, const std::vector<bool> &holdsState, Schedule &schedule) {
  // In the order of a step a node's sources are settled before it, but for feedback edges.
  std::vector<bool> isLate(flat.nodes.size(), false);
  for (int32_t node : schedule.order) {
    std::span<const int32_t> incoming = flat.incoming(node);
    isLate[node] = !holdsState[node] && !flat.isEntry(node) && !incoming.empty() &&
                   std::all_of(incoming.begin(), incoming.end(), [&](int32_t edge) {
                     return schedule.feedback[edge] || isLate[flat.edges[edge].source];
                   });
  }
  for (size_t i = 0; i < flat.edges.size(); ++i) {
    const FlatGraph::Edge &edge = flat.edges[i];
    // One step taken from each edge into a late node and given to each one out of it. No edge has
    // two: a feedback edge from a late node goes to one.
    int steps = schedule.feedback[i] + isLate[edge.source] - isLate[edge.target];
    assert((steps == 0 || steps == 1) && "an edge carries this step's value or the last's");
    schedule.feedback[i] = steps == 1;
  }
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

std::vector<FeedbackEdge> feedbackEdges(const Graph &graph, const Semantics &semantics) {
  std::vector<Diagnostic> problems;
  FlatGraph flat = FlatGraph::of(graph, problems);
  std::vector<bool> opaque, holdsState;
  for (const FlatGraph::Leaf &leaf : flat.nodes) {
    opaque.push_back(isOpaque(*leaf.node, semantics));
    holdsState.push_back(isNeuron(*leaf.node) || leaf.node->as<Delay>());
  }
  Schedule cut = schedule(flat, opaque);
  if (semantics.feedbackStart == FeedbackStart::Zero) {
    moveFeedback(flat, holdsState, cut);
  }
  const std::vector<bool> &feedback = cut.feedback;
  std::vector<FeedbackEdge> edges;
  for (size_t i = 0; i < feedback.size(); ++i) {
    if (feedback[i]) {
      edges.push_back({flat.path(flat.edges[i].source), flat.path(flat.edges[i].target)});
    }
  }
  return edges;
}

} // namespace nir
