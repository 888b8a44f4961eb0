//===- InterpreterNetwork.h - the inside of the interpreter -----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/reference/steps/Interpreter.h"
#include "backends/reference/steps/InterpreterUnits.h"
#include "ir/graph/FlatGraph.h"
#include "ir/graph/Schedule.h"
#include "ir/graph/SignalKinds.h"

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace nir {

/// The shapes of a graph that can be run in steps of dt, or why it cannot.
Result<Checked> checkForRun(const Graph &graph, double dtSeconds);
/// What all signals take must fit in memory, in float64 as in float32.
Status checkSize(const FlatGraph &flat, const std::vector<const NodeShapes *> &shapes);

/// A graph made ready to run: a unit for each node, and the order of a step.
template <typename Number>
struct BasicInterpreter<Number>::Network {
  Graph graph; ///< a copy, which `flat` points into; its tensors are shared
  FlatGraph flat;
  std::vector<SignalKind> kinds;
  std::vector<Shape> shapes; ///< of what each node passes on
  std::vector<std::unique_ptr<Unit<Number>>> units;
  std::vector<bool> opaque;         ///< Delays that are evaluated without their input
  std::vector<int32_t> order;       ///< of a step
  std::vector<int32_t> silentOrder; ///< of the stateless nodes, to find their silent values
  bool startsSilent = true;         ///< whether step 0 finds these values, or zeros
  /// By edge, what those feedback edges carry in this step whose source has its next value before
  /// the target takes its inputs: into opaque nodes, which come last, and where several edges of
  /// one cycle are late.
  std::unordered_map<int32_t, std::vector<Number>> held;

  /// Sums what reaches the node, in the order of the edges, into its unit's `input`.
  void gather(int32_t node);
  const std::vector<Number> &carriedBy(int32_t edge) const;
  void reset();
  void step();

  /// The numbers of an observable that the node has.
  const std::vector<Number> &values(int32_t node, std::string_view observable) const;
};

} // namespace nir
