//===- LowerSparse.cpp - columns without their zeros ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// A matrix of mostly zeros: of each column its entries that are not, as their outputs and their
// weights. An entry is added to one sum, which is in the first-level cache.

#include "backends/cpu/lower/Compact.h"
#include "backends/cpu/lower/LowerDense.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include <algorithm>
#include <numeric>

using namespace mlir;
using namespace nirc::cpu;

nir::DType nirc::cpu::indexTypeOf(const Matrix &matrix, const LowerOptions &options) {
  if (options.compact && matrix.outputs <= int64_t(1) << 8) {
    return nir::DType::U8;
  }
  return matrix.outputs <= int64_t(1) << 16 ? nir::DType::U16 : nir::DType::I32;
}

std::vector<int64_t> nirc::cpu::firstEntries(ArrayRef<int64_t> entries) {
  std::vector<int64_t> first(entries.size() + 1);
  std::partial_sum(entries.begin(), entries.end(), first.begin() + 1);
  return first;
}

nir::DType nirc::cpu::startTypeOf(const LowerOptions &options, int64_t entries) {
  return !options.compact               ? nir::DType::I64
         : entries < (int64_t(1) << 16) ? nir::DType::U16
                                        : nir::DType::I32;
}

Value nirc::cpu::startsOf(Emitter &emit, ArrayRef<int64_t> first) {
  nir::DType type = startTypeOf(emit.options, first.back());
  if (type == nir::DType::U16) {
    return emit.parameter(type, std::ssize(first), [&](char *to) {
      llvm::transform(first, reinterpret_cast<uint16_t *>(to),
                      [](int64_t at) { return static_cast<uint16_t>(at); });
    });
  }
  if (type == nir::DType::I32) {
    return emit.parameter(type, std::ssize(first), [&](char *to) {
      llvm::transform(first, reinterpret_cast<int32_t *>(to),
                      [](int64_t at) { return static_cast<int32_t>(at); });
    });
  }
  return emit.parameter(nir::DType::I64, std::ssize(first), [&](char *to) {
    std::copy(first.begin(), first.end(), reinterpret_cast<int64_t *>(to));
  });
}

namespace {

/// The columns of a matrix without their zeros: the entries of column j are [start[j], start[j +
/// 1]).
class SparseColumns {
public:
  SparseColumns(Emitter &emit, snn::DenseOp op, const DensePlan &plan);
  void emitAll();

private:
  Value startOf(Value column) { return emit.loadUnsignedIndex(starts, column); }
  void add(Value weight, Value output);
  void addEntry(Value entry, Value factor);
  SmallVector<Value> outputsFrom(Value first, int64_t count);
  SmallVector<Value> weightsFrom(Value first, int64_t count);
  void addColumn(Value column, Value next);

  Emitter &emit;
  snn::DenseOp op;
  Matrix matrix;
  Terms terms;
  Value starts, outputs, weights, result;
};

} // namespace

SparseColumns::SparseColumns(Emitter &emit, snn::DenseOp op, const DensePlan &plan)
    : emit(emit), op(op), matrix(op), terms(emit, op.getSignal()) {
  Numbers weight = emit.numbers(op.getWeight());
  std::vector<int64_t> next = firstEntries(plan.entries);
  int64_t count = next.back();
  starts = startsOf(emit, next);
  nir::DType stored = emit.storedType(weight), index = indexTypeOf(matrix, emit.options);
  int64_t room = std::max<int64_t>(count, 1);
  char *outputBytes = nullptr;
  outputs = emit.parameter(index, room, [&](char *to) { outputBytes = to; });
  weights = emit.parameter(stored, room, [&](char *to) {
    if (count > 0) {
      weight.compressColumns(stored, to, index, outputBytes, matrix.outputs, matrix.inputs, next);
    }
  });
}

void SparseColumns::add(Value weight, Value output) {
  emit.store(emit.add(emit.loadNumber(result, output), weight), result, output);
}

void SparseColumns::addEntry(Value entry, Value factor) {
  Value output = emit.loadUnsignedIndex(outputs, entry);
  add(terms.term(emit.loadNumber(weights, entry), factor), output);
}

/// The outputs of entries, of which words are loaded, and taken apart in registers. All machines
/// whose vectors are counted on have the first in the lowest bits.
SmallVector<Value> SparseColumns::outputsFrom(Value first, int64_t count) {
  OpBuilder &b = emit.builder;
  Location loc = op.getLoc();
  Type index = cast<MemRefType>(outputs.getType()).getElementType(), word = b.getI64Type();
  unsigned width = index.getIntOrFloatBitWidth();
  SmallVector<Value> all;
  for (int64_t perWord = 64 / width, at = 0; at < count; at += perWord) {
    Value lanes = emit.loadLanes(outputs, emit.add(first, emit.index(at)), perWord);
    Value bits = vector::BitCastOp::create(b, loc, VectorType::get({1}, word), lanes);
    bits = emit.inRegister(vector::ExtractOp::create(b, loc, bits, ArrayRef<int64_t>{0}));
    for (int64_t i = 0; i < perWord; ++i) {
      Value shifted = arith::ShRUIOp::create(b, loc, bits, emit.integer(i * width, 64));
      Value output = arith::TruncIOp::create(b, loc, index, shifted);
      all.push_back(arith::IndexCastUIOp::create(b, loc, b.getIndexType(), output));
    }
  }
  return all;
}

/// The weights of entries, of which vectors of floats are loaded: as many as 16 bytes hold.
SmallVector<Value> SparseColumns::weightsFrom(Value first, int64_t count) {
  int64_t width = emit.isInteger() ? 1 : 128 / emit.element.getIntOrFloatBitWidth();
  SmallVector<Value> all;
  for (int64_t at = 0; at < count; at += width) {
    Value lanes = emit.loadNumberLanes(weights, emit.add(first, emit.index(at)), width);
    if (width > 1 && emit.options.vectorBits == 512) { // elsewhere the compiler loads each alone
      lanes = emit.inRegister(lanes);
    }
    for (int64_t i = 0; i < width; ++i) {
      all.push_back(width == 1 ? lanes
                               : vector::ExtractOp::create(emit.builder, op.getLoc(), lanes,
                                                           ArrayRef<int64_t>{i}));
    }
  }
  return all;
}

/// Columns are short and lie anywhere: while one is added the next is asked for, at the same pace.
/// A core loads fewer numbers in a cycle than it does anything else with them, and each entry has
/// three, its output, its weight and the sum: outputs and weights are therefore loaded several at a
/// time.
void SparseColumns::addColumn(Value column, Value next) {
  constexpr int64_t entries = 16; // a cache line of weights
  Value factor = terms.factor(column, 1);
  Value from = startOf(column), to = startOf(emit.add(column, emit.index(1)));
  Value ahead = emit.sub(startOf(next), from);
  Value whole = emit.sub(to, emit.rem(emit.sub(to, from), emit.index(entries)));
  emit.loop(from, whole, entries, [&](Value first) {
    Value later = emit.add(first, ahead);
    emit.prefetch(weights, later);
    emit.prefetch(outputs, later);
    for (auto [weight, output] :
         llvm::zip(weightsFrom(first, entries), outputsFrom(first, entries))) {
      add(terms.term(weight, factor), output);
    }
  });
  emit.loop(whole, to, [&](Value entry) { addEntry(entry, factor); });
}

void SparseColumns::emitAll() {
  result = emit.array(op.getResult());
  startFromBias(emit, result, biasArray(emit, op, matrix.outputs), emit.index(0),
                emit.index(matrix.outputs));
  if (emit.lanes == 1) {
    forEachEvent(emit, op.getSignal(), [&](Value event) {
      Value factor = terms.factor(event, 1);
      emit.loop(startOf(event), startOf(emit.add(event, emit.index(1))),
                [&](Value entry) { addEntry(entry, factor); });
    });
    return;
  }
  const Events &events = *emit.signal(op.getSignal()).events;
  emit.forEachEventGroup(events, matrix.inputs, 1, [&](ArrayRef<Value> one, ArrayRef<Value> after) {
    addColumn(one[0], after[0]);
  });
}

void nirc::cpu::emitSparse(Emitter &emit, snn::DenseOp op, const DensePlan &plan) {
  SparseColumns(emit, op, plan).emitAll();
}
