//===- Jit.cpp - code that is compiled in memory --------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/run/Jit.h"

#include "backends/cpu/run/CodeKey.h"
#include "backends/cpu/run/Load.h"
#include "backends/cpu/run/Machine.h"
#include "backends/run/CodeCache.h"

#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"

using namespace mlir;
using namespace nirc;
using namespace nirc::cpu;

/// The code is the same wherever its model's file lies, and what it is called: one entry for all.
static void forgetLocations(ModuleOp module) {
  Location unknown = UnknownLoc::get(module.getContext());
  module->walk([&](Operation *op) {
    op->setLoc(unknown);
    for (Region &region : op->getRegions()) {
      for (Block &block : region) {
        for (BlockArgument argument : block.getArguments()) {
          argument.setLoc(unknown);
        }
      }
    }
  });
}

/// The object of what `lower` left.
static nir::Result<std::string> objectFor(ModuleOp module, llvm::TargetMachine &machine,
                                          Stopwatch &stopwatch) {
  if (nir::Status failed = toLLVMDialect(module)) {
    return std::move(*failed);
  }
  stopwatch.finish("to-llvm");
  registerBuiltinDialectTranslation(*module.getContext());
  registerLLVMDialectTranslation(*module.getContext());
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> code = translateModuleToLLVMIR(module, context, "network");
  if (!code) {
    return nir::Error::internal(
        "the code generator failed: the module does not translate to LLVM IR");
  }
  optimize(*code, machine);
  nir::Result<std::string> object = objectOf(*code, machine);
  stopwatch.finish("codegen");
  return object;
}

nir::Result<InMemory> nirc::cpu::compileInMemory(Built &built, llvm::TargetMachine &machine,
                                                 const std::optional<CacheOptions> &options,
                                                 Stopwatch &stopwatch) {
  ModuleOp module = built.module();
  forgetLocations(module);
  std::optional<std::string> process = options ? identityOfProcess() : std::nullopt;
  std::optional<CodeCache> cache;
  std::string key;
  CodeOrigin origin;
  std::shared_ptr<Code> code;
  if (process) {
    cache.emplace(*options);
    key = keyOf(module, machine, *process);
    stopwatch.finish("key");
    std::optional<std::string> object = cache->find(key);
    if (nir::Result<std::shared_ptr<Code>> loaded =
            object ? load(*object, built.lowered) : nir::Error()) {
      code = *std::move(loaded);
      origin = {.isFromCache = true, .file = cache->pathOf(key)};
    }
  }
  if (!code) {
    nir::Result<std::string> object = objectFor(module, machine, stopwatch);
    if (!object) {
      return object.takeError();
    }
    nir::Result<std::shared_ptr<Code>> loaded = load(*object, built.lowered);
    if (!loaded) {
      return loaded.takeError();
    }
    code = *std::move(loaded);
    if (cache && cache->keep(key, *object)) {
      origin.file = cache->pathOf(key);
    }
  }
  stopwatch.finish("load");
  code->lowered = std::move(built.lowered);
  code->outputs = built.outputs;
  return InMemory{std::move(code), std::move(origin)};
}
