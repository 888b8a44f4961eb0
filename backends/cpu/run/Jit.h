//===- Jit.h - code that is compiled in memory ------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/cpu/run/Code.h"

#include "llvm/Target/TargetMachine.h"

namespace nirc::cpu {

/// Compiles the module, which holds what `lower` and `buildToLLVMPipeline` left, for the machine,
/// which must be this one. Nothing of the module is needed afterwards.
nir::Result<std::shared_ptr<const Code>> compileInMemory(mlir::ModuleOp module, Lowered lowered,
                                                         size_t outputs,
                                                         llvm::TargetMachine &machine);

} // namespace nirc::cpu
