//===- Run.h - native code in memory, and its runs --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"
#include "backends/cpu/Lower.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"

namespace nirc::cpu {

/// Compiles the module, which holds what `lower` and `buildToLLVMPipeline` left, for this machine.
/// `context` is the module's: the executable keeps it, since the weights live in it.
nir::Result<std::unique_ptr<Executable>> load(std::unique_ptr<mlir::MLIRContext> context,
                                              mlir::OwningOpRef<mlir::ModuleOp> module,
                                              Lowered lowered, double dtSeconds);

} // namespace nirc::cpu
