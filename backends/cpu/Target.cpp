//===- Target.cpp - native code for this machine --------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/Target.h"
#include "backends/cpu/Machine.h"
#include "backends/cpu/Run.h"

#include "dialects/nir/Import.h"
#include "passes/Pipeline.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/PassManager.h"

#include <chrono>

using namespace mlir;
using namespace nirc;

namespace {

struct CpuTarget : Target {
  std::string_view name() const override { return "cpu"; }
  std::string_view summary() const override {
    return "native code, compiled in memory for this machine";
  }
  const Constraints &describe() const override {
    static const Constraints constraints{{"Affine", "AvgPool2d", "Conv1d", "Conv2d", "CubaLI",
                                          "CubaLIF", "Delay", "Flatten", "I", "IF", "Input", "LI",
                                          "LIF", "Linear", "NIRGraph", "Output", "Scale",
                                          "SumPool2d", "Threshold"},
                                         {nir::DType::F32, nir::DType::F64},
                                         /*profiles=*/true};
    return constraints;
  }
  nir::Result<std::unique_ptr<Executable>> compile(const Job &job) const override;
  void registerPasses() const override { registerPass(cpu::createLowerPass); }
};

} // namespace

namespace {
/// Notes how long each part of a compilation takes.
class Parts {
public:
  void finish(std::string_view part) {
    auto now = std::chrono::steady_clock::now();
    parts.push_back({part, std::chrono::duration<double>(now - last).count()});
    last = now;
  }
  std::vector<Profile::Part> parts;

private:
  std::chrono::steady_clock::time_point last = std::chrono::steady_clock::now();
};
} // namespace

/// From the job to the llvm dialect.
static nir::Result<OwningOpRef<ModuleOp>> lower(const Job &job, const cpu::LowerOptions &options,
                                                MLIRContext &context, cpu::Lowered &lowered,
                                                Parts &parts) {
  DiagnosticCollector collector(context);
  OwningOpRef<ModuleOp> module = buildNetwork(
      *job.graph, job.file,
      {job.semantics, job.dtype, job.probes, job.balanceLatency, job.fold, job.onFold}, context);
  if (!module) {
    return collector.takeError();
  }
  parts.finish("network");
  FailureOr<cpu::Lowered> result = cpu::lower(*module, options);
  if (failed(result)) {
    return collector.takeError();
  }
  lowered = std::move(*result);
  parts.finish("lower");
  PassManager pm(&context);
  cpu::buildToLLVMPipeline(pm);
  if (failed(pm.run(*module))) {
    return collector.takeError();
  }
  parts.finish("to-llvm");
  return module;
}

nir::Result<std::unique_ptr<Executable>> CpuTarget::compile(const Job &job) const {
  Parts parts;
  // One small module, compiled once: threads would cost more than they save.
  MLIRContext context(MLIRContext::Threading::DISABLED);
  context.loadDialect<arith::ArithDialect, cf::ControlFlowDialect, func::FuncDialect,
                      LLVM::LLVMDialect, math::MathDialect, memref::MemRefDialect, scf::SCFDialect,
                      vector::VectorDialect>();
  context.printOpOnDiagnostic(false); // a user's error names the node, not the IR
  nir::Result<std::unique_ptr<llvm::TargetMachine>> machine = cpu::hostMachine();
  if (!machine) {
    return machine.takeError();
  }
  parts.finish("start");
  cpu::LowerOptions options;
  options.vectorBits = cpu::vectorBitsOf(**machine);
  options.parts = true;
  options.profile = job.profile;
  cpu::Lowered lowered;
  nir::Result<OwningOpRef<ModuleOp>> module = lower(job, options, context, lowered, parts);
  if (!module) {
    return module.takeError();
  }
  return cpu::load(**module, std::move(lowered), job.semantics.dtSeconds, job.profile,
                   std::move(parts.parts), *std::move(machine));
}

namespace nirc::cpu {
std::unique_ptr<Target> createTarget() { return std::make_unique<CpuTarget>(); }
} // namespace nirc::cpu
