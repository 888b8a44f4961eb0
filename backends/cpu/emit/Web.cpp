//===- Web.cpp - a network as a WebAssembly module ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/emit/Web.h"

#include "backends/cpu/emit/MachineCode.h"
#include "backends/cpu/run/Machine.h"
#include "backends/cpu/wasm/Module.h"
#include "ir/Wording.h"

#include "llvm/IR/IRBuilder.h"

#include <fmt/format.h>

using namespace nirc;
using namespace nirc::cpu;

/// The functions of libm that are instructions of WebAssembly, by what LLVM calls those.
static llvm::Intrinsic::ID instructionOf(llvm::StringRef function) {
  return llvm::StringSwitch<llvm::Intrinsic::ID>(function)
      .Cases({"ceil", "ceilf"}, llvm::Intrinsic::ceil)
      .Cases({"floor", "floorf"}, llvm::Intrinsic::floor)
      .Cases({"trunc", "truncf"}, llvm::Intrinsic::trunc)
      .Cases({"roundeven", "roundevenf"}, llvm::Intrinsic::roundeven)
      .Default(llvm::Intrinsic::not_intrinsic);
}

/// Gives those that are called a body.
static void defineRounding(llvm::Module &module) {
  llvm::IRBuilder<> b(module.getContext());
  for (llvm::Function &function : module) {
    llvm::Intrinsic::ID instruction = instructionOf(function.getName());
    if (!function.isDeclaration() || instruction == llvm::Intrinsic::not_intrinsic) {
      continue;
    }
    function.setLinkage(llvm::GlobalValue::InternalLinkage);
    b.SetInsertPoint(llvm::BasicBlock::Create(module.getContext(), "", &function));
    b.CreateRet(b.CreateUnaryIntrinsic(instruction, function.getArg(0)));
  }
}

/// The first function that the code calls and a module would have to import.
static std::string missingFunction(const llvm::Module &module) {
  for (const llvm::Function &function : module) {
    if (function.isDeclaration() && !function.isIntrinsic() && !function.use_empty()) {
      return function.getName().str();
    }
    for (const llvm::BasicBlock &block : function) {
      for (const llvm::Instruction &one : block) {
        if (one.getOpcode() == llvm::Instruction::FRem) {
          return "fmod";
        }
      }
    }
  }
  return "";
}

static nir::Error cannotCall(const std::string &function) {
  return nir::Error(nir::Cause::CannotCompile,
                    fmt::format("the network calls '{}' in a step, which WebAssembly has no "
                                "instruction for",
                                function))
      .note("its bits would be those of another library than `nirc run` uses; "
            "--after-spike=whole-step "
            "needs no exponentials");
}

/// The machine code, whose symbols are those of the module.
static nir::Result<std::string> objectFor(const Interface &interface, const Built &network,
                                          llvm::TargetMachine &machine,
                                          std::vector<KeptNumber> &kept) {
  llvm::LLVMContext context;
  nir::Result<std::unique_ptr<llvm::Module>> code =
      toLLVM(interface.name, network.lowered, network.module(), context, machine,
             [&](llvm::Module &module) {
               addExports(module, interface, network.lowered.layout.bytes);
               defineRounding(module);
             });
  if (!code) {
    return code.takeError();
  }
  if (std::string missing = missingFunction(**code); !missing.empty()) {
    return cannotCall(missing);
  }
  for (const KeptNumber &one : network.lowered.kept) {
    if ((*code)->getNamedGlobal(one.symbol)) { // else nothing reads it
      kept.push_back(one);
    }
  }
  return objectOf(**code, machine);
}

/// Data, and room for some networks, are to be addressed in 32 bits, with a sign.
static nir::Status checkSize(const Interface &interface, const Lowered &lowered) {
  constexpr int64_t most = int64_t(1) << 31;
  int64_t bytes = lowered.layout.bytes;
  for (const Parameter &parameter : lowered.parameters) {
    bytes += static_cast<int64_t>(parameter.data().size());
  }
  if (bytes < most) {
    return std::nullopt;
  }
  return nir::Error(
             nir::Cause::CannotCompile,
             fmt::format("weights and states take {} bytes, expected less than {}", bytes, most))
      .in(interface.file)
      .note("the memory of WebAssembly is addressed in 32 bits; --format int8 takes a quarter");
}

nir::Result<Artifact> nirc::cpu::asWeb(const std::string &name, const Interface &interface,
                                       const Built &network, llvm::TargetMachine &machine) {
  if (nir::Status failed = checkSize(interface, network.lowered)) {
    return std::move(*failed);
  }
  const Layout &layout = network.lowered.layout;
  WebNetwork web{{network.info, "", layout.bytes, network.outputs, layout.inputs, layout.outputs},
                 {}};
  nir::Result<std::string> object = objectFor(interface, network, machine, web.kept);
  if (!object) {
    return object.takeError();
  }
  std::vector<std::string> exports{"reset", "advance", "step", "run"};
  for (const KeptNumber &kept : web.kept) {
    exports.push_back(kept.symbol);
  }
  std::string stem = webStem(name);
  nir::Result<std::string> module = linkWeb(*object, stem + ".wasm", exports);
  if (!module) {
    return module.takeError();
  }
  std::string bytes = described(*std::move(module), web);
  std::string summary = fmt::format("module: {}, no imports; load() of {}.mjs runs it",
                                    nir::counted(static_cast<int64_t>(bytes.size()), "byte"), stem);
  return Artifact{.files = {{stem + ".wasm", std::move(bytes)},
                            {stem + ".mjs", scriptText(stem, web)},
                            {stem + ".d.mts", typesText(stem, web)}},
                  .summary = {std::move(summary)}};
}
