//===- Library.h - code out of a shared library -----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"

#include "llvm/TargetParser/Triple.h"

#include <memory>
#include <string>

namespace nirc::cpu {

/// The network in a shared library that `nirc compile --emit=shared` wrote, for this machine. Its
/// description is checked before any of its code is loaded; the code itself is trusted, as that of
/// any program that is started.
nir::Result<std::unique_ptr<Executable>> loadLibrary(const std::string &path);

/// The text in the section .nirc of an ELF file for that machine, without loading any code.
nir::Result<std::string> descriptionIn(const std::string &path, const llvm::Triple &machine);

} // namespace nirc::cpu
