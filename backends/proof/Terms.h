//===- Terms.h - ops as terms of a theory -----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/proof/Theory.h"

namespace nirc::proof {

/// The values of a block as terms, one op for one, from nothing but the meaning that the
/// interpreter gives the ops. A vector stands for one of its elements, any of them.
///
/// Numbers of floats are bit vectors, and their ops functions that nothing is known of, one an op
/// and type: what is then equal has the same ops on the same operands.
class Terms {
public:
  explicit Terms(Theory &theory) : theory(theory) {}
  virtual ~Terms() = default;

  void define(mlir::Value value, mlir::Value term) { terms[value] = term; }
  /// The term of a value, where all that it is computed from is defined or an op of `arith` or
  /// `math`; null where it is not, and `unknown` says what was found.
  mlir::Value of(mlir::Value value);
  const std::string &unknown() const { return missing; }

protected:
  /// Of a value that is not computed from terms, as what is loaded; null of any other.
  virtual mlir::Value known(mlir::Value /*value*/) { return {}; }
  /// Of an op with one result, whose operands have terms; null where there is none.
  virtual mlir::Value term(mlir::Operation &op);

  Theory &theory;

private:
  mlir::Value constant(mlir::arith::ConstantOp op);
  mlir::Value ofTruths(mlir::Operation &op);
  mlir::Value ofIntegers(mlir::Operation &op);
  mlir::Value conversion(mlir::Operation &op);
  mlir::Value function(mlir::Operation &op);

  llvm::DenseMap<mlir::Value, mlir::Value> terms;
  std::string missing;
};

/// Bits of a number, or of the elements of a vector.
int bitsOf(mlir::Type type);

} // namespace nirc::proof
