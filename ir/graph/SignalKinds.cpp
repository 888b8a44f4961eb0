//===- SignalKinds.cpp - which signals are spikes -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/graph/SignalKinds.h"

namespace nir {

/// What a node turns its input into; nodes that pass it on are not asked.
static SignalKind kindOf(const Node &node, const Semantics &semantics) {
  auto ofFamily = [&](Family family) {
    bool several = semantics.timing == Timing::Events ||
                   semantics[family].spikesPerStep == SpikesPerStep::Multi;
    return several ? SignalKind::Counts : SignalKind::Spikes;
  };
  return node.as<IF>()          ? ofFamily(Family::IF)
         : node.as<LIF>()       ? ofFamily(Family::LIF)
         : node.as<CubaLIF>()   ? ofFamily(Family::CubaLIF)
         : node.as<Threshold>() ? SignalKind::Spikes
                                : SignalKind::Analog;
}

/// Whether the node passes on what reaches it, number by number.
static bool passesOn(const FlatGraph &flat, int32_t index) {
  const Node &node = *flat.nodes[index].node;
  return !flat.isEntry(index) &&
         (node.as<Flatten>() || node.as<Delay>() || node.as<Input>() || node.as<Output>());
}

/// Gives `kind` to all nodes that pass on something that reaches them from `from`.
static void spread(const FlatGraph &flat, std::vector<int32_t> from, SignalKind kind,
                   std::vector<SignalKind> &kinds) {
  while (!from.empty()) {
    int32_t node = from.back();
    from.pop_back();
    for (int32_t edge : flat.outgoing(node)) {
      int32_t target = flat.edges[edge].target;
      if (passesOn(flat, target) && kinds[target] == SignalKind::Spikes) {
        kinds[target] = kind;
        from.push_back(target);
      }
    }
  }
}

std::vector<SignalKind> signalKinds(const FlatGraph &flat, const Semantics &semantics) {
  std::vector<SignalKind> kinds(flat.nodes.size(), SignalKind::Spikes);
  std::vector<int32_t> analog, counts;
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    auto node = static_cast<int32_t>(i);
    if (!passesOn(flat, node)) {
      kinds[i] = kindOf(*flat.nodes[i].node, semantics);
    } else if (flat.incoming(node).empty()) {
      kinds[i] = SignalKind::Analog;
    }
    if (kinds[i] == SignalKind::Analog) {
      analog.push_back(node);
    } else if (kinds[i] == SignalKind::Counts) {
      counts.push_back(node);
    }
  }
  spread(flat, std::move(analog), SignalKind::Analog, kinds);
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    auto node = static_cast<int32_t>(i);
    if (kinds[i] == SignalKind::Spikes && passesOn(flat, node) && flat.incoming(node).size() > 1) {
      kinds[i] = SignalKind::Counts;
      counts.push_back(node);
    }
  }
  spread(flat, std::move(counts), SignalKind::Counts, kinds);
  return kinds;
}

std::vector<std::string> observables(const Node &node, SignalKind kind) {
  bool fires = node.as<IF>() || node.as<LIF>() || node.as<CubaLIF>();
  bool hasCurrent = node.as<CubaLI>() || node.as<CubaLIF>();
  std::vector<std::string> names;
  if (!fires) {
    names.emplace_back("value");
  }
  if (kind != SignalKind::Analog) {
    names.emplace_back("spikes");
  }
  if (fires || hasCurrent || node.as<I>() || node.as<LI>()) {
    names.emplace_back("v");
  }
  if (hasCurrent) {
    names.emplace_back("i");
  }
  return names;
}

} // namespace nir
