//===- SignalKinds.cpp - which signals are spikes -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/SignalKinds.h"

namespace nir {

static bool makesSpikes(const Node &node) {
  return node.as<IF>() || node.as<LIF>() || node.as<CubaLIF>() || node.as<Threshold>();
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

std::vector<SignalKind> signalKinds(const FlatGraph &flat) {
  std::vector<SignalKind> kinds(flat.nodes.size(), SignalKind::Spikes);
  std::vector<int32_t> analog, counts;
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    auto node = static_cast<int32_t>(i);
    bool isSilent = flat.incoming(node).empty();
    if (passesOn(flat, node) ? isSilent : !makesSpikes(*flat.nodes[i].node)) {
      kinds[i] = SignalKind::Analog;
      analog.push_back(node);
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

} // namespace nir
