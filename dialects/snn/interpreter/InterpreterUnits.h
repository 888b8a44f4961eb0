//===- InterpreterUnits.h - ops at work -------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// What the interpreter makes of an op. The arithmetic is that of the op's description, term by term
// and in its order: sums are left folds, so that float results are defined to the bit.

#pragma once

#include "dialects/snn/interpreter/Interpreter.h"

#include "llvm/ADT/DenseMap.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <type_traits>
#include <vector>

namespace snn {

/// a + b and a b. Of integers they wrap at 64 bits: in a network from outside sums need not stay in
/// the ranges that its types say, and what they come to is then wrong, but not undefined.
template <typename Number>
Number added(Number a, Number b) {
  if constexpr (std::is_integral_v<Number>) {
    return static_cast<Number>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
  } else {
    return a + b;
  }
}
template <typename Number>
Number multiplied(Number a, Number b) {
  if constexpr (std::is_integral_v<Number>) {
    return static_cast<Number>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
  } else {
    return a * b;
  }
}

/// An op at work.
template <typename Number>
class Unit {
public:
  explicit Unit(mlir::Operation *op);
  virtual ~Unit() = default;

  /// Sets `output`, and advances the states, in step `now`, counted from 0.
  virtual void evaluate(int64_t now) = 0;
  /// At the end of the step, when all signals are there.
  virtual void finish(int64_t now) {}

  /// Makes the states those before the first step.
  virtual void restart() {}

  /// All that steps change, a piece after the other, always in one order.
  virtual void visitMemory(const std::function<void(std::span<Number>)> &visit) {
    visit(output);
    visit(drive);
    for (std::vector<Number> &state : states) {
      visit(state);
    }
  }

  mlir::Operation *op;
  std::vector<const std::vector<Number> *> inputs; ///< the outputs of those that the op reads
  std::vector<Number> output;                      ///< empty for an op without a result
  std::vector<Number> drive; ///< of a population: u; of an input: what the next step has
  std::vector<std::vector<Number>> states; ///< of a population
};

template <typename Number>
using UnitOr = llvm::FailureOr<std::unique_ptr<Unit<Number>>>;

/// snn.dense, snn.conv, snn.pool. Null where the op is none of them, here and below.
template <typename Number>
UnitOr<Number> makeConnection(mlir::Operation *op);
/// snn.scale, snn.add, snn.rescale, snn.reshape, snn.delay.
template <typename Number>
UnitOr<Number> makeElementwise(mlir::Operation *op);
template <typename Number>
UnitOr<Number> makePopulation(PopulationOp op);

/// All elements, also where one stands for all, as T. Fails with a diagnostic at `op`, which calls
/// them `name`, where integers are expected and they are floats.
template <typename T>
llvm::FailureOr<std::vector<T>> numbersOf(mlir::Operation *op, llvm::StringRef name,
                                          mlir::ElementsAttr values);

/// All units, in the order of a step.
template <typename Number>
struct BasicInterpreter<Number>::Network {
  const Unit<Number> &unit(mlir::Operation *op) const { return *units[place.lookup(op)]; }

  std::vector<std::unique_ptr<Unit<Number>>> units;
  llvm::DenseMap<mlir::Operation *, size_t> place; ///< in `units`
  std::vector<size_t> inputs;                      ///< the units of snn.input
  int64_t now = 0;
};

} // namespace snn
