//===- TargetTables.h - how targets did, as files ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Provenance.h"
#include "conformance/judge/Targets.h"

#include <map>
#include <string>
#include <vector>

namespace nirc::conformance {

/// The features of all cases, each once, in the order in which cases have them first.
std::vector<std::string> featuresOf(const TargetsReport &report);

/// What a target said when it refused, and of how many cases it said so: with other names and
/// numbers it is the same.
struct Refusal {
  std::string code, message; ///< of the first case
  int64_t cases = 0;
};
/// Those of a way, the most frequent first.
std::vector<Refusal> refusalsOf(const TargetsReport &report, size_t way);

/// A row for each feature, a column for each way; then what was refused and why.
std::string markdownOf(const TargetsReport &report);
/// {"about", "ways", "cases": [{"case", "features", "verdicts", "stale"}], "good"}.
Json jsonOf(const TargetsReport &report);
/// A suite for each way.
std::string junitOf(const TargetsReport &report);

/// Of `report` in a few words for the case of a way: what differs, why it is refused.
std::string reasonOf(const TargetVerdict &verdict);

/// {"node", "observable", "sample", "step", "index", "expected", "found", "states"}.
Json divergenceJson(const NodeDivergence &divergence);

} // namespace nirc::conformance
