//===- Choices.h - the choices of a run -------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"
#include "ir/Check.h"
#include "ir/Error.h"
#include "ir/Graph.h"
#include "tools/io/Inputs.h"

#include <optional>
#include <string>
#include <vector>

namespace nirc {

/// The timestep that the file itself states: entry "dt" (in seconds) of the group "nirc" of the
/// root graph's metadata.
std::optional<double> dtOfFile(const nir::Model &model);

/// What the command line says of the choices of a run, as text.
struct ChoiceOptions {
  std::string dt, bin; ///< empty where they are not given
  std::string integrator = "euler", reset = "to-value";
  std::string target = "cpu", dtype;
  std::vector<std::string> record;
};

/// The same, understood.
struct Choices {
  nir::Semantics semantics;
  std::string dtOrigin; ///< "--dt", "--bin", or "the file"
  const Target *target = nullptr;
  nir::DType dtype = nir::DType::F32;
  std::vector<nir::Probe> probes;
};

/// Errors are faults of the command line; where a name is wrong they list those that exist. `graph`
/// is the one to run, `model` the file it is from.
nir::Result<Choices> choose(const ChoiceOptions &options, const nir::Model &model,
                            const nir::Graph &graph, bool hasEventFile);

/// The observables of a node: what it passes on first, then its states.
std::vector<std::string> observablesOf(const nir::Node &node);

/// The Input nodes of the graph itself, with the shapes of their signals.
std::vector<InputPort> inputPorts(const nir::Graph &graph, const nir::Checked &checked);

} // namespace nirc
