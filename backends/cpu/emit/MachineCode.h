//===- MachineCode.h - a network as an object or a library ------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/cpu/emit/Interface.h"
#include "backends/cpu/lower/Lower.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"

#include <memory>
#include <string>

namespace nirc::cpu {

/// The functions and tables of the interface around the module's function `step`, which takes the
/// address of `arenaBytes` bytes. Everything else becomes internal.
void addInterface(llvm::Module &module, const Interface &interface, int64_t arenaBytes);
/// For a WebAssembly module: reset(net), advance(net), and step and run as in the interface of C,
/// without a prefix.
void addExports(llvm::Module &module, const Interface &interface, int64_t arenaBytes);
/// Adds what `nirc run` needs of a shared library: NAME_advance(arena), and the section .nirc with
/// this text.
void addDescription(llvm::Module &module, const Interface &interface,
                    const std::string &description);

/// LLVM IR of the whole network for `machine`: optimized, with the parameters. `module` is what
/// `buildToLLVMPipeline` left; `addFunctions` adds what others call around its function `step`.
nir::Result<std::unique_ptr<llvm::Module>>
toLLVM(const std::string &name, const Lowered &lowered, mlir::ModuleOp module,
       llvm::LLVMContext &context, llvm::TargetMachine &machine,
       llvm::function_ref<void(llvm::Module &)> addFunctions);

std::string textOf(const llvm::Module &module);
/// The bytes of a shared library called `fileName`, made of objects' by the linker on the PATH.
nir::Result<std::string> linkShared(llvm::ArrayRef<std::string> objects,
                                    const std::string &fileName, const llvm::Triple &triple);
/// The bytes of a WebAssembly module called `fileName`, made of an object's by LLVM's linker, that
/// exports its memory, where it is free, and these symbols. Nothing may be undefined.
nir::Result<std::string> linkWeb(const std::string &object, const std::string &fileName,
                                 llvm::ArrayRef<std::string> exports);

} // namespace nirc::cpu
