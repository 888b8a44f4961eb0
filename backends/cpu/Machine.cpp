//===- Machine.cpp - the machine that code is made for --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/Machine.h"

#include "llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"

using namespace nirc;

nir::Result<std::unique_ptr<llvm::TargetMachine>> nirc::cpu::hostMachine() {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  auto builder = llvm::orc::JITTargetMachineBuilder::detectHost();
  if (!builder) {
    return nir::Error("this machine is not known to the code generator: " +
                      llvm::toString(builder.takeError()));
  }
  auto machine = builder->createTargetMachine();
  if (!machine) {
    return nir::Error("there is no code generator for this machine: " +
                      llvm::toString(machine.takeError()));
  }
  return std::move(*machine);
}

int64_t nirc::cpu::vectorBitsOf(const llvm::TargetMachine &machine) {
  const llvm::MCSubtargetInfo *info = machine.getMCSubtargetInfo();
  const llvm::Triple &triple = machine.getTargetTriple();
  if (triple.isX86()) {
    return info->checkFeatures("+avx512f") ? 512 : info->checkFeatures("+avx") ? 256 : 128;
  }
  // Every 64-bit ARM has 128 bits; of the others nothing is assumed.
  return triple.isAArch64() ? 128 : 0;
}

void nirc::cpu::preferWholeVectors(llvm::Module &module, int64_t vectorBits) {
  if (vectorBits == 0) {
    return;
  }
  for (llvm::Function &function : module) {
    function.addFnAttr("prefer-vector-width", std::to_string(vectorBits));
    function.addFnAttr("min-legal-vector-width", std::to_string(vectorBits));
  }
}

void nirc::cpu::optimize(llvm::Module &module, llvm::TargetMachine &machine) {
  module.setTargetTriple(machine.getTargetTriple());
  module.setDataLayout(machine.createDataLayout());
  preferWholeVectors(module, vectorBitsOf(machine));
  llvm::PipelineTuningOptions tuning;
  tuning.LoopUnrolling = false;
  tuning.LoopInterleaving = false;
  tuning.LoopVectorization = false;
  tuning.SLPVectorization = false;
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager calls;
  llvm::ModuleAnalysisManager modules;
  llvm::PassBuilder builder(&machine, tuning);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(calls);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, calls, modules);
  builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O2).run(module, modules);
}
