//===- Scorecard.h - how a simulator of others did, as files ----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Provenance.h"
#include "conformance/judge/Explain.h"

#include <cstdint>
#include <string>
#include <vector>

namespace nirc::conformance {

/// A simulator of others, judged.
struct Scorecard {
  std::string name;      ///< of the simulator, or its command
  std::string about;     ///< "612 cases"
  std::string semantics; ///< that it is compared with
  std::vector<Answer> answers;
  Explanations explanations;

  int64_t count(Mark mark) const;
  /// All that it takes is right.
  bool isGood() const { return count(Mark::Fail) + count(Mark::Crashed) == 0; }
  /// The explanation of a case, or null.
  const Explanation *explanationOf(size_t answer) const;
};

/// A row of a scorecard: each case counts in each of its features.
struct FeatureRow {
  std::string feature;
  int64_t pass = 0, fail = 0, unsupported = 0, crashed = 0;
};
std::vector<FeatureRow> rowsOf(const Scorecard &card);

/// "It resets by subtraction: 12 of the 14 failing cases are then right." and the like: a sentence
/// for each explanation.
std::vector<std::string> sentencesOf(const Scorecard &card);

std::string markdownOf(const Scorecard &card);
Json jsonOf(const Scorecard &card);
/// A suite for each main feature.
std::string junitOf(const Scorecard &card);
/// What shields.io reads from an endpoint: {"schemaVersion", "label", "message", "color"}.
Json badgeOf(const Scorecard &card);

} // namespace nirc::conformance
