//===- Algebra.h - expressions over numbers ---------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace nir {

/// What an expression does with its operands.
enum class Op {
  Number,
  Symbol,
  Negate,
  Add,
  Subtract,
  Multiply,
  Divide,
  Absolute,
  Exp,
  Expm1, ///< exp(x) - 1
  Log1p, ///< log(1 + x)
  Log,   ///< in `forReaders` alone
  Minimum,
  Maximum,
  Ceil,
  Floor,
  Equal,
  Greater,
  GreaterOrEqual,
  And,
  Choose, ///< the second where the first is true, else the third
};

/// A number, a name, or an operation on others; a tree, of which each node is one operation in the
/// order of the tree: nothing is reassociated.
struct Expression {
  Expression(double number) : number(number) {} // 1.0 - k
  Expression(Op op, std::vector<Expression> operands);
  /// The number or parameter of that name.
  static Expression named(std::string_view name);

  bool is(Op other) const { return op == other; }
  bool isNumber(double other) const { return op == Op::Number && number == other; }
  bool operator==(const Expression &other) const;

  Op op = Op::Number;
  double number = 0.0;
  std::string symbol; ///< of a Symbol
  std::vector<Expression> operands;
};

Expression operator-(const Expression &x);
Expression operator+(const Expression &x, const Expression &y);
Expression operator-(const Expression &x, const Expression &y);
/// A factor of 1 is left out: it changes no number.
Expression operator*(const Expression &x, const Expression &y);
Expression operator/(const Expression &x, const Expression &y);
/// Conditions.
Expression operator>(const Expression &x, const Expression &y);
Expression operator>=(const Expression &x, const Expression &y);
Expression operator&&(const Expression &x, const Expression &y);
Expression choose(const Expression &condition, const Expression &x, const Expression &otherwise);
/// Op::Exp and other functions of one or two numbers.
Expression call(Op op, const Expression &x);
Expression call(Op op, const Expression &x, const Expression &y);

/// "+", "exp", "choose": how the operation is called in data.
std::string_view name(Op op);

/// With each name that the map has replaced, again in what replaces it.
Expression replaced(const Expression &in, const std::map<std::string, Expression> &values);

/// Adds the names in the expression.
void collectNames(const Expression &in, std::set<std::string> &names);

/// The same in the form that people write: 1 - exp(-x) for -expm1(-x), one factor before a sum, one
/// denominator below a difference. Equal to it in algebra, not in roundings.
Expression forReaders(const Expression &in);

/// The summands and the factors of an expression, as people read them. A summand that is
/// subtracted is a Negate.
std::vector<Expression> summands(const Expression &in);
std::vector<Expression> factors(const Expression &in);

} // namespace nir
