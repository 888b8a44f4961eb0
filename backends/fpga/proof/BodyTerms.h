//===- BodyTerms.h - a body as terms of bit vectors -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/fpga/datapath/ConstantProducts.h"
#include "backends/proof/Terms.h"
#include "passes/bodies/BodyRanges.h"

namespace nirc::fpga {

/// The ops of a body as terms, one for one and at the widths of their types, but for products and
/// quotients. Shares nothing with BuildDatapath.cpp.
///
/// Solvers find no proof that a product of 64 bits is one of 40, unless both are the same term. So
/// a product or a quotient is computed in the bits that it needs if its operands are in the ranges
/// that BodyRanges says. Nothing is taken on trust: that they are is a claim, which the solver has
/// to prove as well.
class BodyTerms : public proof::Terms {
public:
  BodyTerms(proof::Bits &numbers, snn::PopulationOp op, const ProductRule &products)
      : Terms(numbers), numbers(numbers), ranges(op), products(products) {}

  /// What must be false for the terms to be the body's: a claim is wrong.
  llvm::ArrayRef<mlir::Value> wrongClaims() const { return wrong; }
  /// What is true of all inputs: the ends of products and quotients.
  llvm::ArrayRef<mlir::Value> lemmas() const { return known; }
  /// Products that are sums of many terms stand in the terms by a name; each is this equation.
  llvm::ArrayRef<mlir::Value> namedSums() const { return sums; }

  /// An argument of the body is that signed number, of at most its bits.
  void define(mlir::BlockArgument argument, mlir::Value number);
  /// The term of a value of the body whose arguments are defined, in so many bits.
  mlir::Value of(mlir::Value value, int bits);

private:
  mlir::Value term(mlir::Operation &op) override;
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

  proof::Bits &numbers;
  BodyRanges ranges;
  ProductRule products;
  llvm::SmallVector<mlir::Value> wrong, known, sums;
  llvm::DenseMap<mlir::Value, mlir::Value> outside; ///< that an operand is not in its range
};

} // namespace nirc::fpga
