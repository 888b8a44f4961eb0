//===- SampleOptions.h - labelled samples on the command line ---*- C++ -*-===//
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

/// Samples with their classes, as the options say: --images, or --input with its options.
struct SampleOptions {
  std::string images, labels;
  int64_t first = 0, count = 0;
};

/// Adds --images, --labels, --first and --count.
void addSampleOptions(CLI::App &app, SampleOptions &options);

/// The files that are read, those of labels included.
std::vector<std::string> filesRead(const SampleOptions &samples, const Network &network);

/// Whether a file to write is none of those that are read. The error is a fault of the command
/// line.
nir::Status checkOutput(const std::string &out, const SampleOptions &samples,
                        const Network &network);

/// Finds what drives the only Input: --images or --input, one of them.
nir::Status assignSamples(const ExecutionOptions &options, const SampleOptions &samples,
                          Network &network);

/// Opens it, as the options and the model's metadata say, and finds which samples are shown. An
/// error without a file is a fault of the command line.
nir::Result<LabelledSet> openSamples(const ExecutionOptions &options, const SampleOptions &samples,
                                     const Network &network, const ClassifierPorts &ports,
                                     double dtSeconds, EvaluationOptions &shown, Heard &heard);

/// Some of the samples, from which the unit of the input is found where no --calibrate says it.
nir::Result<Inputs> someSamples(const LabelledSet &set, const EvaluationOptions &shown);

/// "9 samples of 3 steps (the file's) of 1 ms, encoding rate (the file's)".
std::string text(const ExecutionOptions &options, const SampleOptions &samples,
                 const Network &network, const LabelledSet &set, int64_t count);

/// The encoder of values without steps: that of the options, else the model's; null where the
/// samples have steps and none is asked for.
std::optional<Encoder> encoderOf(const ExecutionOptions &options, const Network &network,
                                 const LabelledSet &set);

} // namespace nirc
