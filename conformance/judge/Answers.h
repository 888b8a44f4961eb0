//===- Answers.h - what a simulator of others gave --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "conformance/judge/External.h"
#include "conformance/judge/Material.h"
#include "conformance/judge/Verdict.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nirc::conformance {

enum class Mark {
  Pass,
  Fail,        ///< it answered, and the answer is not right
  Unsupported, ///< it says that it does not take the case
  Crashed,     ///< no answer: it broke, took too long, or wrote nothing that can be read
};
/// "pass", "fail", "unsupported", "crashed".
std::string_view name(Mark mark);

struct AnswerOptions {
  std::string semantics = "nir";   ///< that the simulator claims to follow
  std::optional<double> tolerance; ///< of values; none: 1e-5 of the largest of a trace
  bool outputsOnly = false;        ///< what it says of the nodes inside is not looked at
};

/// What it gave on one case, and whether that is right.
struct Answer {
  std::string name;
  std::vector<std::string> features;
  Mark mark = Mark::Crashed;
  std::string why = {};         ///< but of Pass: a sentence
  std::string log = {};         ///< the end of what it printed
  double seconds = 0.0;         ///< of its call
  Divergences divergences = {}; ///< of Fail
  /// To be explained: what it gave, with the names of what is expected. Of Pass and Fail; null
  /// where it cannot be compared, as with another number of steps.
  std::shared_ptr<const nir::Recording> given = {};
};

/// What is right of a case under a semantics: the case's file where it has one, else what
/// `reference` gives in float64.
nir::Result<nir::Recording> expectedOf(const Material &material, const std::string &semantics);

/// What a simulator wrote, with the names, types and shapes of what is expected. Outputs have to be
/// there; of all else what is. The error says what is wrong with it, for its author.
nir::Result<nir::Recording> fittedTo(const nir::Recording &expected,
                                     const std::vector<std::string> &outputs,
                                     const nir::Recording &given);

/// By how much values of a trace may differ.
double toleranceOf(const nir::Trace &expected, const std::optional<double> &tolerance);

/// The answer in a file, judged. Trusts nothing of the file.
Answer judgeFile(const Material &material, const nir::Recording &expected, const std::string &file,
                 const AnswerOptions &options);

/// Runs the simulator on all and judges what it gives. A case whose expectation cannot be had is
/// an error.
nir::Result<std::vector<Answer>> judgeExternal(const External &external,
                                               const std::vector<Material> &cases,
                                               const AnswerOptions &options,
                                               const std::function<void()> &progress = {});

} // namespace nirc::conformance
