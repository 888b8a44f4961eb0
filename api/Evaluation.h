//===- Evaluation.h - how many samples a network classifies right -*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Samples are shown to a compiled network, batch after batch, and its answers are counted. Whoever
// compares several compilations of a network calls `evaluate` with each, on the same samples.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/io/LabelledSet.h"
#include "backends/Target.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace nirc {

struct Network;

/// The node that sees a sample, and the one whose elements stand for the classes.
struct ClassifierPorts {
  InputPort input;
  std::string output;
  int64_t classes = 0;
};

/// Those of a network with one Input and one Output.
nir::Result<ClassifierPorts> classifierPorts(const Network &network);

/// Which of the samples, and in which way that changes no result.
struct EvaluationOptions {
  int64_t first = 0;
  int64_t count = 0; ///< 0: all from the first on
  int64_t usual = 0; ///< of all no more than these, where it is not 0
  uint64_t seed = 0; ///< of a random encoding
  int threads = 0;   ///< 0: as many as the machine has cores
  std::function<void(int64_t done, int64_t total)> progress = {}; ///< of samples; may be empty
};

/// What came out.
struct Evaluation {
  int64_t classes = 0;
  int64_t total = 0, correct = 0;
  int64_t silent = 0;             ///< samples without any output spike; 0 where v is read
  int64_t notFinite = 0;          ///< samples with an infinite or undefined output
  std::vector<int64_t> answers;   ///< the class that the network said, of each sample
  std::vector<int64_t> confusion; ///< how often, row-major [label, class that the network said]
  double seconds = 0.0;           ///< inputs included, compilation not

  int64_t at(int64_t label, int64_t said) const {
    return confusion[static_cast<size_t>(label * classes + said)];
  }
  int64_t samplesOf(int64_t label) const;
  double accuracy() const { return static_cast<double>(correct) / static_cast<double>(total); }
  /// Counts the samples of another one, too.
  void add(const Evaluation &other);
};

/// Whether the labels fit the network, and the options the samples. An error of the options has no
/// file.
nir::Status checkSamples(const ClassifierPorts &ports, const LabelledSet &set,
                         const EvaluationOptions &options);

/// Shows the samples and counts the answers. The class that the network says is the output's
/// element with most spikes over the steps, or with the largest sum where its values are no spikes;
/// of several the first, so without any spike 0. `set` and `options` must have passed
/// `checkSamples` and the set's steps be known. Needs memory for some of the samples at a time.
/// Errors are the executable's and those of files.
nir::Result<Evaluation> evaluate(Executable &executable, const ClassifierPorts &ports,
                                 const LabelledSet &set, const EvaluationOptions &options,
                                 Heard &heard);

} // namespace nirc
