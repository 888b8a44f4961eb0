//===- InterpreterNetwork.h - the inside of the interpreter -----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/FlatGraph.h"
#include "ir/Interpreter.h"
#include "ir/InterpreterUnits.h"
#include "ir/Schedule.h"
#include "ir/SignalKinds.h"

#include <memory>
#include <string>
#include <vector>

namespace nir {

/// A graph made ready to run: a unit for each node, and the order of a step.
struct Interpreter::Network {
  Graph graph; ///< a copy, which `flat` points into; its tensors are shared
  FlatGraph flat;
  std::vector<SignalKind> kinds;
  std::vector<Shape> shapes; ///< of what each node passes on
  std::vector<std::unique_ptr<Unit>> units;
  std::vector<bool> opaque;         ///< Delays that are evaluated without their input
  std::vector<int32_t> order;       ///< of a step
  std::vector<int32_t> silentOrder; ///< of the stateless nodes, to find their silent values
  bool startsSilent = true;         ///< whether step 0 finds these values, or zeros

  /// Sums what reaches the node, in the order of the edges, into its unit's `input`.
  void gather(int32_t node);
  void reset();
  void step();

  /// What can be observed of a node: "value" or "spikes", and states.
  std::vector<std::string> observables(int32_t node) const;
  /// The node at `path` if it has `observable`; the error lists what can be observed.
  Result<int32_t> find(std::string_view path, std::string_view observable) const;
  /// The numbers of an observable that the node has.
  const std::vector<double> &values(int32_t node, std::string_view observable) const;
};

} // namespace nir
