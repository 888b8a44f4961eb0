//===- ChipTerms.cpp - a step of a compartment as terms -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// From the documentation alone (Lava b6822fb, proc/lif/models.py, PyLifModelBitAcc), and not from
// the model of the chip, with which a test compares it:
//
//   rtz(x, d) = sgn(x) ((|x| (4096 - d)) >> 12)
//   u' = wrap24(rtz(u, du + 1) + (a << 6))    x > 2^23: x - 2^24,  x <= -2^23: x + 2^24
//   y  = rtz(v, dv) + u' + bias               bias = mantissa << exponent
//   v' = clip(y, -2^23 + 1, 2^23 - 1)
//   s  = v' > threshold << 6,  v = s ? 0 : v'

#include "backends/loihi2/proof/ChipTerms.h"

using namespace mlir;
using namespace nirc;
using namespace nirc::loihi2;
using namespace nirc::proof;

using Predicate = arith::CmpIPredicate;

RegisterTerms nirc::loihi2::registersOf(Theory &theory, const Compartment &c) {
  constexpr int64_t one = 1;
  return {theory.constant(c.du, termBits), theory.constant(c.dv, termBits),
          theory.constant(int64_t{c.threshold} * 64, termBits),
          theory.constant(int64_t{c.biasMantissa} * (one << c.biasExponent), termBits)};
}

namespace {

/// 64 bits, in which nothing here overflows.
struct Arithmetic {
  Theory &theory;

  Value number(int64_t value) const { return theory.constant(value, termBits); }
  Value plus(Value a, Value b) const { return theory.binary(Operator::Add, a, b, termBits); }
  Value minus(Value a, Value b) const { return theory.binary(Operator::Subtract, a, b, termBits); }
  Value isMore(Value a, Value b) const { return theory.compared(Predicate::sgt, a, b, termBits); }
  Value isAtMost(Value a, Value b) const { return theory.compared(Predicate::sle, a, b, termBits); }

  Value kept(Value x, Value decay) const {
    Value isNegative = theory.compared(Predicate::slt, x, number(0), termBits);
    Value size = theory.select(isNegative, minus(number(0), x), x);
    Value product = theory.binary(Operator::Multiply, size, minus(number(4096), decay), termBits);
    Value whole = theory.binary(Operator::ShiftRight, product, number(12), termBits);
    return theory.select(isNegative, minus(number(0), whole), whole);
  }

  Value wrapped(Value x) const {
    constexpr int64_t half = 1 << 23, all = 1 << 24;
    Value low = theory.select(isAtMost(x, number(-half)), plus(x, number(all)), x);
    return theory.select(isMore(x, number(half)), minus(x, number(all)), low);
  }

  Value clipped(Value x) const {
    constexpr int64_t most = (1 << 23) - 1;
    Value low = theory.binary(Operator::Most, x, number(-most), termBits);
    return theory.binary(Operator::Least, low, number(most), termBits);
  }
};

} // namespace

ChipStep nirc::loihi2::chipStep(Theory &theory, const RegisterTerms &registers, Value u, Value v,
                                Value a) {
  Arithmetic chip{theory};
  Value decay = chip.plus(registers.du, chip.number(1));
  Value drive = theory.binary(Operator::ShiftLeft, a, chip.number(6), termBits);
  Value current = chip.wrapped(chip.plus(chip.kept(u, decay), drive));
  Value sum = chip.plus(chip.plus(chip.kept(v, registers.dv), current), registers.bias);
  Value membrane = chip.clipped(sum);
  Value spike = chip.isMore(membrane, registers.threshold);
  return {spike, current, theory.select(spike, chip.number(0), membrane)};
}
