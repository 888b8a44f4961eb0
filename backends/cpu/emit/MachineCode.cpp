//===- MachineCode.cpp - a network as an object ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/emit/MachineCode.h"

#include "backends/cpu/run/Machine.h"

#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/Constants.h"

#include <fmt/format.h>

using namespace nirc;

/// Gives each parameter its numbers, in the section of what is only read. They are set from memory
/// as it is, and after the optimizer has run, so that they cost it nothing.
static void fillParameters(llvm::Module &module, const cpu::Lowered &lowered) {
  for (const cpu::Parameter &parameter : lowered.parameters) {
    llvm::GlobalVariable *global = module.getNamedGlobal(parameter.symbol);
    if (!global) {
      continue; // the optimizer found that nothing reads it
    }
    llvm::ArrayRef<char> bytes = parameter.data();
    auto *type = llvm::cast<llvm::ArrayType>(global->getValueType());
    global->setInitializer(
        llvm::ConstantDataArray::getRaw(llvm::StringRef(bytes.data(), bytes.size()),
                                        type->getNumElements(), type->getElementType()));
    global->setLinkage(llvm::GlobalValue::InternalLinkage);
    global->setAlignment(llvm::Align(64));
  }
  for (const cpu::KeptNumber &kept : lowered.kept) {
    if (llvm::GlobalVariable *global = module.getNamedGlobal(kept.symbol)) {
      global->setLinkage(llvm::GlobalValue::ExternalLinkage);
      global->setConstant(false); // no code may be made of its numbers
    }
  }
}

/// Says in every function which machine it is for, so that the IR alone is enough for `llc`.
static void setMachine(llvm::Module &module, const llvm::TargetMachine &machine) {
  for (llvm::Function &function : module) {
    if (!function.isDeclaration()) {
      function.addFnAttr("target-cpu", machine.getTargetCPU());
      if (!machine.getTargetFeatureString().empty()) {
        function.addFnAttr("target-features", machine.getTargetFeatureString());
      }
      function.addFnAttr(llvm::Attribute::NoUnwind);
    }
  }
}

nir::Result<std::unique_ptr<llvm::Module>>
cpu::toLLVM(const std::string &name, const Lowered &lowered, mlir::ModuleOp module,
            llvm::LLVMContext &context, llvm::TargetMachine &machine,
            llvm::function_ref<void(llvm::Module &)> addFunctions) {
  mlir::registerBuiltinDialectTranslation(*module.getContext());
  mlir::registerLLVMDialectTranslation(*module.getContext());
  std::unique_ptr<llvm::Module> code = mlir::translateModuleToLLVMIR(module, context, name);
  if (!code) {
    return nir::Error::internal(
        "the code generator failed: the module does not translate to LLVM IR");
  }
  for (const Parameter &parameter : lowered.parameters) {
    if (llvm::GlobalVariable *global = code->getNamedGlobal(parameter.symbol)) {
      global->setConstant(true);
    }
  }
  code->setTargetTriple(machine.getTargetTriple());
  code->setDataLayout(machine.createDataLayout());
  addFunctions(*code);
  setMachine(*code, machine);
  optimize(*code, machine);
  fillParameters(*code, lowered);
  return code;
}

std::string cpu::textOf(const llvm::Module &module) {
  std::string text;
  llvm::raw_string_ostream out(text);
  module.print(out, nullptr);
  return text;
}
