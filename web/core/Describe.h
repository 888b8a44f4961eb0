//===- Describe.h - a model as JSON for the page ----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/FileCheck.h"

#include <nlohmann/json.hpp>
#include <vector>

namespace nirc::web {

/// As `nirc check --json` has them: name, severity, node, message, notes.
nlohmann::json diagnosticsJson(const std::vector<nir::Diagnostic> &diagnostics);

/// What web/view draws, without nesting: nodes with shapes and parameters, and edges. A parameter
/// has its extremes, its mean, and how many elements lie in each of 24 equal parts between them.
nlohmann::json graphJson(const nir::Graph &graph, const nir::Checked &checked);

/// The presets, and the choices that a semantics has.
nlohmann::json semanticsJson();

} // namespace nirc::web
