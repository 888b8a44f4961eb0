//===- BodyTerms.h - a body as terms of bit vectors -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/fpga/datapath/ConstantProducts.h"
#include "passes/bodies/BodyRanges.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SMT/IR/SMTOps.h"
#include "mlir/IR/Builders.h"

namespace nirc::fpga {

/// Writes the ops of a body as ops of MLIR's smt dialect, one for one and at the widths of their
/// types. Shares nothing with BuildDatapath.cpp. An i1 is a bit vector of one bit.
///
/// Solvers find no proof that a product of 64 bits is one of 40, unless both are the same term. So
/// a product or a quotient is computed in the bits that it needs if its operands are in the ranges
/// that BodyRanges says. Nothing is taken on trust: that they are is a claim, which the solver has
/// to prove as well.
class BodyTerms {
public:
  BodyTerms(mlir::OpBuilder &builder, snn::PopulationOp op, const ProductRule &products)
      : builder(builder), ranges(op), products(products) {}

  /// What must be false for the terms to be the body's: a claim is wrong.
  llvm::ArrayRef<mlir::Value> wrongClaims() const { return wrong; }
  /// What is true of all inputs: the ends of products and quotients.
  llvm::ArrayRef<mlir::Value> lemmas() const { return known; }

  /// Products that are sums of many terms stand in the terms by a name; each is this equation.
  llvm::ArrayRef<mlir::Value> namedSums() const { return sums; }

  mlir::Value constant(int64_t number, int bits);
  /// The lowest bits of a number, or more with its sign.
  mlir::Value resized(mlir::Value value, int bits);
  /// An argument of the body is that signed number, of at most its bits.
  void define(mlir::BlockArgument argument, mlir::Value number);
  /// The term of a value of the body whose arguments are defined.
  mlir::Value of(mlir::Value value);

private:
  template <typename Op>
  mlir::Value make(mlir::Value a, mlir::Value b) {
    return Op::create(builder, builder.getUnknownLoc(), a, b);
  }
  mlir::Value extracted(mlir::Value value, int from, int bits);
  mlir::Value isBelow(mlir::Value value, int64_t limit);
  mlir::Value isAbove(mlir::Value value, int64_t limit);
  /// 1 or 0.
  mlir::Value bit(mlir::Value truth);
  mlir::Value select(mlir::Value truth, mlir::Value a, mlir::Value b);

  mlir::Value term(mlir::Operation &op);
  mlir::Value comparison(mlir::arith::CmpIOp op);
  mlir::Value product(mlir::arith::MulIOp op);
  mlir::Value sumOfTerms(mlir::Value x, int64_t factor);
  mlir::Value named(mlir::Value sum);
  mlir::Value quotient(mlir::Operation &op);
  /// Where the operands of the op are as claimed, its value is in the range.
  void addLemma(mlir::Operation &op, mlir::Value value, Interval range);
  /// A function of two numbers, "smul" or the like with the number of bits behind it.
  mlir::Value applied(llvm::StringRef name, mlir::Value a, mlir::Value b);
  /// An operand in `bits`, with the claim that it is in `range`, which they hold.
  mlir::Value claimed(mlir::Value operand, Interval range, int bits);
  mlir::Value leadingZeros(mlir::Value value);

  mlir::OpBuilder &builder;
  BodyRanges ranges;
  ProductRule products;
  llvm::SmallVector<mlir::Value> wrong, known, sums;
  llvm::DenseMap<mlir::Value, mlir::Value> outside; ///< that an operand is not in its range
  llvm::DenseMap<mlir::Value, mlir::Value> terms;
  llvm::StringMap<mlir::Value> functions;
};

} // namespace nirc::fpga
