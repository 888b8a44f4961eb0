//===- SmtValue.h - terms of SMT-LIB, evaluated -----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "mlir/Dialect/SMT/IR/SMTOps.h"
#include "llvm/ADT/APInt.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"

#include <gtest/gtest.h>
#include <map>
#include <string>

namespace nirc::proof::test {

/// The value of terms under an assignment of the constants, as SMT-LIB defines them: so terms can
/// be compared with an interpreter where no solver is installed. Whole numbers have 256 bits here.
class SmtValue {
public:
  explicit SmtValue(std::map<std::string, int64_t> constants) : constants(std::move(constants)) {}

  int64_t number(mlir::Value term) { return of(term).getSExtValue(); }
  bool truth(mlir::Value term) { return of(term).isOne(); }

private:
  static constexpr unsigned wide = 256;
  using Number = llvm::APInt;

  Number of(mlir::Value term) {
    if (auto found = known.find(term); found != known.end()) {
      return found->second;
    }
    Number value = evaluated(*term.getDefiningOp());
    known.try_emplace(term, value);
    return value;
  }
  static unsigned bitsOf(mlir::Value term) {
    auto vector = mlir::dyn_cast<mlir::smt::BitVectorType>(term.getType());
    return vector ? static_cast<unsigned>(vector.getWidth())
           : mlir::isa<mlir::smt::BoolType>(term.getType()) ? 1
                                                            : wide;
  }
  static Number truthOf(bool is) { return Number(1, is ? 1 : 0); }
  Number evaluated(mlir::Operation &op);
  Number ofBits(mlir::Operation &op);
  Number ofIntegers(mlir::Operation &op);

  std::map<std::string, int64_t> constants;
  llvm::DenseMap<mlir::Value, Number> known;
};

inline llvm::APInt SmtValue::evaluated(mlir::Operation &op) {
  namespace smt = mlir::smt;
  unsigned bits = bitsOf(op.getResult(0));
  auto in = [&](unsigned i) { return of(op.getOperand(i)); };
  if (auto declared = mlir::dyn_cast<smt::DeclareFunOp>(op)) {
    auto found = constants.find(declared.getNamePrefix()->str());
    EXPECT_NE(found, constants.end()) << declared.getNamePrefix()->str();
    return Number(64, static_cast<uint64_t>(found->second)).sextOrTrunc(bits);
  }
  if (auto constant = mlir::dyn_cast<smt::BoolConstantOp>(op)) {
    return truthOf(constant.getValue());
  }
  if (mlir::isa<smt::IteOp>(op)) {
    return in(0).isOne() ? in(1) : in(2);
  }
  if (mlir::isa<smt::EqOp>(op)) {
    return truthOf(in(0) == in(1));
  }
  if (mlir::isa<smt::DistinctOp>(op)) {
    return truthOf(in(0) != in(1));
  }
  if (mlir::isa<smt::NotOp>(op)) {
    return ~in(0);
  }
  if (mlir::isa<smt::AndOp, smt::OrOp>(op)) {
    bool isAnd = mlir::isa<smt::AndOp>(op), is = isAnd;
    for (mlir::Value operand : op.getOperands()) {
      bool each = of(operand).isOne();
      is = isAnd ? is && each : is || each;
    }
    return truthOf(is);
  }
  return op.getName().getStringRef().starts_with("smt.bv.") ? ofBits(op) : ofIntegers(op);
}

inline llvm::APInt SmtValue::ofBits(mlir::Operation &op) {
  namespace smt = mlir::smt;
  if (auto constant = mlir::dyn_cast<smt::BVConstantOp>(op)) {
    return constant.getValue().getValue();
  }
  Number a = of(op.getOperand(0)), b = op.getNumOperands() > 1 ? of(op.getOperand(1)) : a;
  unsigned bits = bitsOf(op.getResult(0));
  if (auto compare = mlir::dyn_cast<smt::BVCmpOp>(op)) {
    switch (compare.getPred()) {
    case smt::BVCmpPredicate::slt:
      return truthOf(a.slt(b));
    case smt::BVCmpPredicate::sle:
      return truthOf(a.sle(b));
    case smt::BVCmpPredicate::sgt:
      return truthOf(a.sgt(b));
    case smt::BVCmpPredicate::sge:
      return truthOf(a.sge(b));
    case smt::BVCmpPredicate::ult:
      return truthOf(a.ult(b));
    case smt::BVCmpPredicate::ule:
      return truthOf(a.ule(b));
    case smt::BVCmpPredicate::ugt:
      return truthOf(a.ugt(b));
    case smt::BVCmpPredicate::uge:
      return truthOf(a.uge(b));
    }
  }
  if (auto extract = mlir::dyn_cast<smt::ExtractOp>(op)) {
    return a.extractBits(bits, extract.getLowBit());
  }
  if (mlir::isa<smt::RepeatOp>(op)) {
    Number all(bits, 0);
    for (unsigned at = 0; at < bits; at += a.getBitWidth()) {
      all.insertBits(a, at);
    }
    return all;
  }
  if (mlir::isa<smt::ConcatOp>(op)) {
    return a.concat(b);
  }
  bool isBeyond = b.uge(bits);
  return mlir::isa<smt::BVAddOp>(op)   ? a + b
         : mlir::isa<smt::BVNegOp>(op) ? -a
         : mlir::isa<smt::BVMulOp>(op) ? a * b
         : mlir::isa<smt::BVAndOp>(op) ? a & b
         : mlir::isa<smt::BVOrOp>(op)  ? a | b
         : mlir::isa<smt::BVXOrOp>(op) ? a ^ b
         : mlir::isa<smt::BVSDivOp>(op)
             ? (b.isZero() ? Number(bits, a.isNegative() ? 1 : -1, true) : a.sdiv(b))
         : mlir::isa<smt::BVSRemOp>(op) ? (b.isZero() ? a : a.srem(b))
         : mlir::isa<smt::BVShlOp>(op)  ? (isBeyond ? Number(bits, 0) : a.shl(b))
         : mlir::isa<smt::BVLShrOp>(op) ? (isBeyond ? Number(bits, 0) : a.lshr(b))
                                        : a.ashr(isBeyond ? Number(bits, bits - 1) : b);
}

/// `div` rounds down and `mod` is not negative, as all divisors are positive here.
inline llvm::APInt SmtValue::ofIntegers(mlir::Operation &op) {
  namespace smt = mlir::smt;
  if (auto constant = mlir::dyn_cast<smt::IntConstantOp>(op)) {
    return constant.getValue().sextOrTrunc(wide);
  }
  Number a = of(op.getOperand(0)), b = of(op.getOperand(1));
  if (auto compare = mlir::dyn_cast<smt::IntCmpOp>(op)) {
    switch (compare.getPred()) {
    case smt::IntPredicate::lt:
      return truthOf(a.slt(b));
    case smt::IntPredicate::le:
      return truthOf(a.sle(b));
    case smt::IntPredicate::gt:
      return truthOf(a.sgt(b));
    case smt::IntPredicate::ge:
      return truthOf(a.sge(b));
    }
  }
  if (mlir::isa<smt::IntAddOp>(op)) {
    return a + b;
  }
  if (mlir::isa<smt::IntSubOp>(op)) {
    return a - b;
  }
  if (mlir::isa<smt::IntMulOp>(op)) {
    return a * b;
  }
  if (b.isZero()) { // any number
    return Number(wide, 0);
  }
  Number rest = a.srem(b);
  Number left = rest.isNegative() ? rest + b : rest;
  return mlir::isa<smt::IntModOp>(op) ? left : (a - left).sdiv(b);
}

} // namespace nirc::proof::test
