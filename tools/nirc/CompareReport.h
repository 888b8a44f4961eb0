//===- CompareReport.h - what a comparison found ----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/compare/Difference.h"
#include "tools/nirc/Report.h"

#include <string>
#include <vector>

namespace nirc {

/// What an output says of each sample.
struct OutputReport {
  std::string node;
  bool isSpikes = false;
  /// [sample][element]: the number of spikes, or the sum of the values over the steps.
  std::vector<std::vector<double>> sums;
  /// The element with the largest sum, the first of several; -1 where there is one element alone,
  /// or no spike.
  std::vector<int64_t> classes;
};

/// One run, or the result of one.
struct RunReport {
  std::string label; ///< as the user wrote it
  Json provenance;
  std::vector<std::pair<std::string, double>> spikes; ///< of each node that is no output
  std::vector<OutputReport> outputs;

  double spikesOfNodes() const;
  double spikesOfOutputs() const;
};

/// A state of the neuron that differs first: before the step, if there was one, and after it.
struct StatePair {
  std::string observable;
  std::vector<double> base, other;
};

/// A run held against the first.
struct ComparisonReport {
  size_t run = 0;
  Difference difference;
  std::vector<StatePair> states;
};

struct CompareReport {
  std::string title;
  int64_t samples = 1;
  std::vector<std::string> sampleNames; ///< empty, or one a sample
  double dtSeconds = 0.0;
  DifferenceOptions options;
  std::vector<RunReport> runs;
  std::vector<ComparisonReport> comparisons;

  bool equal() const;
  /// "5", or its number where it has no name.
  std::string sampleName(int64_t sample) const;
};

/// Samples for which the first output of two runs names another class.
int64_t changedClasses(const RunReport &base, const RunReport &other);

/// The neuron's index in its node, "[3, 16, 2]".
std::string indexText(int64_t element, const nir::Shape &shape);

/// For people, and complete for programs.
std::string compareText(const CompareReport &report);
Json compareJson(const CompareReport &report);

} // namespace nirc
