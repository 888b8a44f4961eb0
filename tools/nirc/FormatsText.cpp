//===- FormatsText.cpp - number formats for people ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/FormatsView.h"
#include "tools/text/Wrapped.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nirc {

static constexpr std::string_view fixedPointName = "q<m>.<n>";
static constexpr std::string_view fixedPointSummary =
    "weights and states of 1 + m + n bits, n of them behind the point, as q3.4";

std::vector<FieldView> fieldsOf(const nir::NumberFormat &format) {
  const nir::NumberFormat standard;
  std::vector<FieldView> all;
  for (const nir::FormatField &field : nir::formatFields()) {
    std::string value = field.get(format);
    std::string meaning(field.summary);
    for (const nir::FormatField::Value &known : field.values) {
      meaning += known.name == value ? fmt::format(": {}", known.meaning) : "";
    }
    bool differs = value != field.get(standard);
    all.push_back({&field, std::move(value), std::move(meaning), differs});
  }
  return all;
}

PresetView presetOf(const nir::NumberFormat &format) {
  for (const nir::FormatPreset &preset : nir::formatPresets()) {
    if (preset.name == format.preset) {
      return {preset.summary, preset.source};
    }
  }
  return {fixedPointSummary, {}};
}

/// "weight-bits=4 weight-range=mse": what differs from int8.
static std::string differencesOf(std::string_view preset) {
  std::vector<std::string> all;
  for (const FieldView &each : fieldsOf(*nir::numberFormatOf(preset))) { // a name of the table
    if (each.differs) {
      all.push_back(fmt::format("{}={}", each.field->name, each.value));
    }
  }
  return fmt::format("{}", fmt::join(all, " "));
}

void printFormatList() {
  size_t indent = fixedPointName.size();
  for (const nir::FormatPreset &preset : nir::formatPresets()) {
    indent = std::max(indent, preset.name.size());
  }
  indent += 2;
  for (const nir::FormatPreset &preset : nir::formatPresets()) {
    fmt::print("{:<{}}{}\n{}", preset.name, indent, preset.summary,
               wrapped(differencesOf(preset.name), indent));
  }
  fmt::print("{:<{}}{}\n", fixedPointName, indent, fixedPointSummary);
  fmt::print("\nUnder each: the fields in which it differs from int8. `nirc formats NAME` explains "
             "one.\n");
}

void printFormat(const nir::NumberFormat &format) {
  PresetView preset = presetOf(format);
  fmt::print("{}: {}\n", format.preset, preset.summary);
  if (format.text() != format.preset) {
    fmt::print("here with fields of its own: {}\n", format.text());
  }
  if (!preset.source.empty()) {
    fmt::print("Source: {}.\n", preset.source);
  }
  fmt::print("\nFields; * marks what differs from int8:\n");
  std::vector<FieldView> fields = fieldsOf(format);
  size_t names = 0, values = 0;
  for (const FieldView &each : fields) {
    names = std::max(names, each.field->name.size());
    values = std::max(values, each.value.size());
  }
  for (const FieldView &each : fields) {
    fmt::print("{} {:<{}}  {:<{}}  {}\n", each.differs ? '*' : ' ', each.field->name, names,
               each.value, values, each.meaning);
  }
}

void printFormatMarkdown() {
  fmt::print("<!-- nirc formats --markdown -->\n"
             "| format | is | differs from `int8` in | source |\n| --- | --- | --- | --- |\n");
  for (const nir::FormatPreset &preset : nir::formatPresets()) {
    std::string list = differencesOf(preset.name);
    for (size_t at = 0; (at = list.find(' ', at)) != std::string::npos; at += 4) {
      list.replace(at, 1, "`, `");
    }
    fmt::print("| `{}` | {} | {} | {} |\n", preset.name, preset.summary,
               list.empty() ? "" : fmt::format("`{}`", list), preset.source);
  }
  fmt::print("| `{}` | {} | below | |\n", fixedPointName, fixedPointSummary);
  fmt::print("\n| field | is | of `int8` | values |\n| --- | --- | --- | --- |\n");
  for (const FieldView &each : fieldsOf({})) {
    std::string values;
    for (const nir::FormatField::Value &value : each.field->values) {
      values += fmt::format("{}`{}`: {}", values.empty() ? "" : "; ", value.name, value.meaning);
    }
    bool isNumber = values.empty() || each.field->expected.find("number") != std::string::npos;
    fmt::print("| `{}` | {} | `{}` | {}{}{} |\n", each.field->name, each.field->summary, each.value,
               isNumber ? each.field->expected : "", isNumber && !values.empty() ? "; " : "",
               values);
  }
  fmt::print("<!-- end -->\n");
}

} // namespace nirc
