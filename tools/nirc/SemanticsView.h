//===- SemanticsView.h - what is said of a semantics ------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/choices/Choices.h"
#include "ir/choices/Presets.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nirc {

/// One choice of a semantics, for a family where the families differ.
struct Chosen {
  const nir::Choice *choice;
  std::optional<nir::Family> family; ///< none: all of them, or the network
  std::string value;
  std::string_view meaning; ///< may be empty
  bool differs;             ///< from "nir"

  /// "reset", or "CubaLIF.reset".
  std::string name() const;
};

/// Every choice but dt, in the order of the table.
std::vector<Chosen> chosen(const nir::Semantics &semantics);

/// What differs from "nir", as `semanticsOf` reads it: "reset=subtract"; empty for "nir" itself.
std::vector<std::string> differences(const nir::Semantics &semantics);

/// The preset that a semantics starts from.
const nir::Preset &presetOf(const nir::Semantics &semantics);

/// For people, on a terminal.
void printList();
void printFullTable();
void printExplanation(const nir::Semantics &semantics);
/// docs/presets.md.
void printMarkdown();
/// Its section on what was compared with what, and the list of one preset.
void printEvidenceTable();
void printEvidence(const nir::Preset &preset);

} // namespace nirc
