//===- Algebra.cpp - expressions over numbers -----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/equations/Algebra.h"

#include <cstddef>
#include <utility>

namespace nir {

Expression::Expression(Op op, std::vector<Expression> operands)
    : op(op), operands(std::move(operands)) {}

Expression Expression::named(std::string_view name) {
  Expression result(Op::Symbol, {});
  result.symbol = name;
  return result;
}

bool Expression::operator==(const Expression &other) const {
  return op == other.op && number == other.number && symbol == other.symbol &&
         operands == other.operands;
}

Expression operator-(const Expression &x) { return call(Op::Negate, x); }
Expression operator+(const Expression &x, const Expression &y) { return call(Op::Add, x, y); }
Expression operator-(const Expression &x, const Expression &y) { return call(Op::Subtract, x, y); }
Expression operator*(const Expression &x, const Expression &y) {
  return x.isNumber(1.0) ? y : y.isNumber(1.0) ? x : call(Op::Multiply, x, y);
}
Expression operator/(const Expression &x, const Expression &y) { return call(Op::Divide, x, y); }
Expression operator>(const Expression &x, const Expression &y) { return call(Op::Greater, x, y); }
Expression operator>=(const Expression &x, const Expression &y) {
  return call(Op::GreaterOrEqual, x, y);
}
Expression operator&&(const Expression &x, const Expression &y) { return call(Op::And, x, y); }
Expression choose(const Expression &condition, const Expression &x, const Expression &otherwise) {
  return {Op::Choose, {condition, x, otherwise}};
}
Expression call(Op op, const Expression &x) { return {op, {x}}; }
Expression call(Op op, const Expression &x, const Expression &y) { return {op, {x, y}}; }

std::string_view name(Op op) {
  constexpr std::string_view names[] = {
      "number", "symbol", "neg", "+",    "-",     "*", "/", "abs", "exp", "expm1", "log1p",
      "log",    "min",    "max", "ceil", "floor", "=", ">", ">=",  "and", "choose"};
  return names[static_cast<size_t>(op)];
}

Expression replaced(const Expression &in, const std::map<std::string, Expression> &values) {
  if (in.is(Op::Symbol)) {
    auto found = values.find(in.symbol);
    return found == values.end() ? in : replaced(found->second, values);
  }
  Expression result = in;
  for (Expression &operand : result.operands) {
    operand = replaced(operand, values);
  }
  return result;
}

void collectNames(const Expression &in, std::set<std::string> &names) {
  if (in.is(Op::Symbol)) {
    names.insert(in.symbol);
  }
  for (const Expression &operand : in.operands) {
    collectNames(operand, names);
  }
}

std::vector<Expression> summands(const Expression &in) {
  if (!in.is(Op::Add) && !in.is(Op::Subtract)) {
    return {in};
  }
  std::vector<Expression> all = summands(in.operands[0]);
  all.push_back(in.is(Op::Add) ? in.operands[1] : -in.operands[1]);
  return all;
}

std::vector<Expression> factors(const Expression &in) {
  if (!in.is(Op::Multiply)) {
    return {in};
  }
  std::vector<Expression> all = factors(in.operands[0]);
  for (Expression &factor : factors(in.operands[1])) {
    all.push_back(std::move(factor));
  }
  return all;
}

static Expression sumOf(const std::vector<Expression> &summands, size_t from) {
  Expression sum = summands[from];
  for (size_t n = from + 1; n < summands.size(); ++n) {
    sum = summands[n].is(Op::Negate) ? sum - summands[n].operands[0] : sum + summands[n];
  }
  return sum;
}

static Expression productOf(const std::vector<Expression> &factors, size_t from) {
  Expression product = factors[from];
  for (size_t n = from + 1; n < factors.size(); ++n) {
    product = product * factors[n];
  }
  return product;
}

/// "p v + p f u + d" is "p (v + f u) + d".
static Expression withFactorBefore(const Expression &sum) {
  std::vector<Expression> all = summands(sum), first = factors(all[0]), inner;
  if (all.size() < 2 || first.size() < 2) {
    return sum;
  }
  size_t common = 0;
  for (; common < all.size(); ++common) {
    std::vector<Expression> parts = factors(all[common]);
    if (parts.size() < 2 || !(parts[0] == first[0])) {
      break;
    }
    inner.push_back(productOf(parts, 1));
  }
  if (common < 2) {
    return sum;
  }
  std::vector<Expression> rest = {first[0] * sumOf(inner, 0)};
  rest.insert(rest.end(), all.begin() + static_cast<std::ptrdiff_t>(common), all.end());
  return sumOf(rest, 0);
}

Expression forReaders(const Expression &in) {
  Expression result = in;
  for (Expression &operand : result.operands) {
    operand = forReaders(operand);
  }
  const auto &parts = result.operands;
  if (in.is(Op::Negate) && parts[0].is(Op::Expm1)) {
    return 1.0 - call(Op::Exp, parts[0].operands[0]);
  }
  if (in.is(Op::Log1p)) {
    return call(Op::Log, parts[0].is(Op::Negate) ? 1.0 - parts[0].operands[0] : 1.0 + parts[0]);
  }
  bool isDifference = in.is(Op::Subtract);
  if (isDifference && parts[0].is(Op::Divide) && parts[1].is(Op::Divide) &&
      parts[0].operands[1] == parts[1].operands[1]) {
    return (parts[0].operands[0] - parts[1].operands[0]) / parts[0].operands[1];
  }
  return in.is(Op::Add) ? withFactorBefore(result) : result;
}

} // namespace nir
