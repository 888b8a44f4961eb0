//===- CBody.h - a population's body as C -----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/c/CExpressions.h"

#include "mlir/IR/Block.h"

#include <string>
#include <vector>

namespace nirc::cpu {

struct CBody {
  std::string statements; ///< each a constant of C, on a line of its own
  std::vector<std::string>
      yields; ///< what the terminator takes, in parentheses where it has operators
  std::vector<bool> isArgumentRead; ///< whether anything depends on an argument
  std::set<std::string> helpers;    ///< that stand in helperText
  bool usesMath = false;
  size_t ops = 0; ///< that are computed
};

/// A block of scalars without effects, whose arguments are these expressions. `indent` is put
/// before each line. Fails with a diagnostic where C has nothing like an op.
mlir::FailureOr<CBody> writeBody(mlir::Block &block, llvm::ArrayRef<Expression> arguments,
                                 llvm::StringRef indent);

} // namespace nirc::cpu
