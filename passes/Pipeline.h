//===- Pipeline.h - from a graph to a clocked network -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Graph.h"
#include "ir/Recording.h"
#include "ir/Semantics.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/OwningOpRef.h"

namespace nirc {

/// Keeps what MLIR reports while it lives, instead of printing it.
class DiagnosticCollector : public mlir::ScopedDiagnosticHandler {
public:
  explicit DiagnosticCollector(mlir::MLIRContext &context);
  /// The first error, as ir/ words it.
  nir::Error takeError();

private:
  std::vector<nir::Error> errors;
};

/// import and discretize, each followed by verify-stage: the module of one snn.network with numbers
/// of `dtype` (F32 or F64) that records `probes`. Null after a diagnostic.
mlir::OwningOpRef<mlir::ModuleOp> buildNetwork(const nir::Graph &graph, const std::string &file,
                                               const nir::Semantics &semantics, nir::DType dtype,
                                               const std::vector<nir::Probe> &probes,
                                               mlir::MLIRContext &context);

} // namespace nirc
