//===- ImageOptions.h - labelled images on the command line -----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Evaluation.h"
#include "tools/nirc/Options.h"

#include <CLI/CLI.hpp>
#include <string>

namespace nirc {

struct ImageOptions {
  std::string images, labels, encoding;
  int64_t first = 0, count = 0;
};

/// Adds them: --images, --labels, --encoding, --first and --count.
void addImageOptions(CLI::App &app, ImageOptions &options);

/// How a network sees images.
struct ImageView {
  ClassifierPorts ports;
  Presentation presentation;
  bool encodingOfFile = false, stepsOfFile = false; ///< whether the file's metadata says them
};

/// As the options say, else as the file does. Errors without a file are faults of the command line.
nir::Result<ImageView> imageViewOf(const ExecutionOptions &options, const ImageOptions &images,
                                   const Network &network, double dtSeconds);

/// Some of the images, from which the unit of the input is found where no --calibrate says it.
Inputs someImages(const ImageView &view, const LabelledImages &set,
                  const EvaluationOptions &options);

} // namespace nirc
