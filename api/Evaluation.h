//===- Evaluation.h - how many images a network classifies right -*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Images are shown to a compiled network, batch after batch, and its answers are counted. Whoever
// compares several compilations of a network calls `evaluate` with each, on the same images.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/io/Idx.h"
#include "api/io/Inputs.h"
#include "backends/Target.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace nirc {

struct Network;

/// How a pixel from 0 to 255 becomes the input of a step. Direct: pixel / 255, in float32, in every
/// step. Rate: a spike with that probability.
enum class Encoding { Direct, Rate };

/// "direct", "rate": as --encoding and the file's metadata spell it.
std::string_view name(Encoding encoding);
/// The error lists the names that exist.
nir::Result<Encoding> encodingOf(std::string_view name);

/// How the images are shown.
struct Presentation {
  Encoding encoding = Encoding::Direct;
  int64_t steps = 0; ///< for how many steps each; positive
  double dtSeconds = 0.0;
  uint64_t seed = 0; ///< of rate. The spikes of an image depend on it and the image's index alone
};

/// The node that sees an image, and the one whose elements stand for the classes.
struct ClassifierPorts {
  InputPort input;
  std::string output;
  int64_t classes = 0;
};

/// Those of a network with one Input and one Output.
nir::Result<ClassifierPorts> classifierPorts(const Network &network);

/// Which of the images, and in which way that changes no result.
struct EvaluationOptions {
  int64_t first = 0;
  int64_t count = 0; ///< 0: all from the first on
  int threads = 0;   ///< 0: as many as the machine has cores
  std::function<void(int64_t done, int64_t total)> progress = {}; ///< of images; may be empty
};

/// What came out.
struct Evaluation {
  int64_t classes = 0;
  int64_t total = 0, correct = 0;
  int64_t silent = 0;             ///< images without any output spike; 0 where v is read
  std::vector<int64_t> confusion; ///< how often, row-major [label, class that the network said]
  double seconds = 0.0;           ///< inputs included, compilation not

  int64_t at(int64_t label, int64_t said) const {
    return confusion[static_cast<size_t>(label * classes + said)];
  }
  int64_t imagesOf(int64_t label) const;
  double accuracy() const { return static_cast<double>(correct) / static_cast<double>(total); }
};

/// Whether images and labels fit the network, and the options the images. An error of the options
/// has no file.
nir::Status checkImages(const ClassifierPorts &ports, const LabelledImages &set,
                        const EvaluationOptions &options);

/// `count` images from `first` on, as the network sees them.
nir::Recording shownImages(const ClassifierPorts &ports, const LabelledImages &set,
                           const Presentation &presentation, int64_t first, int64_t count);

/// Shows the images and counts the answers. The class that the network says is the output's element
/// with most spikes over the steps, or with the largest sum where its values are no spikes; of
/// several the first, so without any spike 0. `set` and `options` must have passed `checkImages`.
/// Needs memory for some of the images at a time. Errors are the executable's.
nir::Result<Evaluation> evaluate(Executable &executable, const ClassifierPorts &ports,
                                 const LabelledImages &set, const Presentation &presentation,
                                 const EvaluationOptions &options);

} // namespace nirc
