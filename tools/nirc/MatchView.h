//===- MatchView.h - a match in words ---------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Match.h"
#include "tools/nirc/Report.h"

#include <string>

namespace nirc {

/// What is printed of a match.
struct MatchView {
  const MatchReport &report;
  std::string title;    ///< "model.nir: 100 steps of 1 ms, 50 samples, in float32"
  const Inputs &inputs; ///< of which the samples have names, if any
  bool all = false;     ///< every candidate
  std::vector<nir::Diagnostic> advice = {};
  bool mayBeSwapped = false; ///< arrays with a batch of which nobody said the layout
};

std::string matchText(const MatchView &view);
Json matchJson(const MatchView &view);

} // namespace nirc
