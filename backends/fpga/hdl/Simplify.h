//===- Simplify.h - circuits without what nobody reads ----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/fpga/hdl/Hdl.h"

#include "mlir/IR/BuiltinOps.h"

namespace hdl {

/// Folds constants, makes equal logic one, and removes what no output, instance or written memory
/// depends on. Of all circuits in the module. Fails where the result is no valid circuit, with a
/// diagnostic.
llvm::LogicalResult simplify(mlir::ModuleOp circuits);
/// Of one, which is not verified.
llvm::LogicalResult simplify(CircuitOp circuit);

} // namespace hdl
