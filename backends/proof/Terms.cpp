//===- Terms.cpp - ops as terms of a theory -------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/proof/Terms.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/TypeSwitch.h"

#include <fmt/format.h>

using namespace mlir;
using namespace nirc::proof;

int nirc::proof::bitsOf(Type type) {
  return static_cast<int>(getElementTypeOrSelf(type).getIntOrFloatBitWidth());
}

static bool isTruth(Type type) { return getElementTypeOrSelf(type).isInteger(1); }
static bool isFloat(Type type) { return isa<FloatType>(getElementTypeOrSelf(type)); }

/// One number, or a vector of which all are the same.
Value Terms::constant(arith::ConstantOp op) {
  Attribute value = op.getValue();
  if (auto elements = dyn_cast<DenseElementsAttr>(value)) {
    if (!elements.isSplat()) {
      return {};
    }
    value = elements.getSplatValue<Attribute>();
  }
  if (auto number = dyn_cast<FloatAttr>(value)) {
    return theory.constant(number.getValue().bitcastToAPInt().getSExtValue(), bitsOf(op.getType()));
  }
  auto number = dyn_cast<IntegerAttr>(value);
  if (!number || !number.getType().isSignlessInteger()) {
    return {};
  }
  return isTruth(op.getType()) ? theory.truth(number.getValue().isOne())
                               : theory.constant(number.getInt(), bitsOf(op.getType()));
}

/// Of one bit, all 1 being -1.
Value Terms::ofTruths(Operation &op) {
  Value a = of(op.getOperand(0)), b = of(op.getOperand(1));
  return llvm::TypeSwitch<Operation *, Value>(&op)
      .Case<arith::AndIOp, arith::MulIOp, arith::MaxSIOp>([&](auto) { return theory.both(a, b); })
      .Case<arith::OrIOp, arith::MinSIOp>([&](auto) { return theory.either(a, b); })
      .Case<arith::XOrIOp, arith::AddIOp, arith::SubIOp>([&](auto) { return theory.differ(a, b); })
      .Case([&](arith::CmpIOp compare) -> Value {
        bool isEqual = compare.getPredicate() == arith::CmpIPredicate::eq;
        bool isOther = compare.getPredicate() == arith::CmpIPredicate::ne;
        return isEqual ? theory.equal(a, b) : isOther ? theory.differ(a, b) : Value();
      })
      .Default([](Operation *) { return Value(); });
}

/// Whether two values are one, or the same constant.
static bool isSame(Value a, Value b) {
  APInt x, y;
  return a == b || (matchPattern(a, m_ConstantInt(&x)) && matchPattern(b, m_ConstantInt(&y)) &&
                    x.getBitWidth() == y.getBitWidth() && x == y);
}

/// The factor of the generator of stochastic rounding (passes/quantize/FixedPoint.cpp).
static bool isRandomProduct(Operation *op) {
  APInt factor;
  constexpr uint64_t generator = 1664525;
  return isa_and_nonnull<arith::MulIOp>(op) &&
         matchPattern(op->getOperand(1), m_ConstantInt(&factor)) && factor == generator;
}

/// What is meant to wrap: what is shifted to the left and back by as many bits, which is how a
/// number is brought into fewer of them; and the steps of a random generator.
static Beyond beyondOf(Operation &op) {
  auto isBack = [&](Operation *user) {
    auto back = dyn_cast<arith::ShRSIOp>(user);
    return back && back.getLhs() == op.getResult(0) && isSame(back.getRhs(), op.getOperand(1));
  };
  bool isCut = isa<arith::ShLIOp>(op) && llvm::all_of(op.getUsers(), isBack);
  bool isRandom = isRandomProduct(&op) ||
                  (isa<arith::AddIOp>(op) && isRandomProduct(op.getOperand(0).getDefiningOp()));
  return isCut || isRandom ? Beyond::Wraps : Beyond::IsFault;
}

Value Terms::ofIntegers(Operation &op) {
  int bits = bitsOf(op.getOperand(0).getType());
  Value a = of(op.getOperand(0)), b = op.getNumOperands() > 1 ? of(op.getOperand(1)) : Value();
  auto two = [&](Operator which) {
    return [this, which, a, b, bits, beyond = beyondOf(op)](auto) {
      return theory.binary(which, a, b, bits, beyond);
    };
  };
  return llvm::TypeSwitch<Operation *, Value>(&op)
      .Case<arith::AddIOp>(two(Operator::Add))
      .Case<arith::SubIOp>(two(Operator::Subtract))
      .Case<arith::MulIOp>(two(Operator::Multiply))
      .Case<arith::DivSIOp>(two(Operator::Quotient))
      .Case<arith::RemSIOp>(two(Operator::Rest))
      .Case<arith::FloorDivSIOp>(two(Operator::QuotientDown))
      .Case<arith::CeilDivSIOp>(two(Operator::QuotientUp))
      .Case<arith::AndIOp>(two(Operator::And))
      .Case<arith::OrIOp>(two(Operator::Or))
      .Case<arith::XOrIOp>(two(Operator::Xor))
      .Case<arith::ShLIOp>(two(Operator::ShiftLeft))
      .Case<arith::ShRSIOp>(two(Operator::ShiftRight))
      .Case<arith::ShRUIOp>(two(Operator::ShiftRightUnsigned))
      .Case<arith::MaxSIOp>(two(Operator::Most))
      .Case<arith::MinSIOp>(two(Operator::Least))
      .Case([&](arith::CmpIOp compare) {
        return theory.compared(compare.getPredicate(), a, b, bits);
      })
      .Case([&](math::AbsIOp) { return theory.magnitude(a, bits); })
      .Case([&](math::CountLeadingZerosOp) { return theory.leadingZeros(a, bits); })
      .Default([](Operation *) { return Value(); });
}

Value Terms::conversion(Operation &op) {
  Type type = op.getOperand(0).getType(), result = op.getResult(0).getType();
  Value a = of(op.getOperand(0));
  int from = bitsOf(type), to = bitsOf(result);
  if (isa<arith::TruncIOp>(op)) {
    return isTruth(result) ? theory.isOdd(a) : theory.truncated(a, from, to);
  }
  if (isa<arith::BitcastOp>(op)) {
    return a;
  }
  bool isSigned = isa<arith::ExtSIOp>(op);
  return isTruth(type) ? theory.number(a, to, isSigned) : theory.extended(a, from, to, isSigned);
}

/// Such as "arith.addf.32", or "arith.cmpf.2.1.64" with its predicate.
Value Terms::function(Operation &op) {
  std::string name = op.getName().getStringRef().str();
  if (auto compare = dyn_cast<arith::CmpFOp>(op)) {
    name += fmt::format(".{}", static_cast<int>(compare.getPredicate()));
  }
  SmallVector<Value> operands;
  for (Value operand : op.getOperands()) {
    Value term = of(operand);
    operands.push_back(isTruth(operand.getType()) ? theory.number(term, 2) : term);
    name += fmt::format(".{}", bitsOf(operand.getType()));
  }
  Type type = op.getResult(0).getType();
  name += fmt::format(".{}", bitsOf(type));
  return theory.applied(name, operands,
                        isTruth(type) ? Type(smt::BoolType::get(theory.builder.getContext()))
                                      : theory.type(bitsOf(type)));
}

Value Terms::term(Operation &op) {
  if (auto number = dyn_cast<arith::ConstantOp>(op)) {
    return constant(number);
  }
  if (auto select = dyn_cast<arith::SelectOp>(op)) {
    return theory.select(of(select.getCondition()), of(select.getTrueValue()),
                         of(select.getFalseValue()));
  }
  StringRef dialect = op.getName().getDialectNamespace();
  if (op.getNumOperands() == 0 || (dialect != "arith" && dialect != "math")) {
    return {};
  }
  if (isa<arith::ExtSIOp, arith::ExtUIOp, arith::TruncIOp, arith::BitcastOp>(op)) {
    return conversion(op);
  }
  Type type = op.getOperand(0).getType();
  if (isFloat(type) || isFloat(op.getResult(0).getType())) {
    return function(op);
  }
  return isTruth(type) && op.getNumOperands() == 2 ? ofTruths(op) : ofIntegers(op);
}

Value Terms::of(Value value) {
  if (Value found = terms.lookup(value)) {
    return found;
  }
  if (Value found = known(value)) {
    return terms[value] = found;
  }
  Operation *def = value.getDefiningOp();
  bool isKnown = def && def->getNumResults() == 1 && def->getNumRegions() == 0;
  for (Value operand : isKnown ? def->getOperands() : ValueRange()) {
    isKnown = isKnown && of(operand);
  }
  Value made = isKnown ? term(*def) : Value();
  if (made) {
    terms[value] = made;
  } else if (missing.empty()) {
    missing = def ? def->getName().getStringRef().str() : "an argument";
  }
  return made;
}
