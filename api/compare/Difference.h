//===- Difference.h - where two recordings differ, and how far --*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/recording/Recording.h"

#include <optional>
#include <string>
#include <vector>

namespace nirc {

struct DifferenceOptions {
  double tolerance = 0.0;       ///< by which values may differ; spikes may not
  double tauSeconds = 0.01;     ///< of van Rossum's filter
  double costPerSecond = 100.0; ///< of moving a spike, Victor and Purpura's q
  /// Cells that Victor and Purpura's distance may fill for all neurons of a trace; about two
  /// seconds. Where they do not suffice the distance is left out.
  int64_t victorPurpuraBudget = int64_t(1) << 30;
};

/// Where two traces differ first: the earliest step; in it the first sample, and its first element.
struct Divergence {
  int64_t sample = 0, step = 0;
  int64_t element = 0; ///< row-major in the node's shape
  double base = 0.0, other = 0.0;
};

/// One quantity of one node on both sides.
struct TraceDifference {
  std::string node, observable;
  nir::Shape shape; ///< of the node
  bool isSpikes = false;
  int64_t unequal = 0; ///< values, of all steps and samples, that differ
  std::optional<Divergence> first;
  /// Of spikes: their numbers; the distances with each neuron on its own line (the squares of van
  /// Rossum's add up, Victor and Purpura's add up), absent where dt is not known or a neuron has
  /// over 2^24 spikes.
  double baseSpikes = 0.0, otherSpikes = 0.0;
  std::optional<double> vanRossum, victorPurpura;
  /// Of spikes: between the numbers of spikes of each neuron and sample. Else between the traces.
  double cosine = 1.0;
  double largest = 0.0; ///< absolute difference of two values; infinite beside a NaN
};

struct Difference {
  std::vector<TraceDifference> traces; ///< those that both have, in the order of the base
  std::vector<std::string> onlyInBase, onlyInOther; ///< "node observable"

  bool equal() const;
  /// The trace that differs first; among those of one step the first in the order given.
  const TraceDifference *first() const;
};

/// The trace of `other` that a trace of `base` is compared with; null: none.
const nir::Trace *partnerOf(const nir::Recording &base, const nir::Trace &trace,
                            const nir::Recording &other);

/// Holds `other` against `base`. Traces go together by node and observable, whatever their
/// dtypes; where each side has one alone, they do by being that. Two values that are NaN are equal.
/// Errors: the sides have no trace in common, or differ in their samples, steps, dt or elements.
nir::Result<Difference> differenceOf(const nir::Recording &base, const nir::Recording &other,
                                     const DifferenceOptions &options);

} // namespace nirc
