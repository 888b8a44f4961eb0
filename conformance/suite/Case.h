//===- Case.h - one case of the conformance suite ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/graph/Graph.h"
#include "ir/recording/Recording.h"

#include <string>
#include <vector>

namespace nirc::conformance {

/// A small network about one feature of NIR, with an input that shows it.
struct Case {
  std::string name;                  ///< its folder: "nodes/lif/tie-at-threshold"
  std::string tests;                 ///< one sentence
  std::string clause;                ///< of NIR, that says what is right: "LIF: v > v_threshold"
  std::vector<std::string> features; ///< rows of a scorecard, the main one first: "LIF", "tie"
  nir::Graph graph;
  nir::Recording input; ///< a trace "value" [1, T, shape...] for each Input
  double dtSeconds = 1e-3;
  nir::Metadata metadata = {}; ///< of the model
};

/// All cases, nodes before models, in a fixed order. The same each time.
std::vector<Case> allCases();

} // namespace nirc::conformance
