//===- Agreement.h - how much of a recording a run has ----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/compare/Difference.h"
#include "ir/recording/Recording.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace nirc {

/// A run compared with a recording of the same node, which comes `shift` steps later.
struct Agreement {
  double expected = 0.0; ///< spikes of the recording
  double agree = 0.0;    ///< of them, those that the run has as well
  double extra = 0.0;    ///< spikes of the run alone
  int64_t values = 0;    ///< of traces that are no spikes: compared, and not within the tolerance
  int64_t unequal = 0;
  double largest = 0.0; ///< difference of two values
  /// The first difference: steps are those of the recording, `base` is its value.
  std::optional<Divergence> first;

  bool isFull() const { return agree == expected && extra == 0.0 && unequal == 0; }
  /// Of the spikes of both sides those that are common, from 0 to 1 (Dice's coefficient): a run
  /// without spikes is no better than one whose spikes are all wrong.
  double share() const {
    double both = expected + agree + extra;
    return both > 0.0 ? 2.0 * agree / both : 1.0;
  }
  /// Adds what was found of another trace.
  void add(const Agreement &other);
};

/// Whether `a` is closer to the recording than `b`: by the share of spikes, then by the number of
/// values, then, where some differ, by the largest difference.
bool isCloser(const Agreement &a, const Agreement &b);

/// The elements of a trace that are not 0, in their order. Comparing them costs what spikes there
/// are, not what steps there are.
struct SpikeList {
  struct Entry {
    int64_t sample, step, element;
    double count;
  };
  int64_t steps = 0;
  std::vector<Entry> entries;

  static SpikeList of(const nir::Tensor &spikes); ///< [samples, steps, ...]
};

/// Spikes. What the run has before or after the recording is not counted; what the recording has
/// before or after the run is missing in it.
Agreement agreementOf(const SpikeList &expected, const SpikeList &run, int64_t shift);
/// Values, in the steps that both have.
Agreement agreementOf(const nir::Tensor &expected, const nir::Tensor &run, int64_t shift,
                      double tolerance);

} // namespace nirc
