//===- SignalKinds.h - where spikes flow ------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/choices/Semantics.h"
#include "ir/graph/FlatGraph.h"

#include <string>
#include <vector>

namespace nir {

enum class SignalKind {
  Analog, ///< any number
  Spikes, ///< 0 or 1
  Counts, ///< spikes added up: whole numbers
};

/// The kind of signal that each node passes on. IF, LIF, CubaLIF and Threshold make spikes;
/// Flatten, Delay, Output and the ports of subgraphs pass on spikes where nothing but spikes
/// reaches them, counts where several edges add up; all else, and an Input of the outermost graph,
/// is analog.
/// A neuron passes on counts where its rule lets it spike several times in a step.
std::vector<SignalKind> signalKinds(const FlatGraph &flat, const Semantics &semantics);

/// What can be recorded of a node that passes on `kind`: "spikes" of a neuron that fires, "value"
/// of any other node, "spikes" as well where these are what it passes on; then its states.
std::vector<std::string> observables(const Node &node, SignalKind kind);

} // namespace nir
