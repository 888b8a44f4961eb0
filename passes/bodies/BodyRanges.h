//===- BodyRanges.h - the integers of a population's body -------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// What the values of a body can be, and how many bits each needs. The rules of the ops are MLIR's
// (InferIntRangeInterface, on which IntegerRangeAnalysis runs). A body is one block without
// branches, so that a walk along its values is all of the analysis. Three things MLIR has not, and
// they are here: that nothing overflowed on the way to a value, what the condition of a select says
// of its arms, and that a shift which rounds toward zero is a division.

#pragma once

#include "dialects/snn/Snn.h"
#include "passes/bodies/Interval.h"

#include "mlir/Interfaces/InferIntRangeInterface.h"

#include <optional>
#include <vector>

namespace nirc {

/// Ranges over all neurons and all steps, for inputs and states of which each is within the range
/// of its type. Of a population of a network of i32, which outlives this object and stays as it is.
class BodyRanges {
public:
  explicit BodyRanges(snn::PopulationOp op) : op(op) {}

  /// All that the value can be, as a whole number without end: nothing where it or a value on the
  /// way to it may overflow its type, or no rule is known.
  std::optional<Interval> of(mlir::Value value);
  /// All that the integer can be, also where it or a value on the way to it wraps.
  Interval boundsOf(mlir::Value value);
  /// Bits of a signed integer that holds all that the value can be, also where it wraps: what a
  /// wire or a register for it needs. At most those of its type.
  int bitsOf(mlir::Value value) { return neededBits(boundsOf(value)); }

  /// The value without casts that change no number.
  mlir::Value bare(mlir::Value value);
  /// The number, for each neuron, of a constant or a parameter.
  std::optional<std::vector<int64_t>> constantOf(mlir::Value value);
  /// Whether the value is this number, for every neuron.
  bool isConstant(mlir::Value value, int64_t number);
  /// y and k where the value is y / 2^k, rounded toward zero, in the form that `quantize` writes:
  /// (y + ((y >> bits - 1) & 2^k - 1)) >> k.
  struct Share {
    mlir::Value of;
    int shift;
  };
  std::optional<Share> shareOf(mlir::Value value);

protected:
  size_t neurons() { return static_cast<size_t>(snn::elementsOf(op.getType())); }

private:
  struct Known {
    mlir::ConstantIntRanges range; ///< of no bits where the value is not an integer
    bool isExact = false;          ///< no value on the way to it overflows
  };
  using Range = std::optional<mlir::ConstantIntRanges>; ///< nothing: this cannot happen
  using Lookup = llvm::function_ref<Range(mlir::Value)>;

  const Known &know(mlir::Value value);
  Known ofArgument(mlir::BlockArgument argument);
  bool isExact(mlir::Operation *def, const mlir::ConstantIntRanges &range);
  Range ofOperation(mlir::Operation *def, Lookup operand, int depth);
  Range ofSelect(mlir::Operation *def, Lookup operand, int depth);
  Range under(mlir::Value value, mlir::Value x, const mlir::ConstantIntRanges &range,
              Lookup otherwise, int depth);

  snn::PopulationOp op;
  llvm::DenseMap<mlir::Value, Known> known;
};

} // namespace nirc
