//===- Bits.cpp - integers as bit vectors ---------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// SMT-LIB has the same for a shift by the width or more as the interpreter.

#include "backends/proof/Theory.h"

using namespace mlir;
using namespace nirc;
using namespace nirc::proof;

int Bits::bitsOf(Value number) {
  return static_cast<int>(cast<smt::BitVectorType>(number.getType()).getWidth());
}

Type Bits::type(int bits) const { return smt::BitVectorType::get(builder.getContext(), bits); }

Value Bits::constant(int64_t number, int bits) {
  return make<smt::BVConstantOp>(
      APInt(64, static_cast<uint64_t>(number)).sextOrTrunc(static_cast<unsigned>(bits)));
}

Value Bits::extracted(Value number, int from, int bits) {
  return make<smt::ExtractOp>(type(bits), builder.getI32IntegerAttr(from), number);
}

/// The dialect has no extension: the sign is repeated before the number.
Value Bits::resized(Value number, int bits) {
  int own = bitsOf(number);
  if (bits <= own) {
    return bits == own ? number : extracted(number, 0, bits);
  }
  Value sign = extracted(number, own - 1, 1);
  Value signs = make<smt::RepeatOp>(static_cast<unsigned>(bits - own), sign);
  return make<smt::ConcatOp>(signs, number);
}

Value Bits::extended(Value number, int from, int to, bool isSigned) {
  return isSigned || from == to ? resized(number, to)
                                : make<smt::ConcatOp>(constant(0, to - from), number).getResult();
}

Value Bits::truncated(Value number, int /*from*/, int to) { return resized(number, to); }

Value Bits::isOdd(Value number) {
  Value last = extracted(number, 0, 1), one = constant(1, 1);
  return equal(last, one);
}

Value Bits::compared(arith::CmpIPredicate predicate, Value a, Value b, int /*bits*/) {
  using P = arith::CmpIPredicate;
  using S = smt::BVCmpPredicate;
  auto ordered = [&](S predicate) -> Value { return make<smt::BVCmpOp>(predicate, a, b); };
  switch (predicate) {
  case P::eq:
    return equal(a, b);
  case P::ne:
    return differ(a, b);
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

/// SMT-LIB has numbers for what a divisor of 0 gives, but others than the interpreter. Rounded down
/// or up it is as MLIR expands it, so that solvers see the same term in code.
Value Bits::quotient(Operator op, Value a, Value b, int bits) {
  Value zero = constant(0, bits);
  divides = true;
  faults.push_back({equal(b, zero), "a divisor is 0"});
  if (op == Operator::Rest) {
    return make<smt::BVSRemOp>(a, b);
  }
  Value cut = make<smt::BVSDivOp>(a, b);
  if (op == Operator::Quotient) {
    return cut;
  }
  bool isUp = op == Operator::QuotientUp;
  Value isNegative = compared(arith::CmpIPredicate::slt, a, zero, bits);
  Value isOther = compared(arith::CmpIPredicate::slt, b, zero, bits);
  Value isOff = isUp ? equal(isNegative, isOther) : differ(isNegative, isOther);
  Value isCut = both(differ(a, make<smt::BVMulOp>(cut, b)), isOff);
  Value one = constant(isUp ? 1 : -1, bits);
  return select(isCut, make<smt::BVAddOp>(cut, one), cut);
}

Value Bits::binary(Operator op, Value a, Value b, int bits, Beyond /*beyond*/) {
  auto extreme = [&](arith::CmpIPredicate predicate) {
    return select(compared(predicate, a, b, bits), a, b);
  };
  switch (op) {
  case Operator::Add:
    return make<smt::BVAddOp>(a, b);
  case Operator::Subtract:
    return make<smt::BVAddOp>(a, make<smt::BVNegOp>(b));
  case Operator::Multiply:
    return make<smt::BVMulOp>(a, b);
  case Operator::Quotient:
  case Operator::Rest:
  case Operator::QuotientDown:
  case Operator::QuotientUp:
    return quotient(op, a, b, bits);
  case Operator::ShiftLeft:
    return make<smt::BVShlOp>(a, b);
  case Operator::ShiftRight:
    return make<smt::BVAShrOp>(a, b);
  case Operator::ShiftRightUnsigned:
    return make<smt::BVLShrOp>(a, b);
  case Operator::And:
    return make<smt::BVAndOp>(a, b);
  case Operator::Or:
    return make<smt::BVOrOp>(a, b);
  case Operator::Xor:
    return make<smt::BVXOrOp>(a, b);
  case Operator::Least:
    return extreme(arith::CmpIPredicate::sle);
  case Operator::Most:
    return extreme(arith::CmpIPredicate::sge);
  }
  llvm_unreachable("all ops are above");
}

/// The zeros before the highest one, each digit asked in turn.
Value Bits::leadingZeros(Value number, int bits) {
  Value count = constant(bits, bits);
  for (int i = 0; i < bits; ++i) {
    Value digit = extracted(number, i, 1), one = constant(1, 1);
    Value isOne = equal(digit, one);
    count = select(isOne, constant(bits - 1 - i, bits), count);
  }
  return count;
}

Value Bits::magnitude(Value number, int bits) {
  Value isNegative = compared(arith::CmpIPredicate::slt, number, constant(0, bits), bits);
  return select(isNegative, make<smt::BVNegOp>(number), number);
}

Value Bits::applied(StringRef name, ValueRange operands, Type result) {
  isLoose = true;
  Value &function = functions[name];
  if (!function) {
    auto types = llvm::to_vector(operands.getTypes());
    auto kind = smt::SMTFuncType::get(builder.getContext(), types, result);
    function = make<smt::DeclareFunOp>(kind, builder.getStringAttr(name));
  }
  return make<smt::ApplyFuncOp>(result, function, operands);
}
