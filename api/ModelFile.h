//===- ModelFile.h - a model, from whatever file holds it -------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/ClockedModel.h"
#include "backends/Target.h"
#include "ir/Error.h"
#include "ir/file/Reader.h"
#include "ir/graph/Graph.h"

#include <memory>
#include <optional>
#include <string>

namespace nirc {

/// A model from a .nir, .mlir or .mlirbc file, told apart by content.
struct ModelFile {
  std::string path;
  std::string format; ///< "nir", "mlir" or "mlirbc"
  nir::Model model;
  std::optional<ClockedModel> clocked = {}; ///< in place of a model
  std::shared_ptr<Executable> program = {}; ///< in place of both: it is compiled already
  std::string knownSha256 = {};             ///< where all bytes were at hand

  /// Of the file's bytes, in hexadecimal. Reads a .nir file again, which takes about a second for
  /// 500 MB: for whoever writes it down. Empty where the file is gone by now.
  std::string sha256() const;
};

/// What is taken in place of a graph and is no error: a clocked network, or that and a program
/// which a target executes.
enum class Clocked { Refused, Taken, AndPrograms };

/// The model in the file; the error says what is wrong with the file. `shapes` take the place of
/// those that its ports declare (api/PortShapes.h). A folder is a program where a target says so.
nir::Result<ModelFile> loadModel(const std::string &path, const nir::ReadLimits &limits,
                                 Clocked clocked = Clocked::Refused,
                                 const std::vector<std::string> &shapes = {},
                                 const LoadOptions &ofProgram = {});

} // namespace nirc
