//===- Match.h - whose spikes these are -------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs a network under every preset, and under the best presets with one choice changed, and ranks
// them by how well they reproduce what some program recorded.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Execution.h"
#include "api/compare/Agreement.h"
#include "api/io/SavedData.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nirc {

/// What the user said of one recording: "FILE", "NODE=FILE" or "NODE:OBSERVABLE=FILE".
struct ExpectedSource {
  std::string node, observable; ///< empty: the only Output; what that node is compared by
  std::string file;
  std::optional<nir::Tensor> array = {}; ///< what the file holds, where it is at hand
};

struct MatchOptions {
  int64_t maxShift = 3;                 ///< steps by which a recording may be early or late
  std::optional<double> tolerance = {}; ///< of values; none: 1e-5 of the largest one expected
  size_t varied = SIZE_MAX;             ///< presets, at most, of which single choices are changed
  Layout layout = Layout::Auto;         ///< of the recordings
  /// Tried where no preset has all of the recordings in the dtype of the base.
  std::optional<nir::DType> otherDType = {};
};

/// One recording, ready to be compared.
struct Expected {
  nir::Probe probe; ///< of an Output the observable that it has
  std::string file;
  nir::Tensor data; ///< [samples, steps, shape...]
  bool isSpikes = false;
  bool isOutput = false;
  double spikes = 0.0;    ///< all of them
  double tolerance = 0.0; ///< of values
  std::string note;       ///< where it is compared with something else than was asked for
};

/// A semantics and how it did.
struct Candidate {
  std::string semantics;             ///< "snntorch-native,reset-delay=0"
  std::string preset;                ///< "snntorch-native"
  std::string changed;               ///< "reset-delay=0"; empty for the preset itself
  std::string refusal;               ///< why it does not run; empty where it does
  int64_t shift = 0;                 ///< steps by which the recordings come later than its run
  std::vector<Agreement> agreements; ///< one for each recording

  bool runs() const { return refusal.empty(); }
  /// Whether all of every recording is reproduced, at that shift.
  bool isFull() const;
  Agreement total() const; ///< of all recordings
};

struct MatchReport {
  std::vector<Expected> expected;
  std::vector<Candidate> candidates; ///< that run, the best first
  std::vector<Candidate> refused;    ///< presets, in their order
  nir::DType dtype = nir::DType::F32;
  std::string target;

  bool matches() const { return !candidates.empty() && candidates.front().isFull(); }
  /// The candidates that do as well as the first: presets where one is among them.
  std::vector<const Candidate *> best() const;
  /// Whether it is a change of a choice under which its preset does as well.
  bool changesNothing(const Candidate &candidate) const;
  /// All of these of a preset: what these recordings do not decide. Of a change: none.
  std::vector<std::string> undecided(const Candidate &preset) const;
  /// The best change of a choice that loses something at the preset's shift. Null: there is none,
  /// or it is no preset.
  const Candidate *nextTo(const Candidate &preset) const;
  /// The preset of which it is a change; null where it is none.
  const Candidate *presetOf(const Candidate &change) const;
};

/// "NODE:OBSERVABLE=FILE", where names and paths may hold the letters that split them.
ExpectedSource expectedSourceOf(const std::string &argument, const Network &network);

/// Reads the recordings and finds what each is of. Errors with the kind Usage are faults of the
/// command line.
nir::Result<std::vector<Expected>> loadExpected(const std::vector<ExpectedSource> &sources,
                                                const Network &network, const Inputs &inputs,
                                                const MatchOptions &options, uint64_t maxBytes);

/// Takes the reference where compiling would take longer than its steps: in float32 both give the
/// same bits.
void takeQuickTarget(const Network &network, const Inputs &inputs, Choices &base);

/// Runs all candidates. Single choices are changed of the presets that have all of the recordings,
/// three at most, or else of the best `options.varied`. `base` has target, dtype and dt; presets
/// that the target does not run go to `reference`. `manner.progress` counts runs.
nir::Result<MatchReport> match(const Network &network, const Choices &base, const Inputs &inputs,
                               std::vector<Expected> expected, const MatchOptions &options,
                               const Manner &manner);

} // namespace nirc
