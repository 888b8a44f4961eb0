//===- JobNetwork.h - the network of a job ----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include <functional>

namespace nirc {

/// The network that a file holds, recording the job's probes too, or else what the compiler makes
/// of the graph. `onImported` is called when the file or the graph has become IR, and may be empty.
/// Null after a diagnostic.
mlir::OwningOpRef<mlir::ModuleOp> networkOf(const Job &job, mlir::MLIRContext &context,
                                            const std::function<void()> &onImported = {});

} // namespace nirc
