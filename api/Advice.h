//===- Advice.h - what to know before a model is run ------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one place that `check` and every command that computes take their advice from. An advice is a
// diagnostic with a name, its `code`: an error ends the command, and whoever knows better accepts
// it by that name.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/FileReading.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nirc {

struct AdviceKind {
  std::string_view name;    ///< "unstable-step"
  std::string_view summary; ///< one line, of what it says
  std::string_view found;   ///< when it is said
  std::string_view why;     ///< what it does to results
  std::string_view fix;
  /// Another semantics may have no need of it: `match`, which tries all, does not say it.
  bool isOfSemantics = false;
};

/// All that there are, in the order of docs/advice.md.
const std::vector<AdviceKind> &adviceKinds();
/// Null: no advice is called so.
const AdviceKind *findAdvice(std::string_view name);
bool isOfSemantics(std::string_view code);

/// How a graph is going to be run, as far as that is known.
struct Intent {
  std::optional<double> dtSeconds;
  nir::Semantics semantics;
  bool isSemanticsStated = true; ///< else it is "nir" because nobody named another
};

/// What follows for the graph of a file, which the check passed and whose times are in seconds:
/// from the step and the semantics (ir/origin/Advice.h), and from what its parameters show of who
/// made it and for which step.
std::vector<nir::Diagnostic> adviceOn(const std::string &file, const nir::Graph &graph,
                                      const FileReading &reading, const Intent &intent);

/// What is left to say where the names in `accepted` are known: an error is a warning then, and all
/// else is left out. The error, one of usage, lists the names.
nir::Result<std::vector<nir::Diagnostic>> withoutAccepted(std::vector<nir::Diagnostic> advice,
                                                          const std::vector<std::string> &accepted);

/// The first error, with the option that accepts it; none where all is well.
nir::Status refusal(const std::vector<nir::Diagnostic> &advice);

} // namespace nirc
