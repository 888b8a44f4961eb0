//===- EventNetwork.h - a graph made ready for events -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/reference/steps/InterpreterUnits.h"
#include "ir/graph/FlatGraph.h"
#include "ir/graph/SignalKinds.h"

#include <memory>
#include <vector>

namespace nir {

/// What does not change in an event-driven run: the nodes, and the functions of the stateless ones.
struct EventNetwork {
  /// Refuses what `check` refuses, and what docs/semantics.md, "Exact", gives no meaning to.
  static Result<std::unique_ptr<EventNetwork>> of(const Graph &graph, const Semantics &semantics);

  Graph graph; ///< a copy, which `flat` points into; its tensors are shared
  FlatGraph flat;
  double dtSeconds = 0.0;
  std::vector<SignalKind> kinds;
  std::vector<NodeShapes> shapes;
  /// Of each stateless node: `held` with its bias, for what is held; `linear` without, for impulses
  /// between the starts of steps, and null where there is no bias.
  std::vector<std::unique_ptr<Unit<double>>> held, linear;
  /// The nodes that pass on what reaches them at once, sources before targets: the stateless ones,
  /// and a Delay with an element of 0 seconds.
  std::vector<int32_t> order;
  std::vector<bool> isContinuous; ///< v of an I, LI or CubaLI is in what the node passes on
};

} // namespace nir
