//===- Load.cpp - an object's functions in memory -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/run/Load.h"

#include "backends/cpu/run/Profiler.h"

#include "llvm/ExecutionEngine/Orc/Shared/ExecutorAddress.h"
#include "llvm/ExecutionEngine/RuntimeDyld.h"
#include "llvm/ExecutionEngine/SectionMemoryManager.h"
#include "llvm/Object/ObjectFile.h"

#include <dlfcn.h>
#include <fmt/format.h>

using namespace nirc;
using namespace nirc::cpu;

static nir::Error fault(const std::string &text) {
  return nir::Error::internal("the code generator failed: " + text);
}

namespace {

/// What code refers to: its parameters, and functions of this process as memset and expf.
class Symbols final : public llvm::JITSymbolResolver {
public:
  explicit Symbols(const Lowered &lowered) {
    for (const Parameter &parameter : lowered.parameters) {
      addresses[parameter.symbol] = llvm::orc::ExecutorAddr::fromPtr(parameter.bytes.get());
    }
    addresses["nirc_profile_node"] = llvm::orc::ExecutorAddr::fromPtr(&Profiler::noteOnThisThread);
  }

  void lookup(const LookupSet &symbols, OnResolvedFunction onResolved) override {
    LookupResult result;
    for (llvm::StringRef symbol : symbols) {
      auto own = addresses.find(symbol);
      auto address =
          own != addresses.end()
              ? own->second
              : llvm::orc::ExecutorAddr::fromPtr(dlsym(RTLD_DEFAULT, symbol.str().c_str()));
      if (!address) {
        return onResolved(llvm::createStringError("nothing is called " + symbol.str()));
      }
      result[symbol] = {address.getValue(), llvm::JITSymbolFlags::Exported};
    }
    onResolved(std::move(result));
  }
  llvm::Expected<LookupSet> getResponsibilitySet(const LookupSet &symbols) override {
    return symbols;
  }

private:
  llvm::StringMap<llvm::orc::ExecutorAddr> addresses;
};

} // namespace

nir::Result<std::shared_ptr<Code>> nirc::cpu::load(const std::string &object,
                                                   const Lowered &lowered) {
  auto file = llvm::object::ObjectFile::createELFObjectFile({object, "network"});
  if (!file) {
    return fault(llvm::toString(file.takeError()));
  }
  auto memory = std::make_shared<llvm::SectionMemoryManager>();
  Symbols symbols(lowered);
  llvm::RuntimeDyld linker(*memory, symbols);
  linker.loadObject(**file);
  if (!linker.hasError()) {
    linker.resolveRelocations();
  }
  std::string problem;
  if (linker.hasError()) {
    return fault(linker.getErrorString().str());
  }
  if (memory->finalizeMemory(&problem)) { // code can be executed, and no longer be written
    return fault(problem);
  }
  auto code = std::make_shared<Code>();
  std::string missing;
  auto take = [&](const std::string &name, auto &function) {
    llvm::orc::ExecutorAddr address(linker.getSymbol(name).getAddress());
    missing = address ? missing : name;
    function = address.toPtr<std::remove_reference_t<decltype(function)>>();
  };
  if (lowered.stages == 0) {
    take("step", code->step);
  }
  if (lowered.begins) {
    take("begin", code->begin);
  }
  code->stages.resize(static_cast<size_t>(lowered.stages));
  for (size_t i = 0; i < code->stages.size(); ++i) {
    take(fmt::format("stage_{}", i), code->stages[i]);
  }
  if (!missing.empty()) {
    return fault("there is no function " + missing);
  }
  code->owner = std::move(memory);
  return code;
}
