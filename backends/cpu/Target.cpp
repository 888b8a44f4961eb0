//===- Target.cpp - native code for this machine --------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/Target.h"
#include "backends/Claim.h"
#include "backends/cpu/Passes.h"
#include "backends/cpu/emit/Artifact.h"
#include "backends/cpu/lower/BuildNetwork.h"
#include "backends/cpu/proof/CClaims.h"
#include "backends/cpu/proof/Claims.h"
#include "backends/cpu/run/Firmware.h"
#include "backends/cpu/run/Jit.h"
#include "backends/cpu/run/Library.h"
#include "backends/cpu/run/Machine.h"
#include "backends/cpu/run/Run.h"

#include <algorithm>
#include <array>
#include <fstream>

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
  nir::Result<std::vector<Claim>> claims(const Job &job) const override;
  bool recognizes(std::string_view head) const override {
    return head.starts_with("\x7f"
                            "ELF");
  }
  nir::Result<std::unique_ptr<Executable>> load(const std::string &path,
                                                const LoadOptions &options) const override;
  std::string_view fileInFolder() const override { return cpu::firmwareFile; }
  std::vector<TargetOption> options() const override {
    return {{.name = "emulate",
             .value = "qemu",
             .summary = "run a program that was compiled for a Cortex-M in QEMU",
             .values = {"qemu"},
             .isOfRuns = true,
             .isFlag = true}};
  }
  void registerPasses() const override { cpu::registerCpuPasses(); }
};

} // namespace

/// Whether the ELF file's head says that it is for Arm's 32 bits.
static bool isForArm(const std::string &path) {
  std::array<char, 20> head{};
  std::ifstream(path, std::ios::binary).read(head.data(), head.size());
  constexpr char arm = 40; // EM_ARM, at 18 in the order of its bytes
  return head[5] == 1 && head[18] == arm && head[19] == 0;
}

nir::Result<std::unique_ptr<Executable>> CpuTarget::load(const std::string &path,
                                                         const LoadOptions &options) const {
  bool emulates = options.settings.contains("emulate");
  if (!isForArm(path)) {
    return emulates ? nir::Error::usage(nir::Cause::OptionConflict,
                                        "found --emulate, expected none: the library is for this "
                                        "machine")
                          .in(path)
                    : cpu::loadLibrary(path);
  }
  if (!emulates) {
    return nir::Error::usage(nir::Cause::NotAProgram, "is a program of a Cortex-M")
        .in(path)
        .note("--emulate runs it in QEMU");
  }
  nir::Result<std::string> text = cpu::descriptionIn(path, llvm::Triple("arm"));
  if (!text) {
    return text.takeError();
  }
  nir::Result<cpu::Description> description = cpu::parseDescription(*text);
  if (!description) {
    return description.takeError().in(path);
  }
  if (!description->firmware) {
    return nir::Error(nir::Cause::NotAProgram, "is not described as a program of a microcontroller")
        .in(path);
  }
  return cpu::loadFirmware(path, *description);
}

nir::Result<std::unique_ptr<Executable>> CpuTarget::compile(const Job &job) const {
  if (job.settings.contains("emulate")) {
    return nir::Error::usage(nir::Cause::OptionConflict,
                             "found --emulate with a model, expected a folder that "
                             "`nirc compile --emit=c --cpu cortex-m4` wrote");
  }
  cpu::LowerOptions options;
  options.parts = true;
  options.compresses = options.expands = true;
  return cpu::compile(job, options);
}

/// As this machine runs it.
static void fitTo(llvm::TargetMachine &machine, cpu::LowerOptions &options) {
  options.vectorBits = std::min(options.vectorBits, cpu::vectorBitsOf(machine));
  options.compresses &= cpu::compressesVectors(machine);
  options.expands &= cpu::expandsBytes(machine);
}

/// Of the vectors of this machine, of the loops that C is written from, and of the C.
nir::Result<std::vector<Claim>> CpuTarget::claims(const Job &job) const {
  nir::Result<std::unique_ptr<llvm::TargetMachine>> machine = cpu::hostMachine();
  if (!machine) {
    return machine.takeError();
  }
  cpu::LowerOptions vectors, compact;
  vectors.compresses = vectors.expands = true;
  fitTo(**machine, vectors);
  compact.vectorBits = 0;
  compact.compact = true;
  nir::Result<std::vector<Claim>> claims = cpu::claimsOf(job, vectors, "vector code");
  for (bool isOfC : {false, true}) {
    if (!claims) {
      break;
    }
    nir::Result<std::vector<Claim>> more =
        isOfC ? cpu::claimsOfC(job) : cpu::claimsOf(job, compact, "scalar code");
    if (!more) {
      return more.takeError();
    }
    claims->insert(claims->end(), more->begin(), more->end());
  }
  return claims;
}

nir::Result<std::unique_ptr<Executable>> nirc::cpu::compile(const Job &job, LowerOptions options,
                                                            const Patience &patience) {
  cpu::Stopwatch stopwatch;
  nir::Result<std::unique_ptr<llvm::TargetMachine>> machine = cpu::hostMachine();
  if (!machine) {
    return machine.takeError();
  }
  stopwatch.finish("start");
  fitTo(**machine, options);
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
