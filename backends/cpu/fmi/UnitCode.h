//===- UnitCode.h - the tables of a unit in LLVM IR -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/cpu/fmi/Unit.h"

#include "llvm/IR/Module.h"

namespace nirc::cpu {

/// Adds what tables.h declares, but for the token, around the module's functions `step` and
/// `begin`. Nothing is left that another library could see.
void addUnit(llvm::Module &module, const Unit &unit);

/// Adds the token alone: it is made of the object with all else.
void addToken(llvm::Module &module, const std::string &token);

} // namespace nirc::cpu
