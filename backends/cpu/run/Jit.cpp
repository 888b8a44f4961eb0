//===- Jit.cpp - code that is compiled in memory --------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/run/Jit.h"

#include "backends/cpu/run/Machine.h"
#include "backends/cpu/run/Profiler.h"
#include "backends/run/Clock.h"

#include "mlir/ExecutionEngine/ExecutionEngine.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"

#include <fmt/format.h>

using namespace mlir;
using namespace nirc;
using namespace nirc::cpu;

static nir::Error fault(llvm::Error error) {
  return nir::Error::internal("the code generator failed: " + llvm::toString(std::move(error)));
}

nir::Result<std::shared_ptr<const Code>> nirc::cpu::compileInMemory(ModuleOp module,
                                                                    Lowered lowered, size_t outputs,
                                                                    llvm::TargetMachine &machine) {
  registerBuiltinDialectTranslation(*module.getContext());
  registerLLVMDialectTranslation(*module.getContext());
  ExecutionEngineOptions options;
  auto transform = [&](llvm::Module *code) {
    optimize(*code, machine);
    return llvm::Error::success();
  };
  options.transformer = transform; // only referred to
  // Both are on by default. The second writes a dump of the code into the user's home.
  options.enableGDBNotificationListener = false;
  options.enablePerfNotificationListener = false;
  auto created = ExecutionEngine::create(module, options);
  if (!created) {
    return fault(created.takeError());
  }
  std::shared_ptr<ExecutionEngine> engine = std::move(*created);
  engine->registerSymbols([&](llvm::orc::MangleAndInterner intern) {
    llvm::orc::SymbolMap map;
    for (const Parameter &parameter : lowered.parameters) {
      map[intern(parameter.symbol)] = {llvm::orc::ExecutorAddr::fromPtr(parameter.bytes.get()),
                                       llvm::JITSymbolFlags::Exported};
    }
    map[intern("nirc_profile_node")] = {
        llvm::orc::ExecutorAddr::fromPtr(&Profiler::noteOnThisThread),
        llvm::JITSymbolFlags::Exported};
    return map;
  });
  auto code = std::make_shared<Code>();
  if (lowered.stages == 0) {
    auto found = engine->lookup("step");
    if (!found) {
      return fault(found.takeError());
    }
    code->step = reinterpret_cast<Code::StepFunction>(*found);
  }
  if (lowered.begins) {
    auto begin = engine->lookup("begin");
    if (!begin) {
      return fault(begin.takeError());
    }
    code->begin = reinterpret_cast<Code::StepFunction>(*begin);
  }
  for (int64_t i = 0; i < lowered.stages; ++i) {
    auto stage = engine->lookup(fmt::format("stage_{}", i));
    if (!stage) {
      return fault(stage.takeError());
    }
    code->stages.push_back(reinterpret_cast<Code::StageFunction>(*stage));
  }
  code->lowered = std::move(lowered);
  code->outputs = outputs;
  code->owner = std::move(engine);
  return std::shared_ptr<const Code>(std::move(code));
}
