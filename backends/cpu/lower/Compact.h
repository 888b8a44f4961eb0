//===- Compact.h - reading what takes little memory -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Compact code keeps spikes as bits, numbers of neurons that are the same in a channel once, and
// weights of few bits several to a byte. Here is how such numbers are read, and the same of code
// that keeps them in other ways.

#pragma once

#include "backends/cpu/lower/Emitter.h"

namespace nirc::cpu {

/// The elements of a signal as numbers, whether it is an array or bits.
class Source {
public:
  Source(Emitter &emit, mlir::Value signal)
      : emit(&emit), array(emit.array(emit.signal(signal).values())),
        isBits(!emit.signal(signal).array) {}
  /// Of an array that is one of the signal's.
  static Source ofArray(Emitter &emit, mlir::Value array) { return Source(emit, array, false); }
  /// Of the element at `at`, or in code with vectors of those from there on.
  mlir::Value lanes(mlir::Value at);

private:
  Source(Emitter &emit, mlir::Value array, bool isBits)
      : emit(&emit), array(array), isBits(isBits) {}

  Emitter *emit;
  mlir::Value array;
  bool isBits;
};

/// Element `at` of bits, as an i32 of 0 or 1.
mlir::Value bitAt(Emitter &emit, mlir::Value bits, mlir::Value at);
void setBit(Emitter &emit, mlir::Value bits, mlir::Value at);
/// Sets all of them to 0.
void clearBits(Emitter &emit, const Slot &bits);

/// Calls body(element) for each element of `signal` that is not zero, in ascending order.
void forEachEvent(Emitter &emit, mlir::Value signal, Emitter::Body body);

/// Numbers of the elements of a signal: one for all, one a channel (its first dimension), or one
/// each.
class ElementNumbers {
public:
  /// Of as many elements as `shape` has; code with vectors reads up to `capacity`.
  ElementNumbers(Emitter &emit, const Numbers &numbers, llvm::ArrayRef<int64_t> shape,
                 int64_t capacity);
  bool isByChannel() const { return byChannel; }
  /// Of the element at `at`, which is of that channel.
  mlir::Value lanes(mlir::Value at, mlir::Value channel) const;

private:
  Emitter &emit;
  mlir::Value array, uniform;
  bool byChannel = false;
};

/// Calls body(element, channel) for the elements of a signal of that shape, in ascending order:
/// channel by channel where `byChannel` is set; else `channel` is null, and only those of this part
/// are meant.
void forEachElement(Emitter &emit, llvm::ArrayRef<int64_t> shape, bool byChannel,
                    llvm::function_ref<void(mlir::Value, mlir::Value)> body);

/// Rows of weights in the least memory: of 1, 2 or 4 bits packed in bytes, a row in whole bytes,
/// where that saves more than the code that takes them apart.
class PackedRows {
public:
  /// `from(row, i)`: which of the numbers is weight `i` of the row.
  PackedRows(Emitter &emit, const Numbers &values, int64_t rows, int64_t length,
             llvm::function_ref<int64_t(int64_t, int64_t)> from);
  /// Calls body(i, weight) for the weights of a row, in ascending order: numbers of the network's
  /// type.
  void forEach(mlir::Value row, llvm::function_ref<void(mlir::Value, mlir::Value)> body) const;
  /// How many bytes they take.
  static int64_t bytesOf(const Numbers &values, nir::DType element, int64_t rows, int64_t length);

private:
  /// The weight whose lowest bit is at `place` of the byte, both i32.
  mlir::Value taken(mlir::Value byte, mlir::Value place) const;
  void forEachPacked(mlir::Value row,
                     llvm::function_ref<void(mlir::Value, mlir::Value)> body) const;

  Emitter &emit;
  mlir::Value array;
  int64_t length;
  unsigned bits = 0;           ///< of a packed weight; 0: not packed
  int64_t least = 0, step = 1; ///< of weights of one bit, which stands for one of two numbers
};

} // namespace nirc::cpu
