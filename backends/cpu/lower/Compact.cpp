//===- Compact.cpp - reading what takes little memory ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/lower/Compact.h"

#include "llvm/Support/MathExtras.h"

#include <set>

using namespace mlir;
using namespace nirc::cpu;

//===----------------------------------------------------------------------===//
// Bits
//===----------------------------------------------------------------------===//

static Value wordAt(Emitter &emit, Value at) { return emit.div(at, emit.index(32)); }

/// The place of the element in its word, as an i32.
static Value placeAt(Emitter &emit, Value at) {
  return emit.cast(emit.builder.getI32Type(), emit.rem(at, emit.index(32)));
}

Value nirc::cpu::bitAt(Emitter &emit, Value bits, Value at) {
  Value word = emit.load(bits, wordAt(emit, at));
  Value shifted = arith::ShRUIOp::create(emit.builder, word.getLoc(), word, placeAt(emit, at));
  return emit.both(shifted, emit.integer(1, 32));
}

void nirc::cpu::setBit(Emitter &emit, Value bits, Value at) {
  Value index = wordAt(emit, at), word = emit.load(bits, index);
  Value bit =
      arith::ShLIOp::create(emit.builder, word.getLoc(), emit.integer(1, 32), placeAt(emit, at));
  emit.store(arith::OrIOp::create(emit.builder, word.getLoc(), word, bit), bits, index);
}

void nirc::cpu::clearBits(Emitter &emit, const Slot &bits) {
  Value words = emit.array(bits), none = emit.integer(0, 32);
  emit.loop(bits.elements, [&](Value word) { emit.store(none, words, word); });
}

Value Source::lanes(Value at) {
  if (!isBits) {
    return emit->loadNumberLanes(array, at);
  }
  Value bit = bitAt(*emit, array, at);
  return emit->isInteger()
             ? bit
             : arith::UIToFPOp::create(emit->builder, bit.getLoc(), emit->element, bit).getResult();
}

void nirc::cpu::forEachEvent(Emitter &emit, Value value, Emitter::Body body) {
  const Signal &signal = emit.signal(value);
  int64_t elements = snn::elementsOf(value.getType());
  if (signal.events) {
    return emit.forEachEvent(*signal.events, elements, body);
  }
  if (!signal.bits) {
    Value array = emit.array(*signal.array);
    emit.loop(elements,
              [&](Value i) { emit.when(emit.isNonZero(emit.load(array, i)), [&] { body(i); }); });
    return;
  }
  Value words = emit.array(*signal.bits);
  emit.loop(signal.bits->elements, [&](Value word) {
    emit.forEachBit(emit.load(words, word), {}, [&](Value bit, ValueRange) {
      body(emit.flat(word, 32, bit));
      return Emitter::Values();
    });
  });
}

//===----------------------------------------------------------------------===//
// Numbers of elements
//===----------------------------------------------------------------------===//

ElementNumbers::ElementNumbers(Emitter &emit, const Numbers &numbers, ArrayRef<int64_t> shape,
                               int64_t capacity)
    : emit(emit) {
  bool isSame = numbers.size() == 1 || numbers.isSplat();
  if (isSame || (emit.options.compact && numbers.isUniformIn(1))) {
    uniform = emit.splat(emit.number(numbers[0]));
    return;
  }
  int64_t channels = shape.empty() ? 1 : shape.front(), positions = numbers.size() / channels;
  byChannel = emit.options.compact && positions > 1 && numbers.isUniformIn(channels);
  array = byChannel ? emit.parameter(numbers, channels, [&](int64_t c) { return c * positions; })
                    : emit.parameter(numbers, capacity,
                                     [&](int64_t i) { return i < numbers.size() ? i : -1; });
}

Value ElementNumbers::lanes(Value at, Value channel) const {
  return uniform ? uniform : emit.loadNumberLanes(array, byChannel ? channel : at);
}

void nirc::cpu::forEachElement(Emitter &emit, ArrayRef<int64_t> shape, bool byChannel,
                               llvm::function_ref<void(Value, Value)> body) {
  int64_t elements = 1;
  for (int64_t dim : shape) {
    elements *= dim;
  }
  if (!byChannel) {
    auto [from, to] = emit.range(elements);
    return emit.loop(from, to, emit.lanes, [&](Value i) { body(i, Value()); });
  }
  int64_t positions = elements / shape.front();
  emit.loop(shape.front(), [&](Value channel) {
    emit.loop(positions,
              [&](Value position) { body(emit.flat(channel, positions, position), channel); });
  });
}

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

namespace {
/// How numbers are packed: in `bits` bits each, 0 where they are not.
struct Packing {
  Packing(const Numbers &values, nir::DType element, int64_t rows, int64_t length);
  unsigned bits = 0;
  int64_t least = 0, step = 1;
};
} // namespace

static int64_t bytesOfRow(int64_t length, unsigned bits) {
  return static_cast<int64_t>(llvm::divideCeil(length * bits, 8U));
}

/// The numbers that there are, or more than 16 of them.
static std::set<int64_t> distinctOf(const Numbers &values) {
  constexpr size_t most = 16;
  std::set<int64_t> distinct;
  int64_t count = values.isSplat() ? 1 : values.size();
  for (int64_t i = 0; i < count && distinct.size() <= most; ++i) {
    distinct.insert(static_cast<int64_t>(values[i]));
  }
  return distinct;
}

Packing::Packing(const Numbers &values, nir::DType element, int64_t rows, int64_t length) {
  // Taking them apart takes some 20 bytes of code at each place that reads them.
  constexpr int64_t worthIt = 64;
  if (element != nir::DType::I32) {
    return;
  }
  std::set<int64_t> distinct = distinctOf(values);
  int64_t first = *distinct.begin(), last = *distinct.rbegin();
  bool isTwo = distinct.size() <= 2, isMany = distinct.size() > 16;
  unsigned needed = isTwo                                           ? 1
                    : isMany                                        ? 0
                    : llvm::isInt<2>(first) && llvm::isInt<2>(last) ? 2
                    : llvm::isInt<4>(first) && llvm::isInt<4>(last) ? 4
                                                                    : 0;
  int64_t plain = static_cast<int64_t>(nir::sizeOf(narrowest(first, last))) * rows * length;
  if (needed == 0 || plain - rows * bytesOfRow(length, needed) < worthIt) {
    return;
  }
  bits = needed;
  if (isTwo) {
    least = first;
    step = last - first;
  }
}

int64_t PackedRows::bytesOf(const Numbers &values, nir::DType element, int64_t rows,
                            int64_t length) {
  if (Packing packing(values, element, rows, length); packing.bits > 0) {
    return rows * bytesOfRow(length, packing.bits);
  }
  nir::DType stored = values.storedType(element);
  if (element == nir::DType::I32) {
    auto [least, most] = values.extremes();
    stored = narrowest(least, most);
  }
  return rows * length * static_cast<int64_t>(nir::sizeOf(stored));
}

PackedRows::PackedRows(Emitter &emit, const Numbers &values, int64_t rows, int64_t length,
                       llvm::function_ref<int64_t(int64_t, int64_t)> from)
    : emit(emit), length(length) {
  Packing packing(values, emit.numberType(), rows, length);
  bits = packing.bits;
  least = packing.least;
  step = packing.step;
  if (bits == 0) {
    array = emit.parameter(values, rows * length,
                           [&](int64_t i) { return from(i / length, i % length); });
    return;
  }
  int64_t pitch = bytesOfRow(length, bits);
  array = emit.parameter(nir::DType::U8, rows * pitch, [&](char *to) {
    for (int64_t row = 0; row < rows; ++row) {
      for (int64_t i = 0; i < length; ++i) {
        auto value = static_cast<int64_t>(values[from(row, i)]);
        auto code = static_cast<unsigned>(bits == 1 ? value != least : value) & ((1U << bits) - 1);
        auto &byte = reinterpret_cast<unsigned char &>(to[row * pitch + i * bits / 8]);
        byte = static_cast<unsigned char>(byte | code << (i * bits % 8));
      }
    }
  });
}

Value PackedRows::taken(Value byte, Value place) const {
  OpBuilder &b = emit.builder;
  Location loc = array.getLoc();
  if (bits == 1) { // of two numbers
    Value code = emit.both(arith::ShRUIOp::create(b, loc, byte, place), emit.integer(1, 32));
    Value more = step == 1 ? code : emit.mul(code, emit.integer(step, 32));
    return least == 0 ? more : emit.add(more, emit.integer(least, 32));
  }
  // To the upper end, and with its sign back.
  Value up = arith::ShLIOp::create(b, loc, byte, emit.sub(emit.integer(32 - bits, 32), place));
  return arith::ShRSIOp::create(b, loc, up, emit.integer(32 - bits, 32));
}

/// Byte by byte: one is read once for all of its weights.
void PackedRows::forEachPacked(Value row, llvm::function_ref<void(Value, Value)> body) const {
  OpBuilder &b = emit.builder;
  Type i32 = b.getI32Type();
  int64_t perByte = 8 / bits, whole = length / perByte, rest = length % perByte;
  Value first = emit.mul(row, emit.index(bytesOfRow(length, bits)));
  auto takeApart = [&](Value at, int64_t count) {
    Value byte =
        arith::ExtUIOp::create(b, array.getLoc(), i32, emit.load(array, emit.add(first, at)));
    Value start = emit.mul(at, emit.index(perByte));
    if (perByte == 2) { // few enough to be written out
      for (int64_t i = 0; i < count; ++i) {
        body(emit.add(start, emit.index(i)), taken(byte, emit.integer(i * bits, 32)));
      }
      return;
    }
    emit.loop(count, [&](Value i) {
      Value place = emit.mul(emit.cast(i32, i), emit.integer(bits, 32));
      body(emit.add(start, i), taken(byte, place));
    });
  };
  if (whole > 0) {
    emit.loop(whole, [&](Value at) { takeApart(at, perByte); });
  }
  if (rest > 0) {
    takeApart(emit.index(whole), rest);
  }
}

void PackedRows::forEach(Value row, llvm::function_ref<void(Value, Value)> body) const {
  if (bits > 0) {
    return forEachPacked(row, body);
  }
  Value first = emit.mul(row, emit.index(length));
  emit.loop(length, [&](Value i) { body(i, emit.loadNumber(array, emit.add(first, i))); });
}
