//===- SemanticsText.cpp - semantics for people ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/equations/Equations.h"
#include "tools/nirc/SemanticsView.h"
#include "tools/text/Wrapped.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nirc {

static nir::Semantics semanticsOf(const nir::Preset &preset) {
  return *nir::presetSemantics(preset.name); // a name of the table
}

static size_t widestPreset() {
  size_t width = 0;
  for (const nir::Preset &preset : nir::presets()) {
    width = std::max(width, preset.name.size());
  }
  return width;
}

void printList() {
  size_t indent = widestPreset() + 2;
  for (const nir::Preset &preset : nir::presets()) {
    fmt::print("{:<{}}{}\n", preset.name, indent, preset.summary);
    fmt::print(
        "{}", wrapped(fmt::format("{}", fmt::join(differences(semanticsOf(preset)), " ")), indent));
  }
  fmt::print(
      "\nUnder each: the choices in which it differs from nir. `nirc semantics NAME` explains "
      "one,\n--all shows every choice of every preset.\n");
}

/// A row of the full table: a choice, for a family where some preset tells families apart.
struct Row {
  std::string title;
  std::vector<std::string> cells;
};

/// The presets from `first` to before `end`.
static std::vector<Row> tableRows(size_t first, size_t end) {
  std::vector<Row> rows;
  for (const nir::Choice &choice : nir::choices()) {
    std::vector<Row> byFamily;
    for (nir::Family family : nir::families) {
      byFamily.push_back({fmt::format("{}.{}", nir::name(family), choice.name), {}});
      for (size_t p = first; p < end; ++p) {
        byFamily.back().cells.push_back(choice.get(semanticsOf(nir::presets()[p]), family));
      }
    }
    bool isOne = std::all_of(byFamily.begin(), byFamily.end(),
                             [&](const Row &row) { return row.cells == byFamily[0].cells; });
    if (isOne) {
      rows.push_back({std::string(choice.name), byFamily[0].cells});
    } else {
      rows.insert(rows.end(), byFamily.begin(), byFamily.end());
    }
  }
  return rows;
}

static void printColumns(const std::vector<Row> &rows) {
  std::vector<size_t> widths(rows[0].cells.size(), 0);
  size_t titles = 0;
  for (const Row &row : rows) {
    titles = std::max(titles, row.title.size());
    for (size_t i = 0; i < widths.size(); ++i) {
      widths[i] = std::max(widths[i], row.cells[i].size());
    }
  }
  for (const Row &row : rows) {
    std::string line = fmt::format("{:<{}}", row.title, titles);
    for (size_t i = 0; i < widths.size(); ++i) {
      line += fmt::format("  {:<{}}", row.cells[i], widths[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    fmt::print("{}\n", line);
  }
}

void printFullTable() {
  constexpr size_t perBlock = 4; // fits a line, whatever the values
  const size_t count = nir::presets().size();
  for (size_t first = 0; first < count; first += perBlock) {
    size_t end = std::min(first + perBlock, count);
    std::vector<Row> rows = tableRows(first, end);
    Row names{"", {}};
    for (size_t p = first; p < end; ++p) {
      names.cells.emplace_back(nir::presets()[p].name);
    }
    rows.insert(rows.begin(), std::move(names));
    fmt::print("{}", first == 0 ? "" : "\n");
    printColumns(rows);
  }
}

static void printChoices(const nir::Semantics &semantics) {
  const std::vector<Chosen> all = chosen(semantics);
  size_t names = 0, values = 0;
  for (const Chosen &each : all) {
    names = std::max(names, each.name().size());
    values = std::max(values, each.value.size());
  }
  for (const Chosen &each : all) {
    std::string_view meaning = each.meaning.empty() ? each.choice->summary : each.meaning;
    fmt::print("{} {:<{}}  {:<{}}  {}\n", each.differs ? '*' : ' ', each.name(), names, each.value,
               values, meaning);
  }
}

void printExplanation(const nir::Semantics &semantics) {
  const nir::Preset &preset = presetOf(semantics);
  fmt::print("{}: {}\n", preset.name, preset.summary);
  if (semantics.text() != preset.name) {
    fmt::print("here with choices of its own: {}\n", semantics.text());
  }
  fmt::print("Source: {}.\n{}", preset.source, wrapped(preset.notes, 0));
  fmt::print("\nChoices; * marks what differs from nir:\n");
  printChoices(semantics);
  for (nir::Family family : nir::families) {
    fmt::print("\n{}   {}\n", nir::name(family), nir::symbols(family));
    for (const std::string &line : nir::equations(semantics, family)) {
      fmt::print("    {}\n", line);
    }
  }
}

} // namespace nirc
