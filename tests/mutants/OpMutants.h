//===- OpMutants.h - lowered code with one fault ----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <string>
#include <vector>

namespace nirc::mutants {

struct OpFault {
  std::string kind;          ///< ">= for >"
  std::string before, after; ///< the op
};

/// The faults that a function can have; `apply`, where it is not negative, says which one it gets.
std::vector<OpFault> faultsOf(mlir::func::FuncOp function, int apply = -1);

} // namespace nirc::mutants
