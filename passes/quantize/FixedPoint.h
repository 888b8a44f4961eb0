//===- FixedPoint.h - integers that stand for numbers -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Integers with their scale and the range that is proven of them, and the arithmetic on them as ops
// of `arith`. Without a builder only the ranges are computed: that is interval analysis.

#pragma once

#include "ir/choices/NumberFormat.h"
#include "passes/bodies/Interval.h"
#include "passes/quantize/PerNeuron.h"

#include "dialects/snn/Snn.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"

#include <optional>

namespace nirc {

/// `number`, as `rounding` says; stochastic rounds to nearest.
int64_t roundedTo(double number, nir::Rounding rounding);

/// The whole number of `bits`, its sign included, times a power of two that is nearest to `number`;
/// `number` itself where bits is 0.
int64_t roundedToBits(int64_t number, int bits);

/// k where x is 2^k, to the last digits of a float64.
std::optional<int> exponentOf(double x);

/// A factor as a multiplier and a shift, for each neuron: m / 2^shift.
struct Multiplier {
  PerNeuron multiplier; ///< whole numbers
  int shift = 0;
};
/// The nearest to `factor` that the format has. `decays`: of a state that it is itself multiplied
/// by, of which what falls away is rounded, 1 - factor.
Multiplier multiplierFor(const PerNeuron &factor, const nir::NumberFormat &format, bool decays);

/// An integer in the body of a population: `value` stands for value * scale.
struct Fixed {
  mlir::Value value; ///< i32 or i64; null where only ranges are computed
  PerNeuron scale;
  Interval range;
  int bits = 32; ///< of its type
};

/// The arithmetic. Values that do not fit in 32 bits are of 64. With states=float32 they are
/// float32 in the same scales, of which nothing is rounded here nor bounded, and ranges say
/// nothing.
class FixedPoint {
public:
  /// `stream` tells the random digits of one population from those of others.
  FixedPoint(const nir::NumberFormat &format, Neurons neurons, uint64_t stream)
      : format(format), neurons(neurons), stream(stream) {}

  /// From now on ops are made, of which the parameters are collected.
  void emitTo(mlir::OpBuilder &body, mlir::Block &block, mlir::Location loc);
  mlir::OpBuilder *builder() { return body; }

  /// A number that is not rounded to a whole one, where states are float32.
  Fixed constant(const PerNeuron &whole, const PerNeuron &scale, llvm::StringRef name);
  Fixed add(Fixed a, Fixed b);
  Fixed sub(Fixed a, Fixed b);
  /// The same number in another scale, rounded as the format says where it must be. `decays` as in
  /// `multiplierFor`.
  Fixed inScale(const Fixed &x, const PerNeuron &scale, bool decays, llvm::StringRef name);
  /// Brought into the range of `bits`, as a value of 32.
  Fixed bounded(const Fixed &x, int bits, nir::Overflow overflow);
  Fixed clamped(const Fixed &x, Interval to);
  Fixed shiftedLeft(const Fixed &x, int by);
  /// x / 2^by, rounded.
  Fixed shiftedRight(const Fixed &x, int by, nir::Rounding rounding);
  Fixed selected(mlir::Value condition, Fixed a, Fixed b);
  /// How often b, which is positive, fits into a: rounded up or down.
  Fixed divided(Fixed a, Fixed b, bool up);
  mlir::Value compared(mlir::arith::CmpIPredicate predicate, Fixed a, Fixed b);
  Fixed narrowed(const Fixed &x); ///< to 32 bits, which hold its range
  mlir::Value integer(int64_t value, int bits);

  /// The state from which rounding=stochastic takes its digits, advanced by each use.
  std::optional<Fixed> random;

  llvm::SmallVector<mlir::Attribute> names, params;

private:
  /// One operation on two numbers of a scale; `range` is that of integers.
  template <typename FloatOp, typename IntegerOp>
  Fixed combined(Fixed a, Fixed b, Interval range);
  Fixed multiplied(const Fixed &x, const PerNeuron &whole, llvm::StringRef name);
  Fixed widened(const Fixed &x);
  void sameWidth(Fixed &a, Fixed &b);
  mlir::Value nextRandom();
  mlir::Value floatConstant(const PerNeuron &values, llvm::StringRef name);
  bool isFloat() const { return format.states == nir::StateArithmetic::Float32; }

  const nir::NumberFormat &format;
  Neurons neurons;
  uint64_t stream;
  mlir::Value randomStep; ///< what the generator adds
  mlir::OpBuilder *body = nullptr;
  mlir::Block *block = nullptr;
  std::optional<mlir::Location> loc;
};

} // namespace nirc
