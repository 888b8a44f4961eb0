//===- Lane.h - one network in execution, watched ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/choices/Semantics.h"
#include "ir/graph/Graph.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace nirc::web {

/// One quantity of one node: "spikes", "value", or a state.
struct Quantity {
  std::string node, observable, kind; ///< kind: "LIF"
  nir::Shape shape;
  int64_t elements = 0;
};

/// A network under one semantics, stepped by the reference interpreter in float32 or float64. Every
/// number is read as a double, which holds both exactly.
struct Lane {
  virtual ~Lane() = default;
  virtual nir::Status drive(const std::string &input, std::span<const double> values) = 0;
  virtual void step() = 0;
  /// In the order in which a step visits the nodes; of each first what it passes on.
  virtual const std::vector<Quantity> &quantities() const = 0;
  /// Of the last step.
  virtual void read(size_t quantity, std::vector<double> &values) const = 0;
};

/// The graph has ports and passed `nir::check`; its times are in seconds.
nir::Result<std::unique_ptr<Lane>> makeLane(const nir::Graph &graph,
                                            const nir::Semantics &semantics, nir::DType dtype);

} // namespace nirc::web
