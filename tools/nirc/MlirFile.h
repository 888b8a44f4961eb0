//===- MlirFile.h - models as .mlir and .mlirbc -----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/Graph.h"

#include <cstddef>
#include <span>
#include <string>

namespace nirc {

/// The model in the text or bytecode of a module in the nir dialect. The error is the parser's
/// first, with its line.
nir::Result<nir::Model> parseMlir(const std::string &path, std::span<const std::byte> bytes);

enum class MlirForm { Text, ElidedText, Bytecode };

/// The model as a module of the nir dialect, text or bytecode. ElidedText leaves out large
/// parameters: for people, it cannot be read back. `file` is for the diagnostics.
nir::Result<std::string> mlirBytes(const nir::Model &model, const std::string &file, MlirForm form);

} // namespace nirc
