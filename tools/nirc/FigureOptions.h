//===- FigureOptions.h - figures that a command writes ----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "tools/pictures/draw/Sheet.h"

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace nirc {

/// A figure as the command line asks for it.
struct FigureRequest {
  std::string kind; ///< "raster"; empty where the command draws but one
  std::string path; ///< ends in .svg or .pdf
};

struct FigureOptions {
  std::vector<std::string> figures; ///< as given: "KIND=PATH", or a path
  FigureStyle style;
};

/// Adds --figure, which can be given several times, --figure-width and --dark. `what` is the help
/// of --figure.
void addFigureOptions(CLI::App &app, FigureOptions &options, const std::string &what);

/// Of what was given. A path alone is of the kind that its file is called (voltages.svg), else of
/// the first of `kinds`. Refuses other endings than .svg and .pdf, one path twice, and what is
/// read (Outputs.h).
nir::Result<std::vector<FigureRequest>> figureRequests(const FigureOptions &options,
                                                       const std::vector<std::string> &kinds,
                                                       const std::vector<std::string> &inputs);

/// Writes the drawing in the form of the path's ending: completely or not at all.
nir::Status writeFigure(const std::string &path, const Drawing &drawing);

/// The file's name without folders, for captions.
std::string modelName(const std::string &path);

} // namespace nirc
