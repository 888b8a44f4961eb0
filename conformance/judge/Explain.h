//===- Explain.h - which semantics a simulator follows instead --*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "conformance/judge/Answers.h"
#include "conformance/judge/Phrases.h"

#include <cstdint>
#include <string>
#include <vector>

namespace nirc::conformance {

/// A semantics that gives what the simulator gave.
struct Explanation {
  std::string semantics;              ///< "nir,reset=subtract"
  std::string preset;                 ///< "nir"
  std::vector<ChangedChoice> changes; ///< on top of the preset
  int64_t shift = 0;                  ///< steps by which its outputs come later
  std::vector<size_t> cases;          ///< failing ones that it gives, by their number
  std::vector<size_t> contradicted;   ///< passing ones of which it gives something else
  std::vector<std::string> alike;     ///< presets that give as many, and are as true

  /// "resets by subtraction", "one step late", "as norse"; several joined by "and".
  std::string headline() const;
};

struct Explanations {
  /// The first is the one for all cases; each further one is for some that it leaves.
  std::vector<Explanation> all;
  std::vector<size_t> unexplained; ///< failing cases that no semantics gives
};

/// Finds the fewest changes of the claimed semantics, or the preset with the fewest changes, that
/// give most of the failing answers and the passing ones, too. Runs `reference` in float64 under
/// the presets and under single choices, then goes on from the best, up to three choices.
/// `cases` and `answers` have one order.
Explanations explain(const std::vector<Material> &cases, const std::vector<Answer> &answers,
                     const AnswerOptions &options, int jobs);

} // namespace nirc::conformance
