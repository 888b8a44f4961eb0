//===- Theory.h - integers as solvers have them -----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The ops of integers in two theories of SMT-LIB, as ops of MLIR's smt dialect. Solvers find most
// proofs in bit vectors, where both sides of an equation have the same products; and in whole
// numbers those where a product is written in another way, or where nothing overflows.
//
// A number is signed and has 2 to 64 bits; an i1 is a Bool in both theories. Ops mean what
// dialects/snn/interpreter/InterpreterBody.cpp says, where nothing that is in `faults` happens.

#pragma once

#include "passes/bodies/Interval.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SMT/IR/SMTOps.h"
#include "mlir/IR/Builders.h"

#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace nirc::proof {

/// Ops of two numbers of one width.
enum class Operator {
  Add,
  Subtract,
  Multiply,
  Quotient, ///< toward zero
  Rest,     ///< with the sign of the dividend
  QuotientDown,
  QuotientUp,
  ShiftLeft,
  ShiftRight,         ///< with the sign
  ShiftRightUnsigned, ///< with zeros
  And,
  Or,
  Xor,
  Least,
  Most
};

/// What becomes of a result that its width does not hold, in a theory whose numbers have no end.
enum class Beyond {
  IsFault, ///< it is in `faults`
  Wraps    ///< as the machine's does, since that is meant
};

/// What a signed number of that width can be.
constexpr Interval rangeOfWidth(int bits) {
  return {std::numeric_limits<int64_t>::min() >> (64 - bits),
          std::numeric_limits<int64_t>::max() >> (64 - bits)};
}

/// Writes terms at the place of a builder, which outlives it.
class Theory {
public:
  explicit Theory(mlir::OpBuilder &builder) : builder(builder) {}
  virtual ~Theory() = default;
  Theory(const Theory &) = delete;
  Theory &operator=(const Theory &) = delete;

  //===--- Numbers ---===//

  virtual mlir::Value constant(int64_t number, int bits) = 0;
  /// Any number of that width within a range, by a name that a counterexample shows. That it is
  /// there is one of the `facts`.
  mlir::Value declared(llvm::StringRef name, int bits, Interval range);
  mlir::Value declared(llvm::StringRef name, int bits);
  virtual mlir::Value binary(Operator op, mlir::Value a, mlir::Value b, int bits,
                             Beyond beyond = Beyond::IsFault) = 0;
  virtual mlir::Value compared(mlir::arith::CmpIPredicate predicate, mlir::Value a, mlir::Value b,
                               int bits) = 0;
  /// The number in more bits, with its sign or with zeros.
  virtual mlir::Value extended(mlir::Value number, int from, int to, bool isSigned) = 0;
  /// The lowest bits, of which there are 2 or more.
  virtual mlir::Value truncated(mlir::Value number, int from, int to) = 0;
  virtual mlir::Value isOdd(mlir::Value number) = 0;
  virtual mlir::Value leadingZeros(mlir::Value number, int bits) = 0;
  virtual mlir::Value magnitude(mlir::Value number, int bits) = 0;

  //===--- Truths ---===//

  mlir::Value truth(bool is);
  mlir::Value declaredTruth(llvm::StringRef name);
  mlir::Value negated(mlir::Value truth);
  mlir::Value both(mlir::Value a, mlir::Value b);
  mlir::Value either(mlir::Value a, mlir::Value b);
  mlir::Value all(mlir::ValueRange truths);
  mlir::Value any(mlir::ValueRange truths);
  mlir::Value equal(mlir::Value a, mlir::Value b);
  mlir::Value differ(mlir::Value a, mlir::Value b);
  /// Of numbers or of truths.
  mlir::Value select(mlir::Value condition, mlir::Value a, mlir::Value b);
  /// 1 or 0; -1 or 0 where it is signed.
  mlir::Value number(mlir::Value truth, int bits, bool isSigned = false);
  /// Whether a number is outside of a range.
  mlir::Value isOutside(mlir::Value number, int bits, Interval range);

  //===--- Functions ---===//

  /// A function that nothing is known of, but that it gives the same for the same: of what solvers
  /// do not compute. Null where the theory has none.
  virtual mlir::Value applied(llvm::StringRef /*name*/, mlir::ValueRange /*operands*/,
                              mlir::Type /*result*/) {
    return {};
  }
  /// Of SMT-LIB, what the terms that were made need.
  virtual llvm::StringRef logic() const = 0;
  /// The type of a number of that width.
  virtual mlir::Type type(int bits) const = 0;

  //===--- What goes with the terms ---===//

  /// What may be taken as true: the ranges of what was declared.
  std::vector<mlir::Value> facts;
  /// What must not happen for the terms to mean what the ops do.
  struct Fault {
    mlir::Value happens;
    std::string what; ///< "a sum leaves its 32 bits"
  };
  std::vector<Fault> faults;
  /// Whether there is a quotient, of which solvers know more in whole numbers.
  bool divides = false;
  /// Whether some term stands for more than what the op gives: then only `unsat` says something.
  bool isLoose = false;

  mlir::OpBuilder &builder;

protected:
  /// Whether numbers of a width are more than that width holds.
  virtual bool isEndless() const = 0;
  template <typename Smt, typename... Args>
  Smt make(Args &&...args) {
    return Smt::create(builder, builder.getUnknownLoc(), std::forward<Args>(args)...);
  }
};

/// QF_UFBV: numbers wrap as those of the machine do. There are no faults but divisors of 0.
class Bits : public Theory {
public:
  using Theory::Theory;
  mlir::Value constant(int64_t number, int bits) override;
  mlir::Value binary(Operator op, mlir::Value a, mlir::Value b, int bits,
                     Beyond beyond = Beyond::IsFault) override;
  mlir::Value compared(mlir::arith::CmpIPredicate predicate, mlir::Value a, mlir::Value b,
                       int bits) override;
  mlir::Value extended(mlir::Value number, int from, int to, bool isSigned) override;
  mlir::Value truncated(mlir::Value number, int from, int to) override;
  mlir::Value isOdd(mlir::Value number) override;
  mlir::Value leadingZeros(mlir::Value number, int bits) override;
  mlir::Value magnitude(mlir::Value number, int bits) override;
  mlir::Value applied(llvm::StringRef name, mlir::ValueRange operands, mlir::Type result) override;
  llvm::StringRef logic() const override { return functions.empty() ? "QF_BV" : "QF_UFBV"; }
  mlir::Type type(int bits) const override;

  /// `bits` of a number from that place on.
  mlir::Value extracted(mlir::Value number, int from, int bits);
  /// The lowest bits, or more with the sign.
  mlir::Value resized(mlir::Value number, int bits);
  static int bitsOf(mlir::Value number);

private:
  bool isEndless() const override { return false; }
  mlir::Value quotient(Operator op, mlir::Value a, mlir::Value b, int bits);
  llvm::StringMap<mlir::Value> functions;
};

/// QF_LIA or QF_NIA: whole numbers without end. That one leaves its width is a fault; so is a
/// divisor of 0, and a shift by the width or more.
class Integers : public Theory {
public:
  /// `forgets`: what wraps is any number of its width, of which solvers prove more than of what it
  /// is; the theory is then loose.
  explicit Integers(mlir::OpBuilder &builder, bool forgets = false)
      : Theory(builder), forgets(forgets) {}
  mlir::Value constant(int64_t number, int bits) override;
  mlir::Value binary(Operator op, mlir::Value a, mlir::Value b, int bits,
                     Beyond beyond = Beyond::IsFault) override;
  mlir::Value compared(mlir::arith::CmpIPredicate predicate, mlir::Value a, mlir::Value b,
                       int bits) override;
  mlir::Value extended(mlir::Value number, int from, int to, bool isSigned) override;
  mlir::Value truncated(mlir::Value number, int from, int to) override;
  mlir::Value isOdd(mlir::Value number) override;
  mlir::Value leadingZeros(mlir::Value number, int bits) override;
  mlir::Value magnitude(mlir::Value number, int bits) override;
  llvm::StringRef logic() const override { return linear ? "QF_LIA" : "QF_NIA"; }
  mlir::Type type(int bits) const override;

private:
  bool isEndless() const override { return true; }
  static std::optional<int64_t> constantIn(mlir::Value number);
  mlir::Value whole(const llvm::APInt &number);
  mlir::Value power(int exponent);
  mlir::Value less(mlir::Value a, mlir::Value b);
  mlir::Value sum(mlir::Value a, mlir::Value b);
  mlir::Value minus(mlir::Value a, mlir::Value b);
  mlir::Value times(mlir::Value a, mlir::Value b);
  /// What an op gives, with the fault that it leaves its width.
  mlir::Value held(mlir::Value number, int bits, llvm::StringRef what,
                   Beyond beyond = Beyond::IsFault);
  /// The same as an unsigned number.
  mlir::Value unsignedOf(mlir::Value number, int bits);
  /// Those bits of a number that are set in a constant.
  mlir::Value masked(mlir::Value number, int64_t mask);
  mlir::Value bitwise(Operator op, mlir::Value a, mlir::Value b, int bits);
  mlir::Value shifted(Operator op, mlir::Value a, mlir::Value by, int bits, Beyond beyond);
  mlir::Value shiftedBy(Operator op, mlir::Value a, int by, int bits);
  mlir::Value quotient(Operator op, mlir::Value a, mlir::Value b, int bits);
  mlir::Value quotientBy(Operator op, mlir::Value a, int64_t by, int bits);
  /// Any number of that width.
  mlir::Value unknown(int bits);

  bool forgets;
  bool linear = true; ///< no product is of two numbers that are both not constant
  int unknowns = 0;
};

/// A text of SMT-LIB 2: the assertions, in that logic, without (check-sat). The builder's block is
/// that of a `Sheet`.
class Sheet {
public:
  explicit Sheet(mlir::MLIRContext &context);
  mlir::OpBuilder builder;
  std::string text(llvm::StringRef logic, llvm::ArrayRef<mlir::Value> assertions);

private:
  mlir::OwningOpRef<mlir::Operation *> module;
};

} // namespace nirc::proof
