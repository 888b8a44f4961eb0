//===- LowerRescale.cpp - functions that bring integers into a scale ------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// y = x m / 2^shift, rounded and brought into a range, as dialects/snn/Connections.td says. The
// range of x is known, so that where the product and what rounding adds fit in 32 bits they are
// computed there: twice as many lanes to a vector, and machines without vectors of 64 bits have
// those of 32.

#include "backends/cpu/lower/Compact.h"

using namespace mlir;
using namespace nirc::cpu;

namespace {

/// The arithmetic of one op, over scalars or lanes.
class Rescaling {
public:
  Rescaling(Emitter &emit, snn::RescaleOp op);
  /// Of an element x, an i32, and its multiplier.
  Value of(Value x, Value multiplier);

private:
  Value constant(int64_t value) { return emit.splat(emit.integer(value, bits)); }
  Value shifted(Value x, Value by) {
    return arith::ShRSIOp::create(emit.builder, op.getLoc(), x, by);
  }
  int64_t size() const { return range.most - range.least + 1; }
  Value rounded(Value product);
  Value bounded(Value y);
  Value wrapped(Value y);
  Value wrappedOnce(Value y);
  Value narrowed(Value y);

  Emitter &emit;
  snn::RescaleOp op;
  int64_t shift;
  snn::IntegerRange range; ///< of the result
  unsigned storageBits;    ///< of its type
  unsigned bits = 64;      ///< in which it is computed
};

} // namespace

static int64_t magnitude(snn::IntegerRange range) {
  return std::max(std::abs(range.least), std::abs(range.most));
}

static unsigned storageBitsOf(Type signal) {
  auto element = cast<quant::QuantizedType>(cast<RankedTensorType>(signal).getElementType());
  return element.getStorageTypeIntegralWidth();
}

Rescaling::Rescaling(Emitter &emit, snn::RescaleOp op)
    : emit(emit), op(op), shift(static_cast<int64_t>(op.getShift())),
      range(snn::integerRange(op.getType())), storageBits(storageBitsOf(op.getType())) {
  int64_t largest = 0;
  for (int64_t m : op.getMultiplier()) {
    largest = std::max(largest, std::abs(m));
  }
  int64_t product = magnitude(snn::integerRange(op.getSignal().getType())) * largest;
  // Rounding adds less than 2^shift, and an overflow that wraps once takes or adds the range's
  // size.
  constexpr int64_t most = std::numeric_limits<int32_t>::max();
  bool isSmall = shift < 31 && product + (int64_t(1) << shift) <= most;
  if (isSmall &&
      (op.getOverflow() != snn::Overflow::WrapLoihi || (product >> shift) + 1 + size() <= most)) {
    bits = 32;
  }
}

Value Rescaling::rounded(Value product) {
  if (shift == 0) {
    return product;
  }
  Value by = constant(shift);
  switch (op.getRounding()) {
  case snn::Rounding::Floor:
    return shifted(product, by);
  case snn::Rounding::TowardZero: { // 2^shift - 1 more where it is negative
    Value sign = shifted(product, constant(bits - 1));
    Value more = emit.both(sign, constant((int64_t(1) << shift) - 1));
    return shifted(emit.add(product, more), by);
  }
  case snn::Rounding::NearestEven: { // one less than half more, and one where the result is odd
    Value odd = emit.both(shifted(product, by), constant(1));
    Value more = emit.add(odd, constant((int64_t(1) << (shift - 1)) - 1));
    return shifted(emit.add(product, more), by);
  }
  }
  llvm_unreachable("all roundings are dealt with");
}

Value Rescaling::narrowed(Value y) {
  return bits == 32 ? y
                    : arith::TruncIOp::create(emit.builder, op.getLoc(),
                                              emit.wide(emit.builder.getI32Type()), y)
                          .getResult();
}

/// The lowest storageBits with their sign.
Value Rescaling::wrapped(Value y) {
  Value low = narrowed(y);
  if (storageBits == 32) {
    return low;
  }
  Value by = emit.splat(emit.integer(32 - storageBits, 32));
  return shifted(arith::ShLIOp::create(emit.builder, op.getLoc(), low, by), by);
}

/// By the size of the range, 2^bits: Loihi's goes up to 2^(bits-1), which takes a type of one more.
Value Rescaling::wrappedOnce(Value y) {
  Value whole = constant(size());
  Value above = emit.compare(arith::CmpIPredicate::sgt, y, constant(range.most));
  Value below = emit.compare(arith::CmpIPredicate::slt, y, constant(range.least));
  Value more = emit.pick(below, emit.add(y, whole), y);
  return narrowed(emit.pick(above, emit.sub(y, whole), more));
}

Value Rescaling::bounded(Value y) {
  switch (op.getOverflow()) {
  case snn::Overflow::Saturate:
    return narrowed(emit.max(emit.min(y, constant(range.most)), constant(range.least)));
  case snn::Overflow::Wrap:
    return wrapped(y);
  case snn::Overflow::WrapLoihi:
    return wrappedOnce(y);
  }
  llvm_unreachable("all overflows are dealt with");
}

Value Rescaling::of(Value x, Value multiplier) {
  if (bits == 64) {
    Type wide = emit.wide(emit.builder.getI64Type());
    x = arith::ExtSIOp::create(emit.builder, op.getLoc(), wide, x);
    multiplier = arith::ExtSIOp::create(emit.builder, op.getLoc(), wide, multiplier);
  }
  return bounded(rounded(emit.mul(x, multiplier)));
}

/// The multipliers of all elements, those of channels repeated, or in compact code of the channels;
/// null where all are the same.
static Value multipliersOf(Emitter &emit, snn::RescaleOp op) {
  ArrayRef<int32_t> multiplier = op.getMultiplier();
  if (llvm::all_equal(multiplier)) {
    return {};
  }
  if (emit.options.compact) {
    auto [least, most] = std::minmax_element(multiplier.begin(), multiplier.end());
    if (narrowest(*least, *most) == nir::DType::I32) {
      return emit.parameter(nir::DType::I32, std::ssize(multiplier), [&](char *to) {
        llvm::copy(multiplier, reinterpret_cast<int32_t *>(to));
      });
    }
    return emit.parameter(nir::DType::I16, std::ssize(multiplier), [&](char *to) {
      llvm::transform(multiplier, reinterpret_cast<int16_t *>(to),
                      [](int32_t m) { return static_cast<int16_t>(m); });
    });
  }
  int64_t elements = snn::elementsOf(op.getType());
  int64_t repeated = elements / static_cast<int64_t>(multiplier.size());
  int64_t capacity = emit.signal(op.getResult()).array->capacity;
  return emit.parameter(nir::DType::I32, capacity, [&](char *to) {
    for (int64_t i = 0; i < elements; ++i) {
      reinterpret_cast<int32_t *>(to)[i] = multiplier[i / repeated];
    }
  });
}

void nirc::cpu::emitRescale(Emitter &emit, snn::RescaleOp op) {
  Source signal(emit, op.getSignal());
  Value result = emit.array(op.getResult());
  Value multipliers = multipliersOf(emit, op);
  Value same = emit.splat(emit.integer(op.getMultiplier().front(), 32));
  Rescaling rescaling(emit, op);
  bool byChannel = multipliers && emit.options.compact;
  ArrayRef<int64_t> shape = snn::shapeOf(op.getType());
  forEachElement(emit, shape, byChannel, [&](Value i, Value channel) {
    Value multiplier =
        multipliers ? emit.loadNumberLanes(multipliers, byChannel ? channel : i) : same;
    emit.storeLanes(rescaling.of(signal.lanes(i), multiplier), result, i);
  });
}
