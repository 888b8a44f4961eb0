//===- Export.h - from the nir dialect to a graph ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/graph/Graph.h"

#include "mlir/IR/BuiltinOps.h"

namespace nir {

/// The model that a verified module holds as its one `nir.graph`: what importGraph was given, equal
/// in every part. Resources are shared with the model and outlive the context; values written as
/// `dense` are copied. Not while another thread reads the resources of the module's context. Since
/// 0.1.
Result<Model> exportGraph(mlir::ModuleOp module);

} // namespace nir
