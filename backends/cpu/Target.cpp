//===- Target.cpp - native code for this machine --------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/Target.h"
#include "backends/cpu/Passes.h"
#include "backends/cpu/emit/Artifact.h"
#include "backends/cpu/lower/BuildNetwork.h"
#include "backends/cpu/run/Jit.h"
#include "backends/cpu/run/Library.h"
#include "backends/cpu/run/Machine.h"
#include "backends/cpu/run/Run.h"

#include <algorithm>

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
                                         {nir::DType::F32, nir::DType::F64},
                                         /*profiles=*/true};
    return constraints;
  }
  nir::Result<std::unique_ptr<Executable>> compile(const Job &job) const override;
  std::vector<ArtifactKind> artifacts() const override { return cpu::artifactKinds(); }
  nir::Result<Artifact> emit(const Job &job, const EmitOptions &options) const override {
    nir::Result<std::string> kind = kindOf(*this, options);
    if (!kind) {
      return kind.takeError();
    }
    EmitOptions chosen = options;
    chosen.kind = *kind;
    return cpu::emit(job, chosen);
  }
  nir::Result<std::optional<MemoryUse>> memory(const Job &job) const override {
    nir::Result<MemoryUse> use = cpu::memoryOfC(job);
    return use ? nir::Result<std::optional<MemoryUse>>(*std::move(use)) : use.takeError();
  }
  bool recognizes(std::string_view head) const override {
    return head.starts_with("\x7f"
                            "ELF");
  }
  nir::Result<std::unique_ptr<Executable>> load(const std::string &path,
                                                const LoadOptions &) const override {
    return cpu::loadLibrary(path);
  }
  void registerPasses() const override { cpu::registerCpuPasses(); }
};

} // namespace

nir::Result<std::unique_ptr<Executable>> CpuTarget::compile(const Job &job) const {
  cpu::LowerOptions options;
  options.parts = true;
  options.compresses = options.expands = true;
  return cpu::compile(job, options);
}

nir::Result<std::unique_ptr<Executable>> nirc::cpu::compile(const Job &job, LowerOptions options,
                                                            const Patience &patience) {
  cpu::Stopwatch stopwatch;
  nir::Result<std::unique_ptr<llvm::TargetMachine>> machine = cpu::hostMachine();
  if (!machine) {
    return machine.takeError();
  }
  stopwatch.finish("start");
  options.vectorBits = std::min(options.vectorBits, cpu::vectorBitsOf(**machine));
  options.compresses &= cpu::compressesVectors(**machine);
  options.expands &= cpu::expandsBytes(**machine);
  options.profile = job.profile;
  options.parts &= !job.profile; // a profile is of one thread
  nir::Result<cpu::Built> built = cpu::build(job, options, stopwatch);
  if (!built) {
    return built.takeError();
  }
  nir::Result<cpu::InMemory> made = cpu::compileInMemory(*built, **machine, job.cache, stopwatch);
  if (!made) {
    return made.takeError();
  }
  return executableOf(std::move(made->code), std::move(built->info), job.profile,
                      {.compilation = std::move(stopwatch.parts), .code = std::move(made->origin)},
                      patience);
}

namespace nirc::cpu {
std::unique_ptr<Target> createTarget() { return std::make_unique<CpuTarget>(); }
} // namespace nirc::cpu
