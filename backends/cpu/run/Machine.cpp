//===- Machine.cpp - the machine that code is made for --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/run/Machine.h"

#include "ir/Wording.h"

#include "llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

using namespace llvm;
using namespace nirc;

nir::Result<std::unique_ptr<TargetMachine>> nirc::cpu::hostMachine() {
  InitializeNativeTarget();
  InitializeNativeTargetAsmPrinter();
  auto builder = orc::JITTargetMachineBuilder::detectHost();
  if (!builder) {
    return nir::Error(nir::Cause::Toolchain, "this machine is not known to the code generator: " +
                                                 toString(builder.takeError()));
  }
  auto machine = builder->createTargetMachine();
  if (!machine) {
    return nir::Error(nir::Cause::Toolchain, "there is no code generator for this machine: " +
                                                 toString(machine.takeError()));
  }
  return std::move(*machine);
}

//===----------------------------------------------------------------------===//
// The machine of --cpu and --triple
//===----------------------------------------------------------------------===//

/// What --triple may start with.
static std::string architectures() {
  std::vector<std::string> names;
  for (const llvm::Target &target : TargetRegistry::targets()) {
    names.emplace_back(target.getName());
  }
  sort(names);
  return fmt::format("{}", fmt::join(names, ", "));
}

static nir::Error unknownTriple(const std::string &triple) {
  return nir::Error::usage(nir::Cause::Toolchain,
                           fmt::format("--triple: no code generator for '{}'", triple))
      .note("LLVM was built with those for " + architectures())
      .note("a triple is written as x86_64-linux-gnu, aarch64-linux-gnu or riscv64-linux-gnu");
}

static nir::Error unknownCpu(const std::string &cpu, const MCSubtargetInfo &info) {
  std::vector<std::string> names{"native", "generic"};
  for (const SubtargetSubTypeKV &one : info.getAllProcessorDescriptions()) {
    names.emplace_back(one.Key);
  }
  nir::Error error(
      nir::Cause::Toolchain,
      fmt::format("--cpu: no {} is called '{}'", info.getTargetTriple().getArchName().str(), cpu));
  std::string nearest = nir::nearest(cpu, names);
  if (!nearest.empty()) {
    error.notes.push_back({{}, fmt::format("there is '{}'", nearest)});
  }
  error.notes.push_back({{}, fmt::format("the names are {}", fmt::join(names, ", "))});
  return error;
}

/// The features of the machine that this runs on, in one order.
static std::string hostFeatures() {
  std::vector<std::string> features;
  for (const auto &[name, has] : sys::getHostCPUFeatures()) {
    features.push_back((has ? "+" : "-") + name.str());
  }
  sort(features);
  return fmt::format("{}", fmt::join(features, ","));
}

static void initializeAll() {
  InitializeAllTargetInfos();
  InitializeAllTargets();
  InitializeAllTargetMCs();
  InitializeAllAsmPrinters();
}

nir::Result<std::unique_ptr<TargetMachine>> nirc::cpu::webMachine() {
  initializeAll();
  Triple triple("wasm32-unknown-unknown");
  std::string ignored;
  const llvm::Target *target = TargetRegistry::lookupTarget(triple, ignored);
  if (!target) {
    return unknownTriple(triple.str());
  }
  return std::unique_ptr<TargetMachine>(
      target->createTargetMachine(triple, "generic", "+simd128", TargetOptions(), Reloc::Static));
}

nir::Result<std::unique_ptr<TargetMachine>> nirc::cpu::machineFor(const EmitOptions &options) {
  initializeAll();
  Triple host(sys::getProcessTriple());
  Triple triple(options.triple.empty() ? host.str() : Triple::normalize(options.triple));
  std::string ignored;
  const llvm::Target *target = TargetRegistry::lookupTarget(triple, ignored);
  if (!target || !target->hasTargetMachine() || triple.isNVPTX() || triple.isAMDGPU()) {
    return unknownTriple(options.triple);
  }
  std::string cpu = options.cpu, features;
  if (cpu.empty()) {
    cpu = options.triple.empty() ? "native" : "generic";
  }
  if (cpu == "native") {
    if (triple.getArch() != host.getArch()) {
      return nir::Error::usage(nir::Cause::Toolchain,
                               fmt::format("--cpu=native is a {}, found --triple={}",
                                           host.getArchName().str(), options.triple))
          .note("--cpu=generic takes the oldest of that platform");
    }
    cpu = sys::getHostCPUName().str();
    features = hostFeatures();
  } else if (cpu == "generic") {
    cpu = triple.getArch() == Triple::x86_64    ? "x86-64"
          : triple.getArch() == Triple::riscv64 ? "generic-rv64"
          : triple.getArch() == Triple::riscv32 ? "generic-rv32"
                                                : "generic";
    // What Linux's distributions for it have in common, and their calling convention needs.
    features = triple.isRISCV64() && triple.isOSLinux() ? "+m,+a,+f,+d,+c" : "";
  }
  std::unique_ptr<MCSubtargetInfo> info(target->createMCSubtargetInfo(triple, "", ""));
  if (info && !info->isCPUStringValid(cpu) && cpu != "generic") {
    return unknownCpu(options.cpu, *info);
  }
  return std::unique_ptr<TargetMachine>(
      target->createTargetMachine(triple, cpu, features, TargetOptions(), Reloc::PIC_));
}

//===----------------------------------------------------------------------===//
// Its vectors
//===----------------------------------------------------------------------===//

int64_t nirc::cpu::vectorBitsOf(const TargetMachine &machine) {
  const MCSubtargetInfo *info = machine.getMCSubtargetInfo();
  const Triple &triple = machine.getTargetTriple();
  if (triple.isX86()) {
    return info->checkFeatures("+avx512f") ? 512
           : info->checkFeatures("+avx")   ? 256
           : info->checkFeatures("+sse2")  ? 128
                                           : 0;
  }
  if (triple.isWasm()) {
    return info->checkFeatures("+simd128") ? 128 : 0;
  }
  // Every 64-bit ARM has 128 bits. Of the others nothing is assumed: 32-bit ARM's vectors, for one,
  // know no denormals. Lanes are taken from the lowest bit on, which big endian has at the other
  // end.
  return triple.isAArch64() && triple.isLittleEndian() ? 128 : 0;
}

bool nirc::cpu::prefetches(const TargetMachine &machine) {
  return !machine.getTargetTriple().isWasm();
}

bool nirc::cpu::compressesVectors(const TargetMachine &machine) {
  return machine.getTargetTriple().isX86() &&
         machine.getMCSubtargetInfo()->checkFeatures("+avx512f,+avx512vl");
}

bool nirc::cpu::expandsBytes(const TargetMachine &machine) {
  return machine.getTargetTriple().isX86() &&
         machine.getMCSubtargetInfo()->checkFeatures("+avx512bw,+avx512vbmi2");
}

void nirc::cpu::preferWholeVectors(Module &module, int64_t vectorBits) {
  if (vectorBits == 0) {
    return;
  }
  for (Function &function : module) {
    function.addFnAttr("prefer-vector-width", std::to_string(vectorBits));
    function.addFnAttr("min-legal-vector-width", std::to_string(vectorBits));
  }
}

void nirc::cpu::optimize(Module &module, TargetMachine &machine) {
  module.setTargetTriple(machine.getTargetTriple());
  module.setDataLayout(machine.createDataLayout());
  preferWholeVectors(module, vectorBitsOf(machine));
  PipelineTuningOptions tuning;
  tuning.LoopUnrolling = false;
  tuning.LoopInterleaving = false;
  tuning.LoopVectorization = false;
  tuning.SLPVectorization = false;
  LoopAnalysisManager loops;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager calls;
  ModuleAnalysisManager modules;
  PassBuilder builder(&machine, tuning);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(calls);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, calls, modules);
  builder.buildPerModuleDefaultPipeline(OptimizationLevel::O2).run(module, modules);
}

nir::Result<std::string> nirc::cpu::objectOf(Module &module, TargetMachine &machine) {
  SmallVector<char, 0> bytes;
  raw_svector_ostream out(bytes);
  legacy::PassManager passes;
  if (machine.addPassesToEmitFile(passes, out, nullptr, CodeGenFileType::ObjectFile)) {
    return nir::Error::usage(fmt::format("--triple: LLVM writes no object files for {}",
                                         machine.getTargetTriple().str()));
  }
  passes.run(module);
  return std::string(bytes.begin(), bytes.end());
}
