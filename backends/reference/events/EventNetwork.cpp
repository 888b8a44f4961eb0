//===- EventNetwork.cpp - a graph made ready for events -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/reference/events/EventNetwork.h"

#include "backends/reference/steps/InterpreterNetwork.h"
#include "ir/Wording.h"
#include "ir/graph/Schedule.h"

#include <algorithm>
#include <fmt/format.h>
#include <new>
#include <optional>

namespace nir {

static Tensor zerosLike(const Tensor &tensor) {
  return Tensor::allocate(tensor.dtype(), tensor.shape()).first;
}

/// The node without its bias, or nothing where it has none.
static std::optional<Node> withoutBias(const Node &node) {
  Node linear = node;
  bool hasBias = std::visit(
      [](auto &params) {
        if constexpr (requires { params.bias; }) {
          params.bias = zerosLike(params.bias);
          return true;
        }
        return false;
      },
      linear.params);
  return hasBias ? std::optional(std::move(linear)) : std::nullopt;
}

/// Whether the node passes on nothing at the instant at which something reaches it.
static bool holdsBack(const Node &node) {
  if (const auto *delay = node.as<Delay>()) {
    std::vector<double> seconds = delay->delay.toDoubles();
    return std::all_of(seconds.begin(), seconds.end(), [](double s) { return s > 0.0; });
  }
  return isNeuron(node);
}

static bool isContinuousNeuron(const Node &node) {
  return node.as<I>() || node.as<LI>() || node.as<CubaLI>();
}

static Error refusal(const EventNetwork &network, int32_t node, std::string message) {
  return Error::atNode(Cause::UnsupportedByTarget, network.flat.path(node), std::move(message))
      .note("take a semantics that goes step by step: --integrator exp-euler");
}

/// Durations are at most 2^52 steps; in units of a time constant they must be numbers.
static Status checkTimes(const EventNetwork &network, int32_t node) {
  constexpr double mostPerStep = 1e200;
  Status bad;
  visitParams(network.flat.nodes[node].node->params, [&](std::string_view name,
                                                         const auto &parameter) {
    if constexpr (std::is_same_v<std::decay_t<decltype(parameter)>, Tensor>) {
      for (double tau : name.starts_with("tau") ? parameter.toDoubles() : std::vector<double>()) {
        if (!(network.dtSeconds / tau < mostPerStep)) {
          bad = Error::atNode(Cause::NotFinite, network.flat.path(node),
                              fmt::format("{} is {} at a dt of {}, expected them to "
                                          "be of similar magnitude",
                                          name, tau, network.dtSeconds));
        }
      }
    }
  });
  return bad;
}

/// The neuron whose v is part of what a continuous node passes on.
static int32_t originOf(const EventNetwork &network, int32_t node) {
  while (!isNeuron(*network.flat.nodes[node].node)) {
    std::span<const int32_t> incoming = network.flat.incoming(node);
    auto edge = std::find_if(incoming.begin(), incoming.end(), [&](int32_t e) {
      return network.isContinuous[network.flat.edges[e].source];
    });
    node = network.flat.edges[*edge].source;
  }
  return node;
}

static Status checkNodes(const EventNetwork &network) {
  const FlatGraph &flat = network.flat;
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    auto node = static_cast<int32_t>(i);
    const Node &here = *flat.nodes[i].node;
    if (here.as<Threshold>()) {
      return refusal(network, node,
                     "found a Threshold, expected none under the exact semantics: its output has "
                     "no times to be a spike at");
    }
    if (!isNeuron(here) && !here.as<Delay>()) {
      continue;
    }
    if (Status bad = checkTimes(network, node)) {
      return bad;
    }
    for (int32_t edge : flat.incoming(node)) {
      int32_t source = flat.edges[edge].source;
      if (network.isContinuous[source]) {
        return refusal(network, originOf(network, source),
                       fmt::format("its v, which changes all the time, drives '{}', expected "
                                   "that only Outputs read it under the exact semantics",
                                   flat.path(node)));
      }
    }
  }
  return {};
}

/// A loop that nothing but Delays holds back, one of which does not in some element.
static Status checkLoops(const EventNetwork &network, const std::vector<bool> &holdsState) {
  std::vector<std::vector<int32_t>> loops = statelessLoops(network.flat, holdsState);
  if (loops.empty()) {
    return {};
  }
  std::vector<std::string> names;
  for (int32_t node : loops.front()) {
    names.push_back(network.flat.path(node));
  }
  auto delay = std::find_if(loops.front().begin(), loops.front().end(), [&](int32_t node) {
    return network.flat.nodes[node].node->as<Delay>();
  });
  assert(delay != loops.front().end() && "check refuses loops without any state");
  return Error::atNode(Cause::StatelessLoop, network.flat.path(*delay),
                       fmt::format("a delay is 0, expected a positive number, as the loop {} holds "
                                   "no other state",
                                   loop(names)));
}

/// Marks what the v of I, LI and CubaLI reaches through stateless nodes.
static void spreadContinuous(EventNetwork &network) {
  const FlatGraph &flat = network.flat;
  network.isContinuous.assign(flat.nodes.size(), false);
  std::vector<int32_t> open;
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    if (isContinuousNeuron(*flat.nodes[i].node)) {
      network.isContinuous[i] = true;
      open.push_back(static_cast<int32_t>(i));
    }
  }
  while (!open.empty()) {
    int32_t node = open.back();
    open.pop_back();
    for (int32_t edge : flat.outgoing(node)) {
      int32_t target = flat.edges[edge].target;
      const Node &there = *flat.nodes[target].node;
      if (!network.isContinuous[target] && !isNeuron(there) && !there.as<Delay>()) {
        network.isContinuous[target] = true;
        open.push_back(target);
      }
    }
  }
}

static void makeUnits(EventNetwork &network) {
  for (size_t i = 0; i < network.flat.nodes.size(); ++i) {
    const Node &node = *network.flat.nodes[i].node;
    bool isStateless = !isNeuron(node) && !node.as<Delay>();
    network.held.push_back(isStateless ? makeStateless<double>(node, network.shapes[i]) : nullptr);
    std::optional<Node> bare = isStateless ? withoutBias(node) : std::nullopt;
    network.linear.push_back(bare ? makeStateless<double>(*bare, network.shapes[i]) : nullptr);
  }
}

Result<std::unique_ptr<EventNetwork>> EventNetwork::of(const Graph &graph,
                                                       const Semantics &semantics) {
  Result<Checked> checked = checkForRun(graph, semantics.dtSeconds);
  if (!checked) {
    return checked.takeError();
  }
  auto network = std::make_unique<EventNetwork>();
  network->graph =
      semantics.duplicateEdges == DuplicateEdges::Once ? withoutDuplicates(graph) : graph;
  network->dtSeconds = semantics.dtSeconds;
  std::vector<Diagnostic> none;
  network->flat = FlatGraph::of(network->graph, none);
  const FlatGraph &flat = network->flat;
  network->kinds = signalKinds(flat, semantics);
  std::vector<const NodeShapes *> shapes = flatShapes(flat, checked->shapes);
  if (Status bad = checkSize(flat, shapes)) {
    return std::move(*bad);
  }
  for (const NodeShapes *one : shapes) {
    network->shapes.push_back(*one);
  }
  spreadContinuous(*network);
  if (Status bad = checkNodes(*network)) {
    return std::move(*bad);
  }
  std::vector<bool> holdsState;
  holdsState.reserve(flat.nodes.size());
  for (const FlatGraph::Leaf &leaf : flat.nodes) {
    holdsState.push_back(holdsBack(*leaf.node));
  }
  if (Status bad = checkLoops(*network, holdsState)) {
    return std::move(*bad);
  }
  for (int32_t node : evaluationOrder(flat, holdsState)) {
    if (!holdsState[node]) {
      network->order.push_back(node);
    }
  }
  try {
    makeUnits(*network);
  } catch (const std::bad_alloc &) {
    return Error(Cause::NoMemory, "the network needs more memory than there is");
  }
  return network;
}

} // namespace nir
