//===- LowerDense.h - what all forms of a matrix have in common -*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/cpu/lower/Emitter.h"

namespace nirc::cpu {

/// A matrix [out, in], or `matrices` of them along the diagonal of a larger one.
struct Matrix {
  explicit Matrix(snn::DenseOp op)
      : inputs(snn::shapeOf(op.getSignal().getType()).back()),
        outputs(snn::shapeOf(op.getType()).back()),
        matrices(snn::elementsOf(op.getType()) / outputs) {}
  int64_t inputs, outputs, matrices;
  int64_t allInputs() const { return inputs * matrices; }
  int64_t allOutputs() const { return outputs * matrices; }
};

/// What an event adds to an output: w, or w x where the signal is numbers.
class Terms {
public:
  Terms(Emitter &emit, mlir::Value signal)
      : emit(emit), values(snn::isSpikes(signal.getType()) ? mlir::Value() : emit.array(signal)) {}
  /// The event's x for `term`; null for a spike.
  mlir::Value factor(mlir::Value event, int64_t width) {
    return values ? emit.splat(emit.loadNumber(values, event), width) : mlir::Value();
  }
  mlir::Value term(mlir::Value weight, mlir::Value factor) {
    return factor ? emit.mul(weight, factor) : weight;
  }

private:
  Emitter &emit;
  mlir::Value values;
};

/// The array that sums start from: the bias, padded; null for zeros.
mlir::Value biasArray(Emitter &emit, snn::DenseOp op, int64_t elements);
/// result = bias over this part's outputs.
void startFromBias(Emitter &emit, mlir::Value result, mlir::Value bias, mlir::Value from,
                   mlir::Value to);
/// Where the entries of each column start that are not zero, and behind the last one's how many
/// there are. `entries`: how many each has.
std::vector<int64_t> firstEntries(llvm::ArrayRef<int64_t> entries);
/// The type of such numbers where there are `entries`.
nir::DType startTypeOf(const LowerOptions &options, int64_t entries);
/// The same as a parameter.
mlir::Value startsOf(Emitter &emit, llvm::ArrayRef<int64_t> first);

/// The type of an output's number in a list.
nir::DType indexTypeOf(const Matrix &matrix, const LowerOptions &options);
/// Sparse columns as lists, see LowerSparse.cpp.
void emitSparse(Emitter &emit, snn::DenseOp op, const DensePlan &plan);

/// Sparse columns of bytes as masks, see LowerMasks.cpp.
void emitMasks(Emitter &emit, snn::DenseOp op, const DensePlan &plan);

} // namespace nirc::cpu
