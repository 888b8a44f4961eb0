//===- Import.h - from a graph to the nir dialect ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/graph/Graph.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace nir {

/// The model as a module that holds one `nir.graph`; loses nothing. Large parameters share the
/// model's memory, which the context then keeps alive. What `check` (ir/graph/Check.h) has against
/// the graph is reported to the context as errors, and there is no module then; its warnings are
/// left to whoever asks it. `file` is what diagnostics name; the graph is called after its stem.
/// Linear in the size of the graph. Since 0.1.
mlir::OwningOpRef<mlir::ModuleOp> importGraph(const Model &model, llvm::StringRef file,
                                              mlir::MLIRContext &context);

} // namespace nir
