//===- Trials.h - the semantics that are worth a try ------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/choices/Semantics.h"
#include "ir/graph/Graph.h"

#include <set>
#include <string>
#include <vector>

namespace nirc {

/// What of a semantics can make a difference in a network.
class Relevance {
public:
  /// `base`: any semantics with the run's dt.
  Relevance(const nir::Graph &graph, const nir::Semantics &base);

  /// Of its neurons.
  const std::set<nir::Family> &families() const { return used; }
  /// Whether a cycle needs a late edge under any semantics.
  bool hasCycles() const { return hasLoops; }
  /// Two semantics of one key give the same numbers: their neurons have the same equations.
  std::string keyOf(const nir::Semantics &semantics) const;

private:
  std::set<nir::Family> used;
  bool hasLoops; ///< of which choices decide what they carry into step 0
  bool hasDuplicates;
};

/// A semantics to try, and what it is called by: a preset, or that with a choice changed.
struct Trial {
  nir::Semantics semantics;
  std::string preset;
  std::string changed; ///< "reset=subtract"; empty for the preset itself
};

/// Every preset, in their order, with those of the late edges of `base` that lie on cycles under
/// it.
std::vector<Trial> presetTrials(const nir::Graph &graph, const nir::Semantics &base);

/// Every change of one choice of a preset that can make a difference: for all neurons, and where
/// there are several families for each.
std::vector<Trial> variationsOf(const nir::Semantics &preset, const Relevance &relevance);

/// Of a network with cycles that structure does not decide: the preset with other edges late, in
/// each cycle one of them or two. At most 64.
std::vector<Trial> otherCutsOf(const nir::Semantics &preset, const nir::Graph &graph,
                               double dtSeconds, const Relevance &relevance);

} // namespace nirc
