//===- QuantizationMeasure.h - a format against floats ----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Execution.h"
#include "api/RunReport.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nirc {

/// The network in float64 and in integers on the same signals.
struct QuantizationMeasure {
  int64_t samples = 0, steps = 0;
  /// Of the spikes of every node and of the outputs; what is held against float64 is in integers.
  Difference difference;
  RunReport base, integers;

  /// How often a number met its limit in the run in integers.
  struct Limit {
    std::string node;
    std::string what; ///< a state, or "u": the sum of the inputs
    int64_t count = 0;
  };
  /// Of the states whose arithmetic can leave their bits, and the sums that can leave those of the
  /// accumulator. What is proven to stay inside is not here.
  std::vector<Limit> limits;

  const Limit *limitOf(const std::string &node, const std::string &what) const;
};

/// Advice on nodes that have spikes in float64 and none in integers.
std::optional<nir::Diagnostic> silencedNodes(const QuantizationMeasure &measure,
                                             const std::string &file, const std::string &format);

/// Runs the network on the calibration of `choices`, which have a format. An error is the model's
/// fault.
nir::Result<QuantizationMeasure> measureQuantization(const Network &network, Choices choices,
                                                     const Manner &manner);

} // namespace nirc
