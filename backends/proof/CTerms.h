//===- CTerms.h - C as terms of a theory ------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/c/CSyntax.h"
#include "backends/proof/Theory.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nirc::proof {

/// A number of C: its bits are those of a signed number of the theory, a `bool` is a truth.
struct CNumber {
  c::Type type;
  mlir::Value term;
  std::optional<int64_t> literal = {}; ///< of a constant of the text
  int fits = 64;                       ///< bits of a signed number that hold it for sure
  /// A number of which the term is the lowest bits, which hold it with its sign; may be null. Where
  /// the sign is repeated again this stands there, so that solvers see that it is the same.
  mlir::Value whole = {};
  int bitsOfWhole = 0;
  bool isWholeSigned = true; ///< else zeros stand before the term
  /// What who knows the arrays notes of it: its term means nothing, and what knows no tags refuses
  /// it.
  std::string tag = {};
};

/// What statements of C compute, as C11 says it of machines in two's complement with an int of 32
/// bits; where it leaves the choice to the compiler, as gcc and clang have it: a number that is
/// converted to a signed type keeps its lowest bits, and `>>` of a negative number rounds down.
///
/// What C leaves undefined is in the theory's `faults`: an overflow of signed numbers, a shift by
/// the width or more or of what is negative, a divisor of 0, and a quotient that does not fit.
///
/// What it does not know it refuses: `refusal` then says what was found, and no term means
/// anything.
class CTerms {
public:
  explicit CTerms(Theory &theory) : theory(theory), scopes(1) {}
  virtual ~CTerms() = default;

  /// Runs a statement; of a loop a turn is not run.
  void run(const c::Statement &statement);
  CNumber of(const c::Expression &expression);
  /// Such as `lif1_v[((i * 9) + j)]`: names that stand for an expression are replaced by it, so
  /// that the same place has the same text.
  std::string placeOf(const c::Expression &expression) const;

  /// Declares a local variable; without a term it is not readable.
  void declare(const std::string &name, const c::Type &type, mlir::Value term);
  /// What a variable is now; null where it was not written on every way to here.
  mlir::Value valueOf(const std::string &name) const;

  CNumber converted(CNumber number, const c::Type &to);
  const std::string &refusal() const { return refused; }
  bool failed() const { return !refused.empty(); }

protected:
  /// What an array holds at a place.
  virtual CNumber read(const c::Expression &place);
  virtual void write(const c::Expression &place, CNumber value);
  /// What an operator makes of numbers, where who knows the arrays knows more of them.
  virtual std::optional<CNumber> combined(const c::Expression & /*e*/, const CNumber & /*a*/,
                                          const CNumber & /*b*/) {
    return {};
  }

  CNumber arithmetic(const std::string &sign, CNumber a, CNumber b, int line);
  /// What must not happen where this is run.
  void fault(mlir::Value happens, const std::string &what);
  CNumber refuse(int line, const std::string &message);
  CNumber truth(mlir::Value term) { return {c::integerType(1, false), term, {}, 2}; }
  CNumber constant(int64_t number, const c::Type &type);

  Theory &theory;
  /// Of arrays: what each place holds.
  std::map<std::string, CNumber> cells;

private:
  struct Variable {
    CNumber number;   ///< without a term where it was not written on every way to here
    std::string text; ///< what it stands for in places; empty: itself
  };
  using Scope = std::map<std::string, Variable>;

  const Variable *find(const std::string &name) const;
  CNumber untagged(CNumber number, int line);
  CNumber unary(const c::Expression &e);
  CNumber binary(const c::Expression &e);
  CNumber logical(const c::Expression &e);
  CNumber conditional(const c::Expression &e);
  CNumber shifted(const std::string &sign, const CNumber &a, CNumber b, int line);
  CNumber divided(const std::string &sign, const CNumber &a, const CNumber &b, int line);
  CNumber compared(const std::string &sign, const CNumber &a, const CNumber &b);
  CNumber promoted(const CNumber &number);
  void balance(CNumber &a, CNumber &b);
  mlir::Value truthOf(const CNumber &number);
  CNumber helper(const c::Expression &e);
  /// Faults of what is evaluated only where a condition holds are none elsewhere.
  void under(mlir::Value condition, llvm::function_ref<void()> body);
  void declare(const c::Statement &statement);
  void assign(const c::Statement &statement);
  void branch(const c::Statement &statement);
  CNumber joined(mlir::Value condition, const CNumber &a, const CNumber &b);
  void merge(mlir::Value condition, std::vector<Scope> otherScopes,
             const std::map<std::string, CNumber> &otherCells);
  void checkOverflow(const std::string &sign, const CNumber &a, const CNumber &b,
                     mlir::Value result);

  std::vector<Scope> scopes;
  mlir::Value path; ///< null: always
  std::string refused;
};

} // namespace nirc::proof
