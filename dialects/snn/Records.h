//===- Records.h - what a network can record --------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// What a record means: the only place where a node and an observable are looked up in a network.

#pragma once

#include "dialects/snn/Snn.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace snn {

/// A state of a population.
struct State {
  PopulationOp population;
  unsigned index; ///< among the population's states

  llvm::StringRef name();
  /// The shape of the result, with what the numbers stand for in a network of i32.
  mlir::RankedTensorType type();
};

/// The states of a population, in their order.
std::vector<State> statesOf(PopulationOp population);
/// The state `name` of the population `node`.
std::optional<State> findState(NetworkOp network, llvm::StringRef node, llvm::StringRef name);
/// The state that a record without a signal keeps; none where the network has no such state.
std::optional<State> stateOf(RecordOp record);

/// What the node passes on: the result of the last op that was made for it, or null.
mlir::Value resultOf(NetworkOp network, llvm::StringRef node);

/// Says of a population that it passes on the spikes of the next step: what its node is worth is
/// that, a step later.
void markAhead(PopulationOp population);
bool isAhead(PopulationOp population);
/// "spikes" or "value", as what carries that type is recorded.
llvm::StringRef observableOf(mlir::Type signal);

/// What can be recorded of each node: its states, then what it passes on.
std::map<std::string, std::vector<std::string>> observables(NetworkOp network);

} // namespace snn
