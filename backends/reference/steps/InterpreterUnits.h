//===- InterpreterUnits.h - nodes at work -----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// What the interpreter makes of a node. The arithmetic is that of docs/semantics.md, term by term
// and in its order; sums are left folds, so the results are defined to the bit. A run computes in
// one type, Number, which is float or double: parameters and coefficients are doubles until they
// are stored in a unit, and from there on every operation rounds to Number.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/choices/Semantics.h"
#include "ir/graph/Check.h"
#include "ir/graph/Graph.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace nir {

using MemoryVisitor = std::function<void(std::span<std::byte>)>;

/// A node at work. The network fills `input` with u, the sum of what reaches the node, before it
/// calls `evaluate`.
template <typename Number>
class Unit {
public:
  explicit Unit(const NodeShapes &shapes)
      : input(static_cast<size_t>(numElements(shapes.input))),
        output(static_cast<size_t>(numElements(shapes.output))) {}
  virtual ~Unit() = default;

  /// Advances the states by one step and sets `output`.
  virtual void evaluate() = 0;
  /// At the end of a step, for a node that `evaluate` does not read the input of: takes it.
  virtual void finish() {}
  /// States back to 0; the caller sees to `input` and `output`.
  virtual void reset() {}
  /// The state of that name ("v", "i"), or null.
  virtual const std::vector<Number> *state(std::string_view) const { return nullptr; }
  /// All that steps change, a piece after the other, always in one order.
  virtual void visitMemory(const MemoryVisitor &visit) {
    visit(std::as_writable_bytes(std::span(input)));
    visit(std::as_writable_bytes(std::span(output)));
  }

  std::vector<Number> input, output;
};

template <typename Number>
using UnitResult = Result<std::unique_ptr<Unit<Number>>>;

/// A node without a state.
template <typename Number>
std::unique_ptr<Unit<Number>> makeStateless(const Node &node, const NodeShapes &shapes);
/// I, IF, LI, LIF, CubaLI, CubaLIF. Refuses a neuron whose coefficients are not finite at this dt.
template <typename Number>
UnitResult<Number> makeNeuron(const Node &node, const NodeShapes &shapes,
                              const Semantics &semantics);
/// A Delay, as `delaySteps` (ir/graph/Schedule.h) of each element. `opaque`: it is evaluated
/// without its input, which `finish` takes. Refuses a delay too long to hold.
template <typename Number>
UnitResult<Number> makeDelay(const Delay &delay, const NodeShapes &shapes,
                             const Semantics &semantics, bool opaque);

/// A parameter as one double for each of `count` elements; a lone number holds for all.
std::vector<double> spread(const Tensor &parameter, size_t count);
/// What a unit stores of parameters and coefficients.
template <typename Number>
std::vector<Number> rounded(std::vector<double> values) {
  if constexpr (std::is_same_v<Number, double>) {
    return values;
  } else {
    return std::vector<Number>(values.begin(), values.end());
  }
}

} // namespace nir
