//===- Quantization.h - what quantize is asked and what it tells -*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/choices/NumberFormat.h"
#include "ir/recording/Recording.h"
#include "passes/Notice.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nirc {

/// Inputs from which ranges are found: the pass runs the float network on them.
struct Calibration {
  nir::Recording input;    ///< a trace "value" [batch, T, shape...] for each Input node
  std::string origin;      ///< "digits/, 5 samples of 300 steps", for reports
  bool inputsOnly = false; ///< look at the inputs, and do not run the network
};

/// Of a connection: its weights.
struct WeightsReport {
  int bits = 0;
  int64_t count = 0;
  std::vector<double> scales;  ///< one, or one a channel
  int64_t least = 0, most = 0; ///< of the integers
  int64_t clipped = 0;         ///< weights that the range does not hold
  int64_t present = 0;         ///< weights other than 0
  int64_t vanished = 0;        ///< of these, those whose integer is 0
  int64_t emptied = 0;         ///< outputs (rows, channels) of which all have vanished
  /// Of a connection that loses half of its weights or more, or all of an output: what keeps more.
  struct Cures {
    std::optional<int64_t> vanishedByChannel; ///< under granularity=channel, where that helps
    std::optional<int> bits;                  ///< the fewest weight-bits that keep half
    /// P of weight-range=percentile:P that keeps half where a scale for each channel does not; how
    /// many weights it cuts off, and where.
    std::optional<double> percentile;
    int64_t cut = 0;
    double cutFrom = 0.0, cutTo = 0.0;
  } cures = {};
  double rootMeanSquareError = 0.0; ///< in the file's units
};

/// Of a state of a population.
struct StateReport {
  std::string name; ///< "v"
  int bits = 0;
  std::vector<double> scales;
  int64_t least = 0, most = 0; ///< the proven range of the integers
  bool canOverflow = false;    ///< it reaches the limits of its bits, as far as can be proven
  int fractionBits = 0;        ///< below the unit of the sums
  /// Of a state that leaks, the time constant that was asked for and the one that will run, of the
  /// neuron for which they differ most.
  std::optional<double> tauSeconds, effectiveTauSeconds;
};

/// Of a signal of numbers.
struct SignalReport {
  std::vector<double> scales;
  int64_t least = 0, most = 0;               ///< the proven range
  int neededBits = 0;                        ///< that hold the proven range
  std::optional<double> seenLeast, seenMost; ///< in a calibration, in the file's units
};

/// What became of one op.
struct NodeReport {
  std::string node, kind; ///< "fc1", "dense"
  std::optional<WeightsReport> weights;
  std::optional<SignalReport> signal; ///< what it passes on, where that is numbers
  std::vector<StateReport> states;
  int64_t vanishedThresholds = 0; ///< neurons with a threshold other than 0 whose integer is 0
  std::vector<std::string> notes; ///< what a user should know
};

struct QuantizationReport {
  nir::NumberFormat format;
  std::string calibration; ///< its origin; empty without one
  std::vector<NodeReport> nodes;
  int64_t weightBytes = 0; ///< of all weights and biases, packed
  int64_t stateBytes = 0;  ///< of all states, packed
};

/// Where numbers that are not 0 become 0, and so much of a connection that it is another: half of
/// its weights, or any threshold.
std::vector<Notice> vanishedIn(const QuantizationReport &report);

/// What a network is to be quantized with.
struct QuantizationOptions {
  nir::NumberFormat format;
  std::shared_ptr<const Calibration> calibration = {};           ///< may be null
  std::function<void(const QuantizationReport &)> onReport = {}; ///< may be empty
};

} // namespace nirc
