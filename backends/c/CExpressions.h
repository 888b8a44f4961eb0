//===- CExpressions.h - values as C expressions -----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/graph/Tensor.h"

#include "mlir/IR/Operation.h"
#include "llvm/ADT/DenseMap.h"

#include <set>
#include <string>

namespace nirc::cpu {

/// How tightly an expression holds together, as in the grammar of C.
enum Precedence : int {
  Conditional,
  Or,
  And,
  Bits,
  Equal,
  Less,
  Shift,
  Sum,
  Product,
  Unary,
  Primary
};

struct Expression {
  std::string text;
  Precedence precedence = Primary;
};

/// The C type of a scalar; empty where it has none. Integers are unsigned: they wrap as MLIR's do.
std::string typeText(mlir::Type type);
std::string typeText(nir::DType type);

/// The expressions of the values of one function.
class Expressions {
public:
  void set(mlir::Value value, Expression expression) { known[value] = std::move(expression); }
  const std::string &text(mlir::Value value) const { return known.find(value)->second.text; }
  /// The text of an operand, in parentheses where an operator of `parent`'s precedence needs them.
  std::string operand(mlir::Value value, Precedence parent, bool isRight = false) const;

  /// What an op without side effects computes: one of arith, or of math as libm computes it. Fails
  /// with a diagnostic where C has nothing like it.
  llvm::FailureOr<Expression> of(mlir::Operation *op);

  /// The upper half of a product of two integers of 32 bits, the second result of such an op.
  llvm::FailureOr<Expression> highHalf(mlir::Operation *op);

  bool usesMath = false;         ///< anything of math.h
  std::set<std::string> helpers; ///< names of helpers that stand in helperText

private:
  std::optional<Expression> ofInteger(mlir::Operation *op);
  std::optional<Expression> ofFloat(mlir::Operation *op);
  std::optional<Expression> ofConversion(mlir::Operation *op);
  std::optional<Expression> ofMath(mlir::Operation *op);
  Expression binary(mlir::Operation *op, const char *sign, Precedence precedence);
  Expression ofSum(mlir::Operation *op);
  Expression compare(mlir::Operation *op, const char *sign, bool isSigned);
  Expression cast(const std::string &type, mlir::Value value);
  Expression signedOperand(mlir::Value value);

  llvm::DenseMap<mlir::Value, Expression> known;
};

/// A C function that expressions call: "maximum_float".
std::string helperText(const std::string &name);

} // namespace nirc::cpu
