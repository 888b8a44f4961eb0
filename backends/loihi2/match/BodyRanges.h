//===- BodyRanges.h - the numbers of a neuron's body ------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "dialects/snn/Snn.h"
#include "passes/bodies/Interval.h"

#include <optional>
#include <vector>

namespace nirc::loihi2 {

/// What the values of a population's body can be, and the forms in which `quantize` writes Loihi's
/// arithmetic. A value whose range is known overflows nowhere on the way to it.
class BodyRanges {
public:
  explicit BodyRanges(snn::PopulationOp op) : op(op) {}

  /// All that the value can be; nothing where it may overflow its type, or no rule is known.
  std::optional<Interval> of(mlir::Value value);
  /// The value without casts that change no number.
  mlir::Value bare(mlir::Value value);
  /// The number, for each neuron, of a constant or a parameter.
  std::optional<std::vector<int64_t>> constantOf(mlir::Value value);
  /// k, for each neuron, where the value is `state` k / 4096, rounded toward zero.
  std::optional<std::vector<int64_t>> decayOf(mlir::Value value, mlir::Value state);
  /// x where the value is x, less 2^24 where it is more than 2^23, and more by 2^24 where it is
  /// -2^23 or less. Else null.
  mlir::Value wrappedBy(mlir::Value value);

private:
  std::optional<Interval> compute(mlir::Value value);
  std::optional<Interval> ofOperation(mlir::Operation *def);
  std::optional<Interval> ofDecay(mlir::Value value);
  bool isConstant(mlir::Value value, int64_t number);

  snn::PopulationOp op;
  llvm::DenseMap<mlir::Value, std::optional<Interval>> known;
};

} // namespace nirc::loihi2
