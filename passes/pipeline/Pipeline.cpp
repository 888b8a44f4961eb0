//===- Pipeline.cpp - from a graph to a clocked network -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/pipeline/Pipeline.h"

#include "dialects/nir/Diagnostics.h"
#include "dialects/nir/Import.h"
#include "ir/graph/FlatGraph.h"
#include "passes/Passes.h"

#include "mlir/IR/Location.h"
#include "mlir/Pass/PassManager.h"

using namespace mlir;
using namespace nirc;

/// The file of the first location that has one.
static std::string fileOf(Location location) {
  std::string file;
  location->walk([&](Location inner) {
    auto place = dyn_cast<FileLineColLoc>(inner);
    if (place) {
      file = place.getFilename().str();
    }
    return place ? WalkResult::interrupt() : WalkResult::advance();
  });
  return file;
}

DiagnosticCollector::DiagnosticCollector(MLIRContext &context, nir::Cause cause)
    : ScopedDiagnosticHandler(&context) {
  setHandler([this, cause](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() != DiagnosticSeverity::Error) {
      return failure();
    }
    nir::Error error(cause, diagnostic.str());
    if (std::string own = nir::codeOf(diagnostic); !own.empty()) {
      error.code = std::move(own);
    }
    error.file = fileOf(diagnostic.getLocation());
    for (Diagnostic &note : diagnostic.getNotes()) {
      error.notes.push_back({"", note.str()});
    }
    errors.push_back(std::move(error));
    return success();
  });
}

nir::Error DiagnosticCollector::takeError() {
  if (errors.empty()) {
    return nir::Error(nir::Cause::Internal, "a pass failed and did not say why");
  }
  return std::move(errors.front());
}

OwningOpRef<ModuleOp> nirc::buildNetwork(const nir::Graph &graph, const std::string &file,
                                         const NetworkOptions &options, MLIRContext &context) {
  nir::Model model;
  bool isOnce = options.semantics.duplicateEdges == nir::DuplicateEdges::Once;
  model.graph = isOnce ? nir::withoutDuplicates(graph) : graph; // shares the parameters
  OwningOpRef<ModuleOp> module = nir::importGraph(model, file, context);
  if (!module) {
    return {};
  }
  if (options.onImported) {
    options.onImported();
  }
  return succeeded(clockNetwork(*module, options)) ? std::move(module) : OwningOpRef<ModuleOp>();
}

LogicalResult nirc::clockNetwork(ModuleOp module, const NetworkOptions &options) {
  nir::Semantics semantics = options.semantics;
  if (options.balanceLatency) {
    if (semantics.timing != nir::Timing::Pipelined) {
      return module.emitError() << "balance-latency balances schedule=pipelined, found the "
                                   "semantics "
                                << semantics.text();
    }
    semantics.timing = nir::Timing::Sequential; // what the pass makes a pipelined network equal to
  }
  FoldOptions fold;
  DiscretizeOptions discretize;
  fold.which = std::string(name(options.fold));
  fold.dtSeconds = discretize.dtSeconds = semantics.dtSeconds;
  fold.semantics = discretize.semantics = semantics.text();
  fold.element = discretize.element =
      options.dtype == nir::DType::F64 || options.quantization ? "f64" : "f32";
  for (const nir::Probe &probe : options.probes) {
    discretize.records.push_back(probe.node + ":" + probe.observable);
  }
  fold.records = discretize.records;
  PassManager pm(module.getContext());
  pm.addPass(createVerifyStage({"import"}));
  if (options.fold != Folding::None) {
    pm.addPass(options.onNotice ? createFold(fold, options.onNotice) : createFold(fold));
  }
  pm.addPass(createDiscretize(discretize));
  pm.addPass(createVerifyStage({"discretize"}));
  if (options.balanceLatency) {
    pm.addPass(createBalanceLatency());
  }
  if (options.quantization) {
    QuantizationOptions quantization = *options.quantization;
    quantization.onReport = [&](const QuantizationReport &report) {
      if (options.quantization->onReport) {
        options.quantization->onReport(report);
      }
      for (const Notice &notice : vanishedIn(report)) {
        if (options.onNotice) {
          options.onNotice(notice);
        }
      }
    };
    pm.addPass(createQuantize(quantization));
    pm.addPass(createVerifyStage({"quantize"}));
  }
  return pm.run(module);
}
