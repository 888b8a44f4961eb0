//===- MlirFile.h - models as .mlir and .mlirbc -----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/ClockedModel.h"
#include "ir/Error.h"
#include "ir/graph/Graph.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace mlir {
class ModuleOp;
} // namespace mlir

namespace nirc {

/// One of the two: a module holds a graph of the nir dialect, or a clocked network of snn.
struct ParsedMlir {
  nir::Model model;
  std::optional<ClockedModel> clocked;
};

/// What the text or bytecode of a module holds. The error is the parser's first, with its line.
nir::Result<ParsedMlir> parseMlir(const std::string &path, std::span<const std::byte> bytes);

enum class MlirForm { Text, ElidedText, Bytecode };

/// The model as a module of the nir dialect, text or bytecode. ElidedText leaves out large
/// parameters: for people, it cannot be read back. `file` is for the diagnostics.
nir::Result<std::string> mlirBytes(const nir::Model &model, const std::string &file, MlirForm form);

/// A module as it goes into a file: with the version of its dialect. Nothing where bytecode cannot
/// be written; the context has the reason.
std::optional<std::string> moduleBytes(mlir::ModuleOp module, MlirForm form);

} // namespace nirc
