//===- BodyTerms.cpp - a body as terms of bit vectors ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/proof/BodyTerms.h"

#include <algorithm>

using namespace mlir;
using namespace nirc;
using namespace nirc::fpga;
using proof::Bits;
using proof::bitsOf;
using proof::Operator;

Value BodyTerms::claimed(Value operand, Interval range, int bits) {
  Value term = Terms::of(operand);
  if (!outside.contains(operand)) {
    outside[operand] = numbers.isOutside(term, Bits::bitsOf(term), range);
    wrong.push_back(outside[operand]);
  }
  return numbers.resized(term, bits);
}

/// x times a constant as a datapath without multipliers has it: a sum of shifted x. That a product
/// with a sum is the sum of the products is all that is taken as known; that the constant is the
/// sum of its terms is a claim.
Value BodyTerms::sumOfTerms(Value x, int64_t factor) {
  int bits = Bits::bitsOf(x);
  Value sum, whole = numbers.constant(0, bits);
  for (bool isNegative : {false, true}) {
    for (const SignedDigit &digit : signedDigitsOf(factor)) {
      if (digit.isNegative != isNegative || digit.shift >= bits) {
        continue;
      }
      Value shift = numbers.constant(digit.shift, bits), one = numbers.constant(1, bits);
      Value term = numbers.binary(Operator::ShiftLeft, x, shift, bits);
      Value power = numbers.binary(Operator::ShiftLeft, one, shift, bits);
      Operator with = isNegative ? Operator::Subtract : Operator::Add;
      sum = sum          ? numbers.binary(with, sum, term, bits)
            : isNegative ? numbers.binary(with, numbers.constant(0, bits), term, bits)
                         : term;
      whole = numbers.binary(with, whole, power, bits);
    }
  }
  wrong.push_back(numbers.differ(whole, numbers.constant(factor, bits)));
  return sum ? sum : whole;
}

/// A name, so that who asks the solver may first show that a wire of the module is the same sum,
/// and then forget of both what they are.
Value BodyTerms::named(Value sum) {
  std::string name = "product." + std::to_string(sums.size());
  Value named = numbers.declared(name, Bits::bitsOf(sum));
  sums.push_back(numbers.equal(named, sum));
  return named;
}

Value BodyTerms::product(arith::MulIOp op) {
  Value a = op.getLhs(), b = op.getRhs();
  int bits = bitsOf(op.getType()), needed = bits;
  Value x = Terms::of(a), y = Terms::of(b);
  Interval boundsOfA = ranges.boundsOf(a), boundsOfB = ranges.boundsOf(b), all{};
  bool isExact = neededBits(boundsOfA) + neededBits(boundsOfB) <= 64; // which hold the ends
  if (isExact) {
    all = boundsOfA * boundsOfB;
    isExact = all.fits(bits);
  }
  if (isExact) {
    needed = neededBits(all);
    x = claimed(a, boundsOfA, needed);
    y = claimed(b, boundsOfB, needed);
  }
  std::optional<int64_t> factor;
  if (boundsOfA.least == boundsOfA.most) {
    factor = boundsOfA.least;
    std::swap(x, y); // as the datapath has it
  } else if (boundsOfB.least == boundsOfB.most) {
    factor = boundsOfB.least;
  }
  bool isSum = factor && products.isSum(*factor, needed);
  Value product = isSum ? sumOfTerms(x, *factor) : applied("smul", x, y);
  constexpr size_t few = 2; // which solvers see through
  if (isSum && signedDigitsOf(*factor).size() > few) {
    product = named(product);
  }
  if (isExact) {
    addLemma(*op, product, all);
  }
  return numbers.resized(product, bits);
}

Value BodyTerms::applied(StringRef name, Value a, Value b) {
  std::string full = name.str() + std::to_string(Bits::bitsOf(a));
  return numbers.applied(full, {a, b}, a.getType());
}

void BodyTerms::addLemma(Operation &op, Value value, Interval range) {
  Value isWithin = numbers.negated(numbers.isOutside(value, Bits::bitsOf(value), range));
  Value isClaimWrong = numbers.either(outside[op.getOperand(0)], outside[op.getOperand(1)]);
  known.push_back(numbers.either(isClaimWrong, isWithin));
}

/// The quotients of the ends, as b is positive.
static Interval endsOf(Operation &op, Interval a, Interval b) {
  auto divided = [&](int64_t dividend, int64_t divisor) {
    return isa<arith::DivSIOp>(op)        ? dividend / divisor
           : isa<arith::FloorDivSIOp>(op) ? llvm::divideFloorSigned(dividend, divisor)
                                          : llvm::divideCeilSigned(dividend, divisor);
  };
  auto [least, most] = std::minmax({divided(a.least, b.least), divided(a.least, b.most),
                                    divided(a.most, b.least), divided(a.most, b.most)});
  return {least, most};
}

/// Rounded toward zero, or down, or up. b is positive, as a datapath has no other quotients. Down
/// is toward zero of a, or of a - (b - 1) where a is negative: let a = -n, then -floor((n + b - 1)
/// / b) = -ceil(n / b) = floor(a / b). Up is the same of -a. A test asks a solver for this of all
/// integers.
Value BodyTerms::quotient(Operation &op) {
  Value a = op.getOperand(0), b = op.getOperand(1);
  int bits = bitsOf(op.getResult(0).getType());
  Interval rangeOfA = ranges.boundsOf(a), rangeOfB = ranges.boundsOf(b);
  bool isRounded = isa<arith::FloorDivSIOp, arith::CeilDivSIOp>(op);
  int needed = std::max(neededBits(rangeOfA), neededBits(rangeOfB)) + (isRounded ? 1 : 0);
  Value x = claimed(a, rangeOfA, needed), y = claimed(b, rangeOfB, needed);
  if (isa<arith::RemSIOp>(op)) {
    return numbers.resized(applied("srem", x, y), bits);
  }
  if (isRounded) {
    bool isUp = isa<arith::CeilDivSIOp>(op);
    Value zero = numbers.constant(0, needed), one = numbers.constant(1, needed);
    Value less = numbers.binary(Operator::Subtract, y, one, needed);
    auto beyond = isUp ? arith::CmpIPredicate::sgt : arith::CmpIPredicate::slt;
    Value isMoved = numbers.compared(beyond, x, zero, needed);
    Value moved = numbers.binary(isUp ? Operator::Add : Operator::Subtract, x, less, needed);
    x = numbers.select(isMoved, moved, x);
  }
  Value quotient = applied("sdiv", x, y);
  addLemma(op, quotient, endsOf(op, rangeOfA, rangeOfB));
  return numbers.resized(quotient, bits);
}

Value BodyTerms::term(Operation &op) {
  bool isNumber = op.getNumResults() == 1 && !op.getResult(0).getType().isInteger(1);
  if (auto multiply = dyn_cast<arith::MulIOp>(op); multiply && isNumber) {
    return product(multiply);
  }
  if (isa<arith::DivSIOp, arith::RemSIOp, arith::FloorDivSIOp, arith::CeilDivSIOp>(op) &&
      isNumber) {
    return quotient(op);
  }
  return Terms::term(op);
}

void BodyTerms::define(BlockArgument argument, Value number) {
  Terms::define(argument, numbers.resized(number, bitsOf(argument.getType())));
}

Value BodyTerms::of(Value value, int width) {
  Value term = Terms::of(value);
  return value.getType().isInteger(1) ? numbers.number(term, width, /*isSigned=*/true)
                                      : numbers.resized(term, width);
}
