//===- Machine.cpp - the machine that code is made for --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/MachineCode.h"

#include "ir/Wording.h"

#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

using namespace llvm;
using namespace nirc;

/// What --triple may start with.
static std::string architectures() {
  std::vector<std::string> names;
  for (const llvm::Target &target : TargetRegistry::targets()) {
    names.emplace_back(target.getName());
  }
  llvm::sort(names);
  return fmt::format("{}", fmt::join(names, ", "));
}

static nir::Error unknownTriple(const std::string &triple) {
  return nir::Error(fmt::format("--triple: no code generator for '{}'", triple))
      .note("LLVM was built with those for " + architectures())
      .note("a triple is written as x86_64-linux-gnu, aarch64-linux-gnu or riscv64-linux-gnu");
}

static nir::Error unknownCpu(const std::string &cpu, const MCSubtargetInfo &info) {
  std::vector<std::string> names{"native", "generic"};
  for (const SubtargetSubTypeKV &one : info.getAllProcessorDescriptions()) {
    names.emplace_back(one.Key);
  }
  nir::Error error(
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
  llvm::sort(features);
  return fmt::format("{}", fmt::join(features, ","));
}

nir::Result<std::unique_ptr<TargetMachine>> cpu::machineFor(const EmitOptions &options) {
  InitializeAllTargetInfos();
  InitializeAllTargets();
  InitializeAllTargetMCs();
  InitializeAllAsmPrinters();
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
      return nir::Error(fmt::format("--cpu=native is a {}, found --triple={}",
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
