//===- Pipeline.h - from a graph to a clocked network -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "dialects/snn/Snn.h"
#include "ir/choices/Semantics.h"
#include "ir/graph/Graph.h"
#include "ir/recording/Recording.h"
#include "passes/Folding.h"
#include "passes/Notice.h"
#include "passes/Quantization.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/OwningOpRef.h"

#include <functional>

namespace nirc {

/// Keeps what MLIR reports while it lives, instead of printing it.
class DiagnosticCollector : public mlir::ScopedDiagnosticHandler {
public:
  /// `cause` is that of errors which do not carry their own.
  explicit DiagnosticCollector(mlir::MLIRContext &context,
                               nir::Cause cause = nir::Cause::CannotCompile);
  /// The first error, as ir/ words it.
  nir::Error takeError();

private:
  std::vector<nir::Error> errors;
};

/// What `buildNetwork` makes of a graph.
struct NetworkOptions {
  nir::Semantics semantics;
  nir::DType dtype = nir::DType::F32; ///< of the numbers: F32 or F64
  std::vector<nir::Probe> probes;     ///< what it records
  bool balanceLatency = false;        ///< of a pipelined network
  Folding fold = Folding::Exact;
  std::function<void(const Notice &)> onNotice = {}; ///< takes what is folded, may be empty
  std::function<void()> onImported = {}; ///< called between import and the passes, may be empty
  std::optional<QuantizationOptions> quantization = {}; ///< into integers, from float64
};

/// import, fold and discretize, the first and last followed by verify-stage, and balance-latency
/// and quantize where they are asked for: the module of one snn.network. Null after a diagnostic.
mlir::OwningOpRef<mlir::ModuleOp> buildNetwork(const nir::Graph &graph, const std::string &file,
                                               const NetworkOptions &options,
                                               mlir::MLIRContext &context);

/// The same, in place, of a module of one nir.graph, whose nodes may be of other dialects.
llvm::LogicalResult clockNetwork(mlir::ModuleOp module, const NetworkOptions &options);

/// A module of one snn.network from its text or its bytecode, which `nirc quantize` writes. Null
/// after a diagnostic, at `file`.
mlir::OwningOpRef<mlir::ModuleOp> loadNetwork(llvm::StringRef bytes, const std::string &file,
                                              mlir::MLIRContext &context);

/// Every op of a network that was parsed knows its node by its location, as after import; of text
/// it has a line alone.
void nameLocations(snn::NetworkOp network);

/// Makes a network that was loaded record these too. Fails with a diagnostic.
llvm::LogicalResult addRecords(snn::NetworkOp network, llvm::ArrayRef<nir::Probe> probes);

} // namespace nirc
