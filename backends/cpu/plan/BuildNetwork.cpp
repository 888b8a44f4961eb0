//===- BuildNetwork.cpp - from a job to the code of its step ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/plan/BuildNetwork.h"

#include "backends/JobNetwork.h"
#include "dialects/snn/Records.h"
#include "passes/partition/InNetwork.h"
#include "passes/pipeline/Pipeline.h"

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

/// Every state of the network.
static std::vector<nir::Probe> statesOf(snn::NetworkOp network) {
  std::vector<nir::Probe> probes;
  for (auto population : network.getBody().getOps<snn::PopulationOp>()) {
    for (snn::State state : snn::statesOf(population)) {
      probes.push_back({population.getNode().str(), state.name().str()});
    }
  }
  return probes;
}

/// The job's network, without the cores of others. Null after a diagnostic.
static OwningOpRef<ModuleOp> networkFor(const Job &job, MLIRContext &context,
                                        cpu::Stopwatch &stopwatch, bool states) {
  OwningOpRef<ModuleOp> module = networkOf(job, context, [&] { stopwatch.finish("import"); });
  if (!module || job.network.empty()) { // of a graph the job names the states
    return module;
  }
  snn::NetworkOp network = *module->getOps<snn::NetworkOp>().begin();
  eraseMapping(network);
  bool records = !states || succeeded(addRecords(network, statesOf(network)));
  return records ? std::move(module) : OwningOpRef<ModuleOp>();
}

nir::Result<cpu::Built> cpu::build(const Job &job, const LowerOptions &options,
                                   MLIRContext &context, Stopwatch &stopwatch, bool states) {
  DiagnosticCollector collector(context);
  Built built;
  built.module = networkFor(job, context, stopwatch, states);
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
