//===- Integers.cpp - integers as whole numbers without end ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// `div` and `mod` of SMT-LIB by a positive number round down and leave what is not negative: a
// shift to the right, and the bits that it drops, of negative numbers too.

#include "backends/proof/Theory.h"

#include <fmt/format.h>

using namespace mlir;
using namespace nirc;
using namespace nirc::proof;

//===----------------------------------------------------------------------===//
// Pieces
//===----------------------------------------------------------------------===//

Type Integers::type(int /*bits*/) const { return smt::IntType::get(builder.getContext()); }

std::optional<int64_t> Integers::constantIn(Value number) {
  auto constant = number.getDefiningOp<smt::IntConstantOp>();
  return constant && constant.getValue().getSignificantBits() <= 64
             ? std::optional(constant.getValue().getSExtValue())
             : std::nullopt;
}

Value Integers::whole(const APInt &number) {
  return make<smt::IntConstantOp>(type(0), IntegerAttr::get(builder.getContext(), APSInt(number)));
}

Value Integers::constant(int64_t number, int bits) {
  return whole(
      APInt(64, static_cast<uint64_t>(number)).trunc(static_cast<unsigned>(bits)).sext(66));
}

/// 2^exponent.
Value Integers::power(int exponent) { return whole(APInt::getOneBitSet(66, exponent)); }

Value Integers::less(Value a, Value b) { return make<smt::IntCmpOp>(smt::IntPredicate::lt, a, b); }

Value Integers::sum(Value a, Value b) { return make<smt::IntAddOp>(ValueRange{a, b}); }
Value Integers::minus(Value a, Value b) { return make<smt::IntSubOp>(a, b); }

Value Integers::times(Value a, Value b) {
  linear &= a.getDefiningOp<smt::IntConstantOp>() || b.getDefiningOp<smt::IntConstantOp>();
  return make<smt::IntMulOp>(ValueRange{a, b});
}

/// Wrapped, it is ((x + 2^(bits-1)) mod 2^bits) - 2^(bits-1).
Value Integers::held(Value number, int bits, StringRef what, Beyond beyond) {
  if (beyond == Beyond::Wraps && forgets) {
    return unknown(bits);
  }
  if (beyond == Beyond::Wraps) {
    Value half = power(bits - 1);
    return minus(make<smt::IntModOp>(sum(number, half), power(bits)), half);
  }
  Value happens = isOutside(number, bits, rangeOfWidth(bits));
  faults.push_back({happens, fmt::format("{} leaves its {} bits", what.str(), bits)});
  return number;
}

Value Integers::unsignedOf(Value number, int bits) {
  Value isNegative = less(number, constant(0, bits));
  return select(isNegative, sum(number, power(bits)), number);
}

Value Integers::unknown(int bits) {
  isLoose = true;
  return declared(fmt::format("any.{}", unknowns++), bits);
}

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

Value Integers::compared(arith::CmpIPredicate predicate, Value a, Value b, int bits) {
  using P = arith::CmpIPredicate;
  using S = smt::IntPredicate;
  auto ordered = [&](S predicate, bool isUnsigned) -> Value {
    Value x = isUnsigned ? unsignedOf(a, bits) : a, y = isUnsigned ? unsignedOf(b, bits) : b;
    return make<smt::IntCmpOp>(predicate, x, y);
  };
  switch (predicate) {
  case P::eq:
    return equal(a, b);
  case P::ne:
    return differ(a, b);
  case P::slt:
    return ordered(S::lt, false);
  case P::sle:
    return ordered(S::le, false);
  case P::sgt:
    return ordered(S::gt, false);
  case P::sge:
    return ordered(S::ge, false);
  case P::ult:
    return ordered(S::lt, true);
  case P::ule:
    return ordered(S::le, true);
  case P::ugt:
    return ordered(S::gt, true);
  case P::uge:
    return ordered(S::ge, true);
  }
  llvm_unreachable("all predicates are above");
}

Value Integers::extended(Value number, int from, int to, bool isSigned) {
  return isSigned || from == to ? number : unsignedOf(number, from);
}

Value Integers::truncated(Value number, int /*from*/, int to) {
  return held(number, to, "a number that is cut");
}

Value Integers::isOdd(Value number) {
  Value two = constant(2, 3), one = constant(1, 3);
  return equal(make<smt::IntModOp>(number, two), one);
}

Value Integers::leadingZeros(Value number, int bits) {
  Value count = constant(bits, bits);
  for (int i = 0; i < bits - 1; ++i) { // where it is 2^i and more
    Value isMore = less(minus(power(i), constant(1, 2)), number);
    count = select(isMore, constant(bits - 1 - i, bits), count);
  }
  return select(less(number, constant(0, bits)), constant(0, bits), count);
}

Value Integers::magnitude(Value number, int bits) {
  Value isNegative = less(number, constant(0, bits));
  Value size = select(isNegative, minus(constant(0, bits), number), number);
  return held(size, bits, "a magnitude");
}

/// A run of ones from bit i to before bit j is ((x div 2^i) mod 2^(j-i)) 2^i. Of a mask that is
/// negative, what the others take away: x & m = x - (x & ~m).
Value Integers::masked(Value number, int64_t mask) {
  if (mask < 0) {
    return minus(number, masked(number, ~mask));
  }
  Value all = constant(0, 2);
  auto left = static_cast<uint64_t>(mask);
  for (int i = 0; left != 0;) {
    int zeros = llvm::countr_zero(left);
    i += zeros;
    left >>= zeros;
    int ones = llvm::countr_one(left);
    Value shifted = i == 0 ? number : make<smt::IntDivOp>(number, power(i)).getResult();
    Value run = make<smt::IntModOp>(shifted, power(ones));
    all = sum(all, i == 0 ? run : times(run, power(i)));
    i += ones;
    left = ones == 64 ? 0 : left >> ones;
  }
  return all;
}

/// x | m = x + m - (x & m), x ^ m = x + m - 2 (x & m).
Value Integers::bitwise(Operator op, Value a, Value b, int bits) {
  if (constantIn(a)) {
    std::swap(a, b);
  }
  std::optional<int64_t> mask = constantIn(b);
  if (!mask) {
    return unknown(bits);
  }
  Value common = masked(a, *mask);
  if (op == Operator::And) {
    return common;
  }
  Value less = op == Operator::Or ? common : sum(common, common);
  return minus(sum(a, b), less);
}

Value Integers::shiftedBy(Operator op, Value a, int by, int bits) {
  if (op == Operator::ShiftLeft) {
    return times(a, power(by));
  }
  bool isUnsigned = op == Operator::ShiftRightUnsigned && by > 0;
  return make<smt::IntDivOp>(isUnsigned ? unsignedOf(a, bits) : a, power(by));
}

/// By a number that is not constant: each that it can be.
Value Integers::shifted(Operator op, Value a, Value by, int bits, Beyond beyond) {
  std::optional<int64_t> fixed = constantIn(by);
  if (fixed && *fixed >= 0 && *fixed < bits) {
    Value shifted = shiftedBy(op, a, static_cast<int>(*fixed), bits);
    return op == Operator::ShiftLeft ? held(shifted, bits, "a shift", beyond) : shifted;
  }
  faults.push_back({isOutside(by, bits, {0, bits - 1}), "a shift by the width or more"});
  Value result = a;
  for (int i = 1; i < bits; ++i) {
    Value here = equal(by, constant(i, bits));
    result = select(here, shiftedBy(op, a, i, bits), result);
  }
  return op == Operator::ShiftLeft ? held(result, bits, "a shift", beyond) : result;
}

/// By a positive constant, which is most of them.
Value Integers::quotientBy(Operator op, Value a, int64_t by, int bits) {
  Value zero = constant(0, bits), divisor = constant(by, bits), isNegative = less(a, zero);
  auto negative = [&](Value x) { return minus(zero, x); };
  auto down = [&](Value x) -> Value { return make<smt::IntDivOp>(x, divisor); };
  auto left = [&](Value x) -> Value { return make<smt::IntModOp>(x, divisor); };
  switch (op) {
  case Operator::QuotientDown:
    return down(a);
  case Operator::QuotientUp:
    return negative(down(negative(a)));
  case Operator::Rest:
    return select(isNegative, negative(left(negative(a))), left(a));
  default:
    return select(isNegative, negative(down(negative(a))), down(a));
  }
}

/// Quotients of the magnitudes, with their sign.
Value Integers::quotient(Operator op, Value a, Value b, int bits) {
  Value zero = constant(0, bits);
  std::optional<int64_t> fixed = constantIn(b);
  if (fixed && *fixed > 0) {
    return quotientBy(op, a, *fixed, bits);
  }
  linear = false;
  faults.push_back({equal(b, zero), "a divisor is 0"});
  auto minusIf = [&](Value isNegative, Value x) { return select(isNegative, minus(zero, x), x); };
  Value isNegative = less(a, zero), isOther = less(b, zero);
  Value x = minusIf(isNegative, a), y = minusIf(isOther, b);
  Value size = make<smt::IntDivOp>(x, y), left = make<smt::IntModOp>(x, y);
  if (op == Operator::Rest) {
    return minusIf(isNegative, left);
  }
  Value isBelow = differ(isNegative, isOther);
  Value cut = minusIf(isBelow, size);
  if (op != Operator::Quotient) {
    bool isUp = op == Operator::QuotientUp;
    Value isCut = both(differ(left, zero), isUp ? negated(isBelow) : isBelow);
    cut = select(isCut, sum(cut, constant(isUp ? 1 : -1, bits)), cut);
  }
  return held(cut, bits, "a quotient");
}

Value Integers::binary(Operator op, Value a, Value b, int bits, Beyond beyond) {
  switch (op) {
  case Operator::Add:
    return held(sum(a, b), bits, "a sum", beyond);
  case Operator::Subtract:
    return held(minus(a, b), bits, "a difference", beyond);
  case Operator::Multiply:
    return held(times(a, b), bits, "a product", beyond);
  case Operator::Quotient:
  case Operator::Rest:
  case Operator::QuotientDown:
  case Operator::QuotientUp:
    return quotient(op, a, b, bits);
  case Operator::ShiftLeft:
  case Operator::ShiftRight:
  case Operator::ShiftRightUnsigned:
    return shifted(op, a, b, bits, beyond);
  case Operator::And:
  case Operator::Or:
  case Operator::Xor:
    return bitwise(op, a, b, bits);
  case Operator::Least:
    return select(less(a, b), a, b);
  case Operator::Most:
    return select(less(b, a), a, b);
  }
  llvm_unreachable("all ops are above");
}
