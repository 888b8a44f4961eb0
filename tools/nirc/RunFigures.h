//===- RunFigures.h - figures of a run --------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Execution.h"
#include "tools/nirc/FigureOptions.h"

#include <string>
#include <vector>

namespace nirc {

/// What `nirc run --figure` can draw, the usual one first.
const std::vector<std::string> &runFigureKinds();

/// Adds to the choices what the figures show, where nothing is recorded yet: the spikes of all
/// neurons, and for voltages their v. Returns what was added. An error where no neuron has it.
nir::Result<std::vector<nir::Probe>> recordFor(const std::vector<FigureRequest> &figures,
                                               const Network &network, Choices &choices);

/// Refuses what would not fit into memory.
nir::Status checkRecorded(const std::vector<nir::Probe> &added, const Network &network,
                          const Inputs &inputs);

/// A finished run, for its figures.
struct FinishedRun {
  const Network &network;
  const Choices &choices;
  const Inputs &inputs;
  const Executed &executed;
  std::string caption; ///< model, steps, semantics, target
};

/// Draws and writes each.
nir::Status writeRunFigures(const std::vector<FigureRequest> &figures, const FigureStyle &style,
                            const FinishedRun &run);

/// Takes the traces of probes away again, so that results are those that were asked for.
void dropProbes(const std::vector<nir::Probe> &added, nir::Recording &recording);

} // namespace nirc
