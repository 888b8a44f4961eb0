//===- Memory.h - what a network takes of flash and RAM ---------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"
#include "backends/cpu/lower/Lower.h"

#include "mlir/IR/BuiltinOps.h"

namespace nirc::cpu {

/// The path of the node that an op was made for; empty where it is of none.
llvm::StringRef nodeOf(mlir::Operation *op);

/// Of what compact code was lowered to: exactly the arrays that its C file has, and about its code.
MemoryUse memoryOf(const Lowered &lowered, mlir::ModuleOp module);

} // namespace nirc::cpu
