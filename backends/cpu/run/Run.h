//===- Run.h - native code in memory, and its runs --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"
#include "backends/cpu/lower/Lower.h"

#include "llvm/Target/TargetMachine.h"

namespace nirc::cpu {

/// Compiles the module, which holds what `lower` and `buildToLLVMPipeline` left, for the machine,
/// which must be this one. Nothing of the module is needed afterwards.
/// `profiled`: the code was lowered so. `parts` is what the compilation took so far.
nir::Result<std::unique_ptr<Executable>> load(mlir::ModuleOp module, Lowered lowered,
                                              double dtSeconds, bool profiled,
                                              std::vector<Profile::Part> parts,
                                              std::unique_ptr<llvm::TargetMachine> machine);

/// Compiles the job for this machine, with vectors no longer than it has; `profile` follows the
/// job.
nir::Result<std::unique_ptr<Executable>> compile(const Job &job, LowerOptions options);

} // namespace nirc::cpu
