//===- Advice.h - what a choice of steps makes of a graph -------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/choices/Semantics.h"
#include "ir/graph/Graph.h"

#include <optional>
#include <string>
#include <vector>

namespace nir {

/// How a graph is to be run, as far as it is known.
struct Stepping {
  std::optional<double> dtSeconds;
  Semantics semantics = {}; ///< whose dt is not looked at
  /// The parameters come from decays of Euler's form at this very step, as r = tau/dt shows: then
  /// its decay is the one that was trained, however far from exp(-dt/tau).
  bool isMadeForEuler = false;
};

/// What to know before the graph is run in steps, each with its name and consequence: neurons that
/// fire without input, or before there is any; IF beside neurons whose response to a spike depends
/// on the step; and where the step is known, delays that are not a whole number of steps, and steps
/// too long for the time constants under Euler. The graph is one that `check` passes, its times in
/// seconds. There is one diagnostic for each node and kind, about its worst element; among many
/// nodes the first.
std::vector<Diagnostic> adviceOn(const Graph &graph, const Stepping &stepping,
                                 const std::string &file = {});

/// The parameters that the semantics ignores, as `Ignored` has them, where the file has other
/// numbers: one note for each family of neurons, about its first node.
std::vector<Diagnostic> ignoredParameters(const Graph &graph, const Semantics &semantics,
                                          const std::string &file = {});

} // namespace nir
