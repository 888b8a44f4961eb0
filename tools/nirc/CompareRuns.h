//===- CompareRuns.h - the sides of a comparison ----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "tools/nirc/CompareReport.h"
#include "tools/nirc/Execution.h"

#include <string>
#include <string_view>
#include <vector>

namespace nirc {

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

} // namespace nirc
