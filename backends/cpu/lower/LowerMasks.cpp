//===- LowerMasks.cpp - sparse columns of bytes ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// A sparse column of bytes without its zeros, as masks: for each grain of 64 outputs a bit an
// output, and the weights of the bits that are set, one after the other. An instruction of AVX-512
// VBMI2 puts them in their lanes, so that a grain takes as long as a few scalar entries do, and an
// entry takes a byte and, at a density of a tenth, as much again for its part of the masks, where a
// list of outputs takes three. Columns are added in 16 bits first, as streams of bytes are.

#include "backends/cpu/lower/LowerDense.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace nirc::cpu;

namespace {

class Masks {
public:
  Masks(Emitter &emit, snn::DenseOp op, const DensePlan &plan);
  /// result += the columns.
  void addColumns(ArrayRef<Value> columns, ArrayRef<Value> after, Value result);

private:
  /// The weights of a grain in their lanes, of which those from `at` on come next.
  Value expanded(Value mask, Value at);
  Value countOf(Value mask);

  Emitter &emit;
  Location loc;
  int64_t grains; ///< of a column
  Value starts, masks, weights;
};

} // namespace

Masks::Masks(Emitter &emit, snn::DenseOp op, const DensePlan &plan) : emit(emit), loc(op.getLoc()) {
  Matrix matrix(op);
  Numbers weight = emit.numbers(op.getWeight());
  grains = static_cast<int64_t>(llvm::divideCeil(matrix.outputs, uint64_t(grain)));
  std::vector<int64_t> next = firstEntries(plan.entries);
  int64_t count = next.back();
  std::vector<int32_t> outputs(static_cast<size_t>(count));
  starts = startsOf(emit, next);
  // A grain is read whole, wherever it starts.
  weights = emit.parameter(nir::DType::I8, count + grain, [&](char *to) {
    weight.compressColumns(nir::DType::I8, to, nir::DType::I32,
                           reinterpret_cast<char *>(outputs.data()), matrix.outputs, matrix.inputs,
                           next);
  });
  masks = emit.parameter(nir::DType::I64, matrix.inputs * grains, [&](char *to) {
    auto *mask = reinterpret_cast<uint64_t *>(to);
    int64_t entry = 0;
    for (int64_t column = 0; column < matrix.inputs; ++column) {
      for (; entry < next[static_cast<size_t>(column)]; ++entry) { // which is now its end
        int32_t output = outputs[static_cast<size_t>(entry)];
        mask[column * grains + output / grain] |= uint64_t(1) << (output % grain);
      }
    }
  });
}

Value Masks::expanded(Value mask, Value at) {
  OpBuilder &b = emit.builder;
  Value bits = vector::FromElementsOp::create(b, loc, VectorType::get({1}, b.getI64Type()), mask);
  bits = vector::BitCastOp::create(b, loc, VectorType::get({grain}, b.getI1Type()), bits);
  // Of memory the instruction is microcode on AMD's processors, many times as slow.
  Value bytes = emit.inRegister(emit.loadLanes(weights, at, grain));
  Value zeros = arith::ConstantOp::create(b, loc, b.getZeroAttr(bytes.getType()));
  return LLVM::CallIntrinsicOp::create(b, loc, bytes.getType(),
                                       b.getStringAttr("llvm.x86.avx512.mask.expand.v64i8"),
                                       ValueRange{bytes, zeros, bits})
      .getResult(0);
}

Value Masks::countOf(Value mask) {
  return emit.cast(emit.builder.getIndexType(),
                   LLVM::CtPopOp::create(emit.builder, loc, mask.getType(), mask).getResult());
}

void Masks::addColumns(ArrayRef<Value> columns, ArrayRef<Value> after, Value result) {
  OpBuilder &b = emit.builder;
  auto wide = [&](Value value, Type type) {
    return arith::ExtSIOp::create(b, loc, emit.wide(type, grain), value);
  };
  Emitter::Values rows, first, ahead, rowsAhead;
  for (auto [column, next] : llvm::zip(columns, after)) {
    rows.push_back(emit.mul(column, emit.index(grains)));
    rowsAhead.push_back(emit.mul(next, emit.index(grains)));
    first.push_back(emit.loadIndex(starts, column));
    ahead.push_back(emit.sub(emit.loadIndex(starts, next), first.back()));
  }
  emit.loop(emit.index(0), emit.index(grains), 1, first, [&](Value g, ValueRange at) {
    Value sum;
    Emitter::Values next;
    for (auto [number, row] : llvm::enumerate(rows)) {
      Value mask = emit.load(masks, emit.add(row, g));
      Value weight = wide(expanded(mask, at[number]), b.getI16Type());
      sum = sum ? emit.add(sum, weight) : weight;
      next.push_back(emit.add(at[number], countOf(mask)));
      emit.prefetch(weights, emit.add(at[number], ahead[number]));
      emit.prefetch(masks, emit.add(rowsAhead[number], g));
    }
    Value o = emit.mul(g, emit.index(grain));
    Value before = emit.loadLanes(result, o, grain);
    emit.storeLanes(emit.add(before, wide(sum, b.getI32Type())), result, o);
    return next;
  });
}

void nirc::cpu::emitMasks(Emitter &emit, snn::DenseOp op, const DensePlan &plan) {
  Matrix matrix(op);
  Masks masks(emit, op, plan);
  Value result = emit.array(op.getResult());
  startFromBias(emit, result, biasArray(emit, op, matrix.outputs), emit.index(0),
                emit.index(matrix.outputs));
  constexpr int64_t together = 4;
  emit.forEachEventGroup(*emit.signal(op.getSignal()).events, matrix.inputs, together,
                         [&](ArrayRef<Value> columns, ArrayRef<Value> after) {
                           masks.addColumns(columns, after, result);
                         });
}
