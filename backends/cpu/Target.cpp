//===- Target.cpp - native code for this machine --------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/Target.h"
#include "backends/cpu/Artifact.h"
#include "backends/cpu/Run.h"

#include "dialects/nir/Import.h"
#include "passes/Pipeline.h"

#include "mlir/Pass/PassManager.h"

using namespace mlir;
using namespace nirc;

namespace {

struct CpuTarget : Target {
  std::string_view name() const override { return "cpu"; }
  std::string_view summary() const override {
    return "native code, compiled in memory for this machine, or written as a library or as C";
  }
  const Constraints &describe() const override {
    static const Constraints constraints{{"Affine", "AvgPool2d", "Conv1d", "Conv2d", "CubaLI",
                                          "CubaLIF", "Delay", "Flatten", "I", "IF", "Input", "LI",
                                          "LIF", "Linear", "NIRGraph", "Output", "Scale",
                                          "SumPool2d", "Threshold"},
                                         {nir::DType::F32, nir::DType::F64}};
    return constraints;
  }
  nir::Result<std::unique_ptr<Executable>> compile(const Job &job) const override;
  std::vector<ArtifactKind> artifacts() const override { return cpu::artifactKinds(); }
  nir::Result<Artifact> emit(const Job &job, const EmitOptions &options) const override {
    return cpu::emit(job, options);
  }
  void registerPasses() const override { registerPass(cpu::createLowerPass); }
};

} // namespace

/// From the job to the llvm dialect.
static nir::Result<OwningOpRef<ModuleOp>> lower(const Job &job, MLIRContext &context,
                                                cpu::Lowered &lowered) {
  DiagnosticCollector collector(context);
  OwningOpRef<ModuleOp> module = buildNetwork(
      *job.graph, job.file, {job.semantics, job.dtype, job.probes, job.balanceLatency}, context);
  if (!module) {
    return collector.takeError();
  }
  FailureOr<cpu::Lowered> result = cpu::lower(*module);
  if (failed(result)) {
    return collector.takeError();
  }
  lowered = std::move(*result);
  PassManager pm(&context);
  cpu::buildToLLVMPipeline(pm);
  if (failed(pm.run(*module))) {
    return collector.takeError();
  }
  return module;
}

nir::Result<std::unique_ptr<Executable>> CpuTarget::compile(const Job &job) const {
  std::unique_ptr<MLIRContext> context = cpu::makeContext();
  cpu::Lowered lowered;
  nir::Result<OwningOpRef<ModuleOp>> module = lower(job, *context, lowered);
  if (!module) {
    return module.takeError();
  }
  return cpu::load(std::move(context), std::move(*module), std::move(lowered),
                   job.semantics.dtSeconds);
}

namespace nirc::cpu {
std::unique_ptr<Target> createTarget() { return std::make_unique<CpuTarget>(); }
} // namespace nirc::cpu
