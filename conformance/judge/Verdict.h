//===- Verdict.h - what was found of a run ----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/RunReport.h"
#include "ir/Error.h"
#include "ir/recording/Recording.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nirc::conformance {

/// Where a node's recording differs first from what is right.
struct NodeDivergence {
  TraceDifference trace;         ///< its `base` is what is right
  std::vector<StatePair> states; ///< of that neuron, before and after the step
};

/// "step 12, neuron [3]: spikes is 0, expected 1; v was 0.5 and is 0.75, expected 0.5 and 1.25".
std::string text(const NodeDivergence &divergence);

/// Puts them in the order of their steps; those of one step stay as they are.
void earliestFirst(std::vector<NodeDivergence> &nodes);

/// A sentence for each node that differs, the earliest first.
struct Divergences {
  std::vector<NodeDivergence> nodes;
  std::vector<std::string> missing; ///< "node observable", which should be there
  bool none() const { return nodes.empty() && missing.empty(); }
  /// The first in a few words; empty where there is none.
  std::string text() const;
};

/// Compares all of `right`, but for what `isOptional` says and `got` does not have. The error says
/// that the two cannot be compared, as where they have other lengths.
nir::Result<Divergences> divergencesOf(const nir::Recording &right, const nir::Recording &got,
                                       double tolerance);

enum class Outcome {
  Equal,
  Differs,
  Refused, ///< the target does not take the network, and says why
  Failed,  ///< it took it, and something broke
};
/// "equal", "differs", "refused", "failed".
std::string_view name(Outcome outcome);

/// Whether the error says that the network is not taken. All others are faults of who computes.
bool isRefusal(const nir::Error &error);

/// One target on one case.
struct TargetVerdict {
  size_t way = 0; ///< of the report's
  Outcome outcome = Outcome::Equal;
  Divergences divergences; ///< of Differs
  std::optional<nir::Error>
      error; ///< of Refused and Failed, and of Differs where one side has none
  double seconds = 0.0;
};

/// A file of a case that is not what it should be: "is not what reference gives now: nir: …".
struct Stale {
  std::string file, why;
};

/// All targets on one case.
struct CaseVerdict {
  std::string name;
  std::vector<std::string> features;
  std::optional<nir::Error> error; ///< the case cannot be read: there are no verdicts
  std::vector<TargetVerdict> verdicts;
  std::vector<Stale> stale;
};

} // namespace nirc::conformance
