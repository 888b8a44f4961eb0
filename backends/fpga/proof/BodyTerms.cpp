//===- BodyTerms.cpp - a body as terms of bit vectors ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The meanings are those of dialects/snn/interpreter/InterpreterBody.cpp. SMT-LIB has the same for
// a shift by the width or more.

#include "backends/fpga/proof/BodyTerms.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace mlir;
using namespace nirc;
using namespace nirc::fpga;

static int bitsOf(Value value) {
  return static_cast<int>(cast<smt::BitVectorType>(value.getType()).getWidth());
}

static int bitsOf(Type type) { return static_cast<int>(type.getIntOrFloatBitWidth()); }

//===----------------------------------------------------------------------===//
// Pieces
//===----------------------------------------------------------------------===//

Value BodyTerms::constant(int64_t number, int bits) {
  return smt::BVConstantOp::create(
      builder, builder.getUnknownLoc(),
      APInt(64, static_cast<uint64_t>(number)).sextOrTrunc(static_cast<unsigned>(bits)));
}

Value BodyTerms::extracted(Value value, int from, int bits) {
  return smt::ExtractOp::create(builder, builder.getUnknownLoc(),
                                smt::BitVectorType::get(builder.getContext(), bits),
                                builder.getI32IntegerAttr(from), value);
}

/// The dialect has no extension: the sign is repeated before the number.
Value BodyTerms::resized(Value value, int bits) {
  int own = bitsOf(value);
  if (bits <= own) {
    return bits == own ? value : extracted(value, 0, bits);
  }
  Value sign = extracted(value, own - 1, 1);
  Value signs = smt::RepeatOp::create(builder, builder.getUnknownLoc(),
                                      static_cast<unsigned>(bits - own), sign);
  return make<smt::ConcatOp>(signs, value);
}

Value BodyTerms::select(Value truth, Value a, Value b) {
  return smt::IteOp::create(builder, builder.getUnknownLoc(), truth, a, b);
}

Value BodyTerms::bit(Value truth) {
  Value one = constant(1, 1), zero = constant(0, 1);
  return select(truth, one, zero);
}

Value BodyTerms::isBelow(Value value, int64_t limit) {
  Value other = constant(limit, bitsOf(value));
  return smt::BVCmpOp::create(builder, builder.getUnknownLoc(), smt::BVCmpPredicate::slt, value,
                              other);
}

Value BodyTerms::isAbove(Value value, int64_t limit) {
  Value other = constant(limit, bitsOf(value));
  return smt::BVCmpOp::create(builder, builder.getUnknownLoc(), smt::BVCmpPredicate::sgt, value,
                              other);
}

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

Value BodyTerms::comparison(arith::CmpIOp op) {
  using P = arith::CmpIPredicate;
  using S = smt::BVCmpPredicate;
  Value a = of(op.getLhs()), b = of(op.getRhs());
  auto ordered = [&](S predicate) {
    return bit(smt::BVCmpOp::create(builder, builder.getUnknownLoc(), predicate, a, b));
  };
  switch (op.getPredicate()) {
  case P::eq:
    return bit(make<smt::EqOp>(a, b));
  case P::ne:
    return bit(make<smt::DistinctOp>(a, b));
  case P::slt:
    return ordered(S::slt);
  case P::sle:
    return ordered(S::sle);
  case P::sgt:
    return ordered(S::sgt);
  case P::sge:
    return ordered(S::sge);
  case P::ult:
    return ordered(S::ult);
  case P::ule:
    return ordered(S::ule);
  case P::ugt:
    return ordered(S::ugt);
  case P::uge:
    return ordered(S::uge);
  }
  llvm_unreachable("all predicates are above");
}

Value BodyTerms::claimed(Value operand, Interval range, int bits) {
  Value term = of(operand);
  if (!outside.contains(operand)) {
    Value below = isBelow(term, range.least), above = isAbove(term, range.most);
    outside[operand] = make<smt::OrOp>(below, above);
    wrong.push_back(outside[operand]);
  }
  return resized(term, bits);
}

/// x times a constant as a datapath without multipliers has it: a sum of shifted x. That a product
/// with a sum is the sum of the products is all that is taken as known; that the constant is the
/// sum of its terms is a claim.
Value BodyTerms::sumOfTerms(Value x, int64_t factor) {
  int bits = bitsOf(x);
  Value sum, whole = constant(0, bits);
  for (bool isNegative : {false, true}) {
    for (const SignedDigit &digit : signedDigitsOf(factor)) {
      if (digit.isNegative != isNegative || digit.shift >= bits) {
        continue;
      }
      Value shift = constant(digit.shift, bits), one = constant(1, bits);
      Value term = make<smt::BVShlOp>(x, shift), power = make<smt::BVShlOp>(one, shift);
      if (isNegative) {
        term = smt::BVNegOp::create(builder, builder.getUnknownLoc(), term);
        power = smt::BVNegOp::create(builder, builder.getUnknownLoc(), power);
      }
      sum = sum ? make<smt::BVAddOp>(sum, term) : term;
      whole = make<smt::BVAddOp>(whole, power);
    }
  }
  Value wanted = constant(factor, bits);
  wrong.push_back(make<smt::DistinctOp>(whole, wanted));
  return sum ? sum : whole;
}

/// A name, so that who asks the solver may first show that a wire of the module is the same sum,
/// and then forget of both what they are.
Value BodyTerms::named(Value sum) {
  std::string name = "product." + std::to_string(sums.size());
  Value named = smt::DeclareFunOp::create(builder, builder.getUnknownLoc(), sum.getType(),
                                          builder.getStringAttr(name));
  sums.push_back(make<smt::EqOp>(named, sum));
  return named;
}

Value BodyTerms::product(arith::MulIOp op) {
  Value a = op.getLhs(), b = op.getRhs();
  int bits = bitsOf(op.getType()), needed = bits;
  Value x = of(a), y = of(b);
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
  return resized(product, bits);
}

Value BodyTerms::applied(StringRef name, Value a, Value b) {
  Type type = a.getType();
  std::string full = name.str() + std::to_string(bitsOf(a));
  Value &function = functions[full];
  if (!function) {
    auto kind = smt::SMTFuncType::get(builder.getContext(), {type, type}, type);
    function = smt::DeclareFunOp::create(builder, builder.getUnknownLoc(), kind,
                                         builder.getStringAttr(full));
  }
  return smt::ApplyFuncOp::create(builder, builder.getUnknownLoc(), type, function,
                                  ValueRange{a, b});
}

void BodyTerms::addLemma(Operation &op, Value value, Interval range) {
  Value below = isBelow(value, range.least), above = isAbove(value, range.most);
  Value isOutside = make<smt::OrOp>(below, above);
  Value isWithin = smt::NotOp::create(builder, builder.getUnknownLoc(), isOutside);
  Value isClaimWrong = make<smt::OrOp>(outside[op.getOperand(0)], outside[op.getOperand(1)]);
  known.push_back(make<smt::OrOp>(isClaimWrong, isWithin));
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
    return resized(applied("srem", x, y), bits);
  }
  if (isRounded) {
    bool isUp = isa<arith::CeilDivSIOp>(op);
    Value less = make<smt::BVAddOp>(y, constant(-1, needed));
    Value step = isUp ? less : Value(smt::BVNegOp::create(builder, builder.getUnknownLoc(), less));
    Value isMoved = isUp ? isAbove(x, 0) : isBelow(x, 0);
    x = select(isMoved, make<smt::BVAddOp>(x, step), x);
  }
  Value quotient = applied("sdiv", x, y);
  addLemma(op, quotient, endsOf(op, rangeOfA, rangeOfB));
  return resized(quotient, bits);
}

/// The zeros before the highest one, each digit asked in turn.
Value BodyTerms::leadingZeros(Value value) {
  int bits = bitsOf(value);
  Value count = constant(bits, bits);
  for (int i = 0; i < bits; ++i) {
    Value digit = extracted(value, i, 1), one = constant(1, 1);
    Value isOne = make<smt::EqOp>(digit, one);
    count = select(isOne, constant(bits - 1 - i, bits), count);
  }
  return count;
}

Value BodyTerms::term(Operation &op) {
  int bits = bitsOf(op.getResult(0).getType());
  auto in = [&](unsigned i) { return of(op.getOperand(i)); };
  auto two = [&]<typename Op>() {
    Value a = in(0), b = in(1);
    return make<Op>(a, b);
  };
  auto extreme = [&](smt::BVCmpPredicate predicate) {
    Value a = in(0), b = in(1);
    return select(smt::BVCmpOp::create(builder, builder.getUnknownLoc(), predicate, a, b), a, b);
  };
  return llvm::TypeSwitch<Operation *, Value>(&op)
      .Case([&](arith::ConstantOp constantOp) {
        return constant(cast<IntegerAttr>(constantOp.getValue()).getValue().getSExtValue(), bits);
      })
      .Case([&](arith::AddIOp) { return two.operator()<smt::BVAddOp>(); })
      .Case([&](arith::SubIOp) {
        Value a = in(0), b = in(1);
        return make<smt::BVAddOp>(a, smt::BVNegOp::create(builder, builder.getUnknownLoc(), b));
      })
      .Case([&](arith::MulIOp multiply) { return product(multiply); })
      .Case<arith::DivSIOp, arith::RemSIOp, arith::FloorDivSIOp, arith::CeilDivSIOp>(
          [&](auto) { return quotient(op); })
      .Case([&](arith::AndIOp) { return two.operator()<smt::BVAndOp>(); })
      .Case([&](arith::OrIOp) { return two.operator()<smt::BVOrOp>(); })
      .Case([&](arith::XOrIOp) { return two.operator()<smt::BVXOrOp>(); })
      .Case([&](arith::ShLIOp) { return two.operator()<smt::BVShlOp>(); })
      .Case([&](arith::ShRSIOp) { return two.operator()<smt::BVAShrOp>(); })
      .Case([&](arith::ShRUIOp) { return two.operator()<smt::BVLShrOp>(); })
      .Case([&](arith::MaxSIOp) { return extreme(smt::BVCmpPredicate::sge); })
      .Case([&](arith::MinSIOp) { return extreme(smt::BVCmpPredicate::sle); })
      .Case([&](arith::CmpIOp compare) { return comparison(compare); })
      .Case([&](arith::SelectOp) {
        Value condition = in(0), a = in(1), b = in(2), one = constant(1, 1);
        return select(make<smt::EqOp>(condition, one), a, b);
      })
      .Case<arith::ExtSIOp, arith::TruncIOp>([&](auto) { return resized(in(0), bits); })
      .Case([&](arith::ExtUIOp) {
        Value value = in(0), zeros = constant(0, bits - bitsOf(value));
        return make<smt::ConcatOp>(zeros, value);
      })
      .Case([&](arith::BitcastOp) { return in(0); })
      .Case([&](math::AbsIOp) {
        Value value = in(0), isNegative = isBelow(value, 0);
        Value negated = smt::BVNegOp::create(builder, builder.getUnknownLoc(), value);
        return select(isNegative, negated, value);
      })
      .Case([&](math::CountLeadingZerosOp) { return leadingZeros(in(0)); });
}

void BodyTerms::define(BlockArgument argument, Value number) {
  terms[argument] = resized(number, bitsOf(argument.getType()));
}

Value BodyTerms::of(Value value) {
  if (Value found = terms.lookup(value)) {
    return found;
  }
  Value made = term(*value.getDefiningOp());
  terms[value] = made;
  return made;
}
