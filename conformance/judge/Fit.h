//===- Fit.h - whether a semantics gives what a simulator gave --*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Trials.h"
#include "api/io/Totals.h"
#include "conformance/judge/Answers.h"
#include "conformance/judge/Material.h"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace nirc::conformance {

/// Outputs may come so many steps late or early.
inline constexpr int64_t mostShift = 3;

/// What a semantics has of one answer, if outputs come `shift` steps later.
struct Fit {
  bool agrees = false;   ///< with all of it
  bool explains = false; ///< agrees, and there is something that could disagree
  double share = 0.0;    ///< of what is there, from 0 to 1
};

/// Of each shift, from -mostShift on.
using Fits = std::array<Fit, 2 * mostShift + 1>;

/// One answer that is to be explained. Each semantics is run once, also where another one has the
/// same equations for this network. Any thread may ask.
class Answered {
public:
  /// Both outlive it.
  Answered(const Material &material, const Answer &answer, const AnswerOptions &options);

  bool isFailure() const { return answer.mark == Mark::Fail; }
  const Material &material;
  const Answer &answer;

  /// None of them agrees where `reference` does not run the network under the semantics.
  Fits fits(const nir::Semantics &semantics);

private:
  Fits compute(const nir::Semantics &semantics) const;

  AnswerOptions options;
  Relevance relevance;
  std::map<std::string, Fits> known; ///< by equations
  std::mutex lock;
};

} // namespace nirc::conformance
