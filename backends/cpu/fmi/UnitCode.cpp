//===- UnitCode.cpp - the tables of a unit in LLVM IR ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/fmi/UnitCode.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"

using namespace llvm;
using namespace nirc::cpu;

/// The memory of a table of this process, which has the layout of those of the unit: a unit is for
/// the platform that nirc was built for.
template <typename Row>
static StringRef bytesOf(const Row *rows, size_t count) {
  return {reinterpret_cast<const char *>(rows), count * sizeof(Row)};
}

static void addBytes(Module &module, const char *name, StringRef bytes) {
  Constant *value = ConstantDataArray::getString(module.getContext(), bytes, /*AddNull=*/false);
  auto *table = new GlobalVariable(module, value->getType(), /*isConstant=*/true,
                                   GlobalValue::ExternalLinkage, value, name);
  table->setVisibility(GlobalValue::HiddenVisibility);
  table->setAlignment(Align(64));
}

/// NAME(network), which calls the function `inner`, where the module has it.
static void addFunction(Module &module, const char *name, const char *inner) {
  IRBuilder<> b(module.getContext());
  Function *function =
      Function::Create(FunctionType::get(b.getVoidTy(), {b.getPtrTy()}, /*isVarArg=*/false),
                       Function::ExternalLinkage, name, module);
  function->setVisibility(GlobalValue::HiddenVisibility);
  b.SetInsertPoint(BasicBlock::Create(module.getContext(), "", function));
  if (Function *called = module.getFunction(inner)) {
    b.CreateCall(called, {function->getArg(0)});
  }
  b.CreateRetVoid();
}

void nirc::cpu::addUnit(Module &module, const Unit &unit) {
  for (Function &function : module) {
    if (!function.isDeclaration()) {
      function.setLinkage(GlobalValue::InternalLinkage);
    }
  }
  addFunction(module, "nirc_step", "step");
  addFunction(module, "nirc_begin", "begin");
  std::vector<NircVariable> rows;
  for (const UnitVariable &variable : unit.variables) {
    rows.push_back(variable.row);
  }
  addBytes(module, "nirc_unit", bytesOf(&unit.head, 1));
  addBytes(module, "nirc_variables", bytesOf(rows.data(), rows.size()));
  addBytes(module, "nirc_scales", bytesOf(unit.scales.data(), unit.scales.size()));
}

void nirc::cpu::addToken(Module &module, const std::string &token) {
  addBytes(module, "nirc_token", StringRef(token.c_str(), token.size() + 1));
}
