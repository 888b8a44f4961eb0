//===- Build.cpp - from a job to the code of its step ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/Build.h"

#include "dialects/snn/Snn.h"
#include "passes/Pipeline.h"
#include "passes/partition/InNetwork.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/PassManager.h"

using namespace mlir;
using namespace nirc;

std::unique_ptr<MLIRContext> cpu::makeContext() {
  // One small module, compiled once: threads would cost more than they save.
  auto context = std::make_unique<MLIRContext>(MLIRContext::Threading::DISABLED);
  context->loadDialect<arith::ArithDialect, cf::ControlFlowDialect, func::FuncDialect,
                       LLVM::LLVMDialect, math::MathDialect, memref::MemRefDialect, scf::SCFDialect,
                       vector::VectorDialect>();
  context->printOpOnDiagnostic(false); // a user's error names the node, not the IR
  return context;
}

/// The network of the job as one of the snn dialect. Null after a diagnostic.
static OwningOpRef<ModuleOp> networkOf(const Job &job, MLIRContext &context,
                                       cpu::Stopwatch &stopwatch, bool states) {
  if (job.network.empty()) {
    return buildNetwork(*job.graph, job.file,
                        {job.semantics, job.dtype, job.probes, job.balanceLatency, job.fold,
                         job.onFold, [&] { stopwatch.finish("import"); }, job.quantization},
                        context);
  }
  OwningOpRef<ModuleOp> module = loadNetwork(job.network, job.file, context);
  stopwatch.finish("import");
  if (!module) {
    return {};
  }
  snn::NetworkOp network = *module->getOps<snn::NetworkOp>().begin();
  eraseMapping(network); // where others compute it
  std::vector<nir::Probe> probes = job.probes;
  for (auto population : network.getBody().getOps<snn::PopulationOp>()) {
    for (StringRef state : population.getStates().getAsValueRange<StringAttr>()) {
      if (states) {
        probes.push_back({population.getNode().str(), state.str()});
      }
    }
  }
  return succeeded(addRecords(network, probes)) ? std::move(module) : nullptr;
}

nir::Result<cpu::Built> cpu::build(const Job &job, const LowerOptions &options,
                                   MLIRContext &context, Stopwatch &stopwatch, bool states) {
  DiagnosticCollector collector(context);
  Built built;
  built.module = networkOf(job, context, stopwatch, states);
  if (!built.module) {
    return collector.takeError();
  }
  stopwatch.finish("passes");
  snn::NetworkOp network = *built.module->getOps<snn::NetworkOp>().begin();
  built.element = numberTypeOf(network.getElement());
  built.semantics =
      job.network.empty() ? job.semantics.text() : network.getSemantics().getChoices().str();
  built.dtSeconds = network.getSemantics().getDtSeconds();
  built.format = network.getFormat() ? network.getFormat()->getFields().str() : "";
  built.module->walk([&](snn::OutputOp) { ++built.outputs; });
  FailureOr<Lowered> lowered = lower(*built.module, options);
  if (failed(lowered)) {
    return collector.takeError();
  }
  built.lowered = std::move(*lowered);
  stopwatch.finish("lower");
  return built;
}

nir::Status cpu::toLLVMDialect(ModuleOp module) {
  DiagnosticCollector collector(*module.getContext());
  PassManager pm(module.getContext());
  buildToLLVMPipeline(pm);
  return failed(pm.run(module)) ? nir::Status(collector.takeError()) : std::nullopt;
}
