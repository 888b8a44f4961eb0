//===- Exploration.h - a model in many number formats -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Execution.h"
#include "backends/Target.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace nirc {

/// What tells how good a format is.
enum class Yardstick {
  Accuracy,       ///< the share of samples whose class is right
  SpikeDistance,  ///< of the outputs to float64, see api/compare/RelativeDistance.h
  NumberDistance, ///< the same where outputs are numbers
};
/// "accuracy", "spike_distance", "number_distance": in CSV and JSON.
std::string_view name(Yardstick yardstick);

/// One format, and what came of it.
struct FormatTrial {
  nir::NumberFormat format;
  double score = 0.0; ///< by the yardstick
  /// Flash and RAM of its C file where the target writes one, else of weights and states, packed.
  int64_t weightBytes = 0, stateBytes = 0;
  int64_t weights = 0, vanished = 0; ///< other than 0, and of these, those that are 0 in the format
  int64_t vanishedThresholds = 0;    ///< neurons of which that holds
  std::string error = {};            ///< why there is no score; else empty
  bool onFront = false;

  int64_t bytes() const { return weightBytes + stateBytes; }
};

struct Exploration {
  std::string title; ///< the model, and what it was shown
  Yardstick yardstick = Yardstick::Accuracy;
  double floatScore = 0.0; ///< of float64
  std::vector<FormatTrial> trials;
  /// What was wished for: a score not worse than this, or no more bytes than these.
  double leastScore = 0.0;
  double tolerance = 0.0; ///< points or percent
  std::optional<int64_t> mostBytes;
  std::optional<size_t> proposed; ///< of `trials`; none where no format is as wished

  /// Marks the Pareto front, and chooses what to propose.
  void conclude();
};

/// The base in every combination, in the order of rows; the first list varies slowest. An error
/// names what is no value of its field, or combinations that contradict themselves.
nir::Result<std::vector<nir::NumberFormat>> combinations(const nir::NumberFormat &base,
                                                         const std::vector<std::string> &weightBits,
                                                         const std::vector<std::string> &stateBits,
                                                         const std::vector<std::string> &roundings);

/// Gives what it is called with a score; it runs on that many threads, and is called by several.
using Scorer = std::function<nir::Result<double>(Executable &executable, int threads)>;

/// Compiles the network in each format and scores it, several at a time. What cannot be compiled or
/// run has an error. The manner's progress counts formats.
void tryFormats(const Network &network, const Choices &choices, const Scorer &scorer,
                const Manner &manner, std::vector<FormatTrial> &trials);

} // namespace nirc
