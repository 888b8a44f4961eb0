//===- CodeKey.h - what machine code depends on -----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Target/TargetMachine.h"

#include <optional>
#include <string>

namespace nirc::cpu {

/// Which programs and libraries make up this process: the build ids, hashes of all that they hold,
/// of every file that is loaded. Nothing where one has no such id.
std::optional<std::string> identityOfProcess();

/// SHA-256, in hexadecimal, of all that the code generator is given: this process, the machine and
/// the whole module. Equal keys are of equal code, as nothing that is read is left out.
std::string keyOf(mlir::ModuleOp module, const llvm::TargetMachine &machine,
                  const std::string &process);

} // namespace nirc::cpu
