//===- BuildNetwork.cpp - from a job to the code of its step --------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/lower/BuildNetwork.h"

#include "dialects/snn/Snn.h"
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

void cpu::loadDialects(MLIRContext &context) {
  context.loadDialect<arith::ArithDialect, cf::ControlFlowDialect, func::FuncDialect,
                      LLVM::LLVMDialect, math::MathDialect, memref::MemRefDialect, scf::SCFDialect,
                      vector::VectorDialect>();
}

std::unique_ptr<MLIRContext> cpu::makeContext() {
  // One small module, compiled once: threads would cost more than they save.
  auto context = std::make_unique<MLIRContext>(MLIRContext::Threading::DISABLED);
  loadDialects(*context);
  context->printOpOnDiagnostic(false); // a user's error names the node, not the IR
  return context;
}

nir::Result<cpu::Built> cpu::build(const Job &job, const LowerOptions &options,
                                   Stopwatch &stopwatch) {
  Built built;
  nir::Result<NetworkCopy> copy = networkOf(job, [&] { stopwatch.finish("import"); });
  if (!copy) {
    return copy.takeError();
  }
  built.network = *std::move(copy);
  MLIRContext &context = built.network.context();
  loadDialects(context);
  snn::NetworkOp network = built.network.network();
  eraseMapping(network); // of the cores of others
  stopwatch.finish("passes");
  built.info = infoOf("cpu", job, built.network);
  built.element = numberTypeOf(network.getElement());
  built.outputs = built.info.outputs.size();
  DiagnosticCollector collector(context);
  FailureOr<Lowered> lowered = lower(built.module(), options);
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
