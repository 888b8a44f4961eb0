//===- SemanticsMarkdown.cpp - docs/presets.md ----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/equations/Equations.h"
#include "tools/nirc/SemanticsView.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nirc {

static void printPresetTable() {
  fmt::print("| preset | is | differs from `nir` in |\n| --- | --- | --- |\n");
  for (const nir::Preset &preset : nir::presets()) {
    std::string list;
    for (const std::string &difference : differences(*nir::presetSemantics(preset.name))) {
      list += fmt::format("{}`{}`", list.empty() ? "" : ", ", difference);
    }
    fmt::print("| [`{}`](#{}) | {} | {} |\n", preset.name, preset.name, preset.summary, list);
  }
}

static void printChoiceTable() {
  fmt::print("| choice | decides | values |\n| --- | --- | --- |\n");
  for (const nir::Choice &choice : nir::choices()) {
    std::string values;
    for (const nir::Choice::Value &value : choice.values) {
      values += fmt::format("{}`{}`{}{}", values.empty() ? "" : "; ", value.name,
                            value.meaning.empty() ? "" : ": ", value.meaning);
    }
    fmt::print("| `{}` | {} | {} |\n", choice.name, choice.summary, values);
  }
}

static void printEquations(const nir::Semantics &semantics) {
  fmt::print("```\n");
  bool isFirst = true;
  for (nir::Family family : nir::families) {
    fmt::print("{}{}\n    {}\n", isFirst ? "" : "\n", nir::name(family),
               fmt::join(nir::equations(semantics, family), "\n    "));
    isFirst = false;
  }
  fmt::print("```\n");
}

void printMarkdown() {
  fmt::print(
      "<!-- Written by `nirc semantics --markdown > docs/presets.md`. -->\n"
      "# Presets\n\n"
      "NIR does not define how a network is computed in steps, and every platform has chosen. "
      "A preset names the choices of one\nof them: `--semantics=norse`, or with choices "
      "on top, `--semantics=norse,reset=subtract`.\n[semantics.md](semantics.md) defines "
      "each choice to the bit. What a preset was compared with is its\n"
      "[evidence](#what-was-compared-with-what); nothing else is claimed.\n\n");
  printPresetTable();
  fmt::print("\n## The choices\n\n");
  printChoiceTable();
  printEvidenceTable();
  fmt::print("\n## The presets\n\nIn the equations below a line is an operation, in the order in "
             "which they happen; "
             "u is the sum of the inputs, s the\nspikes sent, k = dt/tau, a = dt/tau_mem, b = "
             "dt/tau_syn.\n");
  for (const nir::Preset &preset : nir::presets()) {
    fmt::print("\n## {}\n\n{}. Source: {}.{}{}\n\n", preset.name, preset.summary, preset.source,
               preset.notes.empty() ? "" : "\n\n", preset.notes);
    printEquations(*nir::presetSemantics(preset.name));
    printEvidence(preset);
  }
}

} // namespace nirc
