//===- CompareRuns.h - the sides of a comparison ----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Execution.h"
#include "api/compare/Difference.h"

#include <string>
#include <string_view>
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
  int64_t shift = 0; ///< steps by which the run was found to be late; steps are those of the first
};

struct CompareReport {
  std::string title;
  int64_t samples = 1;
  std::vector<std::string> sampleNames; ///< empty, or one a sample
  double dtSeconds = 0.0;
  DifferenceOptions options;
  std::vector<RunReport> runs;
  std::vector<ComparisonReport> comparisons;
  std::vector<nir::Diagnostic> advice; ///< of the runs, each once

  bool equal() const;
  /// "5", or its number where it has no name.
  std::string sampleName(int64_t sample) const;
};

/// Samples for which the first output of two runs names another class.
int64_t changedClasses(const RunReport &base, const RunReport &other);

/// The neuron's index in its node, and as a text: "[3, 16, 2]".
nir::Shape indexOf(int64_t element, const nir::Shape &shape);
std::string indexText(int64_t element, const nir::Shape &shape);

/// Applies a run as the user writes it, "target=reference,reset=subtract", on top of `options`. The
/// error lists the choices that exist.
nir::Status applyChoices(std::string_view run, ChoiceOptions &options);

/// One side as the report needs it. Nodes that `outputs` names are outputs; where none is recorded,
/// the first trace is taken for one.
RunReport reportOf(const std::string &label, const Json &provenance,
                   const nir::Recording &recording, const std::vector<std::string> &outputs);

/// The states of the neuron that differs first, as far as both sides have recorded them. `sample`
/// is where the recordings hold the divergence's.
std::vector<StatePair> statesAt(const TraceDifference &trace, int64_t sample,
                                const nir::Recording &base, const nir::Recording &other);

/// The spikes of every node that has them, in the order in which a step computes them.
std::vector<nir::Probe> spikeProbes(const nir::Graph &graph, const nir::Semantics &semantics);

/// One sample of the inputs up to and with a step.
Inputs slice(const Inputs &inputs, int64_t sample, int64_t steps);

/// The sum over the steps of a sample, element by element: for spikes their counts.
std::vector<double> sums(const nir::Tensor &data, int64_t sample);

} // namespace nirc
