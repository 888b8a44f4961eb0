//===- SplitModule.h - modules, read where it may crash ---------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <memory>
#include <string>
#include <vector>

namespace nirc {

/// A module as text without its resources, and they beside it.
struct SplitModule {
  struct Resource {
    std::string name;
    llvm::ArrayRef<char> bytes; ///< in `memory`
    uint64_t alignment;         ///< of the bytes, at most 64
  };
  llvm::StringRef text; ///< in `memory`
  std::vector<Resource> resources;
  std::shared_ptr<const char> memory;
};

/// Reads a module from text or bytecode: the module, or the error of reading it.
using ModuleReader =
    llvm::function_ref<nir::Result<mlir::OwningOpRef<mlir::ModuleOp>>(llvm::StringRef bytes)>;

/// What the text or bytecode holds. MLIR's readers trust their input, and a damaged one makes them
/// crash or write where they should not. So a child process calls `read`, and hands over what it
/// read in a form that need not be trusted; nothing that the bytes did stays in this process. An
/// error is the reader's own, or says how the child ended. Not while another thread holds a lock
/// that `read` needs.
nir::Result<SplitModule> readApart(llvm::StringRef bytes, const std::string &path,
                                   ModuleReader read);

/// Gives the module, which was parsed from `split.text`, its resources.
void takeResources(const SplitModule &split, mlir::ModuleOp module);

} // namespace nirc
