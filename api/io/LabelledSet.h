//===- LabelledSet.h - samples with their classes ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/io/Labels.h"
#include "api/io/SourceSamples.h"

namespace nirc {

/// Samples and the class of each. Safe to show from several threads.
struct LabelledSet {
  InputPort port;
  std::shared_ptr<const SourceSamples> samples;
  Labels labels; ///< by place, as `order`
  /// The sample at each place: their own order, but one of each class in turn where folders stand
  /// for classes, so that some of them are of all classes.
  std::vector<int64_t> order;
  double dtSeconds = 0.0;
  int64_t steps = 0;    ///< of what is shown; shorter samples go on with zeros
  int64_t shortest = 0; ///< sample

  int64_t count() const { return static_cast<int64_t>(order.size()); }
  /// The name of the sample at a place, or its number.
  std::string nameOf(int64_t place) const;
  /// `number` samples from place `first` on, a trace "value" [number, steps, port...].
  nir::Result<nir::Recording> show(int64_t first, int64_t number, uint64_t seed,
                                   Heard &heard) const;
};

/// Opens the source and finds the class of each sample, as --labels says. Of files whose steps only
/// reading tells, and where `options` names none, `steps` is 0 until `measureSteps`.
nir::Result<LabelledSet> openLabelled(const InputSource &source, const std::string &labels,
                                      const InputOptions &options, Heard &heard);

/// Whether the samples themselves say their classes: the file has labels, or folders stand for
/// them.
nir::Result<bool> sourceHasLabels(const InputSource &source, const InputOptions &options);

/// Reads these samples for the longest of them, where `steps` is 0.
nir::Status measureSteps(LabelledSet &set, int64_t first, int64_t number);

/// The same set with these samples in memory.
nir::Result<LabelledSet> held(const LabelledSet &set, int64_t first, int64_t number, uint64_t seed,
                              Heard &heard);

} // namespace nirc
