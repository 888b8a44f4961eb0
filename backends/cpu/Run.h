//===- Run.h - native code in memory, and its runs --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"
#include "backends/cpu/Lower.h"

#include "llvm/Target/TargetMachine.h"

namespace nirc::cpu {

/// Compiles the module, which holds what `lower` and `buildToLLVMPipeline` left, for the machine,
/// which must be this one. Nothing of the module is needed afterwards.
nir::Result<std::unique_ptr<Executable>> load(mlir::ModuleOp module, Lowered lowered,
                                              double dtSeconds,
                                              std::unique_ptr<llvm::TargetMachine> machine);

} // namespace nirc::cpu
