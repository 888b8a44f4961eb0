//===- SignalKinds.h - where spikes flow ------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/choices/Semantics.h"
#include "ir/graph/FlatGraph.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nir {

enum class SignalKind {
  Analog, ///< any number
  Spikes, ///< 0 or 1
  Counts, ///< spikes added up: whole numbers
};

/// A node as the rule below sees it. Whoever has a graph of its own kind describes it so.
struct KindNode {
  /// What the node makes of whatever reaches it; none: it passes on what reaches it, number by
  /// number, as Flatten, Delay, Output and the ports of subgraphs do.
  std::optional<SignalKind> own;
  std::vector<int32_t> sources; ///< of a node that passes on: where its edges start, by index
};

/// The kind of signal that each node passes on. This is the only place where it is inferred: a node
/// that passes on has spikes where nothing but spikes reaches it, counts where several edges add
/// up, and is analog where anything else, or nothing, reaches it. Linear in the size of the graph.
std::vector<SignalKind> signalKinds(const std::vector<KindNode> &nodes);

/// What a neuron that fires passes on: counts where its rule lets it spike several times in a step.
SignalKind firingKind(const NeuronRule &rule, Timing timing);

/// The same of a graph. IF, LIF, CubaLIF and Threshold make spikes; all that does not pass on, and
/// an Input of the outermost graph, is analog.
std::vector<SignalKind> signalKinds(const FlatGraph &flat, const Semantics &semantics);

/// What can be recorded of a node that passes on `kind`: "spikes" of a neuron that fires, "value"
/// of any other node, "spikes" as well where these are what it passes on; then its states.
std::vector<std::string> observables(bool fires, SignalKind kind,
                                     const std::vector<std::string> &states);
/// The same of a node of a graph, with v before i.
std::vector<std::string> observables(const Node &node, SignalKind kind);

} // namespace nir
