//===- Lower.h - snn to a step function -------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/cpu/Layout.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace nirc::cpu {

/// A weight array that the code reads: `symbol` names a memref.global without a value, to be bound
/// to the memory of `values` when the code is loaded. So weights are never copied into code.
struct Parameter {
  std::string symbol;
  mlir::ElementsAttr values;
};

/// What the lowered module still owes to whoever runs it.
struct Lowered {
  Layout layout;
  std::vector<Parameter> parameters;
};

/// Replaces the module's one snn.network by `func.func @step(%arena)`, which advances it by one
/// step. Everything the step touches lies in the arena, as the layout says, and in the parameters.
/// Fails with a diagnostic.
llvm::FailureOr<Lowered> lower(mlir::ModuleOp module);

/// The pass `cpu-lower`: `lower`, for nir-opt.
std::unique_ptr<mlir::Pass> createLowerPass();

/// A context for one network, with the dialects that `lower` writes and the pipeline below.
std::unique_ptr<mlir::MLIRContext> makeContext();

/// The passes from what `lower` leaves to the llvm dialect.
void buildToLLVMPipeline(mlir::OpPassManager &pm);

} // namespace nirc::cpu
