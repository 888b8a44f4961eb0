//===- Advice.h - what a choice of steps makes of a graph -------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/Graph.h"
#include "ir/Semantics.h"

#include <optional>
#include <string>
#include <vector>

namespace nir {

/// What to know before the graph is run in steps, each with its consequence: neurons that fire
/// without input, IF beside neurons whose response to a spike depends on the step; and where the
/// step is known, delays that are no whole number of steps, and steps too long for the time
/// constants under `integrator`. The graph is one that `check` passes, its times in seconds. One
/// diagnostic a node and kind, of its worst element; of many nodes the first.
std::vector<Diagnostic> adviceOn(const Graph &graph, std::optional<double> dtSeconds,
                                 Integrator integrator, const std::string &file = {});

} // namespace nir
