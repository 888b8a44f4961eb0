//===- SignalKinds.cpp - which signals are spikes -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/graph/SignalKinds.h"

#include "ir/graph/Schedule.h"

#include <utility>

namespace nir {

/// Gives `kind` to all nodes that pass on something that reaches them from `from`.
static void spread(const std::vector<std::vector<int32_t>> &readers, std::vector<int32_t> from,
                   SignalKind kind, std::vector<SignalKind> &kinds) {
  while (!from.empty()) {
    int32_t node = from.back();
    from.pop_back();
    for (int32_t reader : readers[node]) {
      if (kinds[reader] == SignalKind::Spikes) {
        kinds[reader] = kind;
        from.push_back(reader);
      }
    }
  }
}

std::vector<SignalKind> signalKinds(const std::vector<KindNode> &nodes) {
  // Of those that pass on alone.
  std::vector<std::vector<int32_t>> readers(nodes.size());
  std::vector<SignalKind> kinds(nodes.size(), SignalKind::Spikes);
  std::vector<int32_t> analog, counts;
  for (size_t i = 0; i < nodes.size(); ++i) {
    auto node = static_cast<int32_t>(i);
    if (nodes[i].own) {
      kinds[i] = *nodes[i].own;
    } else if (nodes[i].sources.empty()) {
      kinds[i] = SignalKind::Analog;
    } else {
      for (int32_t source : nodes[i].sources) {
        readers[source].push_back(node);
      }
    }
    if (kinds[i] == SignalKind::Analog) {
      analog.push_back(node);
    } else if (kinds[i] == SignalKind::Counts) {
      counts.push_back(node);
    }
  }
  spread(readers, std::move(analog), SignalKind::Analog, kinds);
  for (size_t i = 0; i < nodes.size(); ++i) {
    bool addsUp = !nodes[i].own && nodes[i].sources.size() > 1;
    if (addsUp && kinds[i] == SignalKind::Spikes) {
      kinds[i] = SignalKind::Counts;
      counts.push_back(static_cast<int32_t>(i));
    }
  }
  spread(readers, std::move(counts), SignalKind::Counts, kinds);
  return kinds;
}

SignalKind firingKind(const NeuronRule &rule, Timing timing) {
  bool several = timing == Timing::Events || rule.spikesPerStep == SpikesPerStep::Multi;
  return several ? SignalKind::Counts : SignalKind::Spikes;
}

static bool fires(const Node &node) {
  return node.as<IF>() || node.as<LIF>() || node.as<CubaLIF>();
}

/// What a node that does not pass its input on makes of it.
static SignalKind kindOf(const Node &node, const Semantics &semantics) {
  return fires(node)            ? firingKind(semantics[familyOf(node)], semantics.timing)
         : node.as<Threshold>() ? SignalKind::Spikes
                                : SignalKind::Analog;
}

/// Whether the node passes on what reaches it, number by number.
static bool passesOn(const FlatGraph &flat, int32_t index) {
  const Node &node = *flat.nodes[index].node;
  return !flat.isEntry(index) &&
         (node.as<Flatten>() || node.as<Delay>() || node.as<Input>() || node.as<Output>());
}

std::vector<SignalKind> signalKinds(const FlatGraph &flat, const Semantics &semantics) {
  std::vector<KindNode> nodes(flat.nodes.size());
  for (size_t i = 0; i < nodes.size(); ++i) {
    auto node = static_cast<int32_t>(i);
    if (!passesOn(flat, node)) {
      nodes[i].own = kindOf(*flat.nodes[i].node, semantics);
      continue;
    }
    for (int32_t edge : flat.incoming(node)) {
      nodes[i].sources.push_back(flat.edges[edge].source);
    }
  }
  return signalKinds(nodes);
}

std::vector<std::string> observables(bool fires, SignalKind kind,
                                     const std::vector<std::string> &states) {
  std::vector<std::string> names;
  if (!fires) {
    names.emplace_back("value");
  }
  if (kind != SignalKind::Analog) {
    names.emplace_back("spikes");
  }
  names.insert(names.end(), states.begin(), states.end());
  return names;
}

std::vector<std::string> observables(const Node &node, SignalKind kind) {
  std::vector<std::string> states;
  if (isNeuron(node)) {
    states.emplace_back("v");
  }
  if (node.as<CubaLI>() || node.as<CubaLIF>()) {
    states.emplace_back("i");
  }
  return observables(fires(node), kind, states);
}

} // namespace nir
