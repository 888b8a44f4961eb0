//===- ReadTable.cpp - numbers in columns ---------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/SavedData.h"

#include "ir/Wording.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>

namespace nirc {

namespace {
/// The cells of a table, a row a line, and the names above them if it has any.
struct Cells {
  std::vector<std::string> names;
  std::vector<std::vector<double>> rows;
};

/// What a column of a list of spikes holds.
struct ListColumns {
  std::optional<size_t> sample, time, neuron;
  double unitSeconds = 0.0;
  bool isSteps = false; ///< by its name
};
} // namespace

static std::string_view trimmed(std::string_view text) {
  size_t begin = text.find_first_not_of(" \t\r\"");
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(" \t\r\"") - begin + 1);
}

static std::optional<double> numberOf(std::string_view text) {
  if (text == "True" || text == "true") {
    return 1.0;
  }
  if (text == "False" || text == "false") {
    return 0.0;
  }
  text.remove_prefix(text.starts_with('+') ? 1 : 0);
  double value = 0.0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  bool isWhole = error == std::errc() && end == text.data() + text.size();
  return isWhole ? std::optional(value) : std::nullopt;
}

static std::vector<std::string_view> cellsOf(std::string_view line, char separator) {
  std::vector<std::string_view> cells;
  while (separator == ' ' && !line.empty()) { // any number of blanks
    size_t begin = std::min(line.find_first_not_of(" \t\r"), line.size());
    line.remove_prefix(begin);
    size_t end = std::min(line.find_first_of(" \t\r"), line.size());
    if (end > 0) {
      cells.push_back(line.substr(0, end));
    }
    line.remove_prefix(end);
  }
  for (bool more = separator != ' '; more;) {
    size_t end = line.find(separator);
    more = end != std::string_view::npos;
    cells.push_back(trimmed(line.substr(0, end)));
    line.remove_prefix(more ? end + 1 : line.size());
  }
  return cells;
}

static nir::Result<Cells> readCells(std::string_view text, const std::string &file) {
  Cells cells;
  char separator = 0;
  size_t width = 0;
  for (size_t number = 1; !text.empty(); ++number) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (trimmed(line).empty() || line.starts_with('#')) {
      continue;
    }
    if (separator == 0) {
      separator = line.find(',') != std::string_view::npos   ? ','
                  : line.find(';') != std::string_view::npos ? ';'
                                                             : ' ';
    }
    std::vector<std::string_view> parts = cellsOf(line, separator);
    bool isFirst = width == 0;
    width = isFirst ? parts.size() : width;
    if (parts.size() != width) {
      return nir::Error(nir::Cause::DamagedInput,
                        fmt::format("line {}: found {}, expected {}", number,
                                    nir::counted(parts.size(), "cell"), width))
          .in(file);
    }
    std::vector<double> row;
    for (std::string_view part : parts) {
      if (std::optional<double> value = numberOf(part)) {
        row.push_back(*value);
      }
    }
    if (isFirst && row.empty()) {
      cells.names.assign(parts.begin(), parts.end());
    } else if (row.size() != width) {
      return nir::Error(nir::Cause::DamagedInput,
                        fmt::format("line {}: a cell is not a number", number))
          .in(file);
    } else {
      cells.rows.push_back(std::move(row));
    }
  }
  if (cells.rows.empty() && cells.names.empty()) {
    return nir::Error(nir::Cause::InputFormat, "has no line of numbers").in(file);
  }
  return cells;
}

static bool isOneOf(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

static std::string lowerCase(std::string text) {
  for (char &c : text) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return text;
}

/// The columns by the names that simulators give them; nothing where one is not of such a list.
static std::optional<ListColumns> listColumns(const std::vector<std::string> &names) {
  ListColumns columns;
  for (size_t i = 0; i < names.size(); ++i) {
    std::string name = lowerCase(names[i]);
    if (isOneOf(name, {"neuron", "neuron_id", "unit", "id", "index", "i", "sender", "senders"})) {
      columns.neuron = i;
    } else if (isOneOf(name, {"sample", "batch", "trial"})) {
      columns.sample = i;
    } else if (isOneOf(name, {"step", "steps", "timestep"})) {
      columns.time = i;
      columns.isSteps = true;
    } else if (isOneOf(name, {"time", "times", "time_s", "t_s", "seconds"})) {
      columns.time = i;
      columns.unitSeconds = 1.0;
    } else if (isOneOf(name, {"time_ms", "t_ms", "ms", "time_us", "t_us", "us"})) {
      columns.time = i;
      columns.unitSeconds = name.ends_with("ms") ? 1e-3 : 1e-6;
    } else if (name == "t") {
      columns.time = i;
    } else {
      return std::nullopt;
    }
  }
  return columns.time && columns.neuron ? std::optional(columns) : std::nullopt;
}

/// Columns of no name, by their number.
static std::optional<ListColumns> listColumns(size_t count) {
  if (count != 2 && count != 3) {
    return std::nullopt;
  }
  ListColumns columns;
  columns.sample = count == 3 ? std::optional<size_t>(0) : std::nullopt;
  columns.time = count - 2;
  columns.neuron = count - 1;
  return columns;
}

static nir::Result<SavedData> listOf(const Cells &cells, const ListColumns &columns,
                                     const std::string &file) {
  SavedData data{file, {}, true, {}, columns.unitSeconds};
  bool isWhole = true;
  for (size_t i = 0; i < cells.rows.size(); ++i) {
    const std::vector<double> &row = cells.rows[i];
    double sample = columns.sample ? row[*columns.sample] : 0.0, neuron = row[*columns.neuron];
    double time = row[*columns.time];
    constexpr double most = 1e15; // beyond it doubles skip whole numbers
    auto isIndex = [&](double value) {
      return value >= 0.0 && value < most && value == std::floor(value);
    };
    if (!isIndex(sample) || !isIndex(neuron) || !(std::abs(time) < most)) {
      return nir::Error(nir::Cause::InputValue,
                        fmt::format("spike {} is not one: sample {}, time {}, neuron {}", i, sample,
                                    time, neuron))
          .in(file);
    }
    isWhole = isWhole && time == std::floor(time);
    data.spikes.push_back({static_cast<int64_t>(sample), static_cast<int64_t>(neuron), time});
  }
  if (columns.unitSeconds == 0.0 && !columns.isSteps && !isWhole) {
    data.unitSeconds = 1.0; // a "t" with a fraction is a time
  }
  return data;
}

/// The columns that "2", "1-3" or a name asks for; all but those of a step or a time where nothing
/// does.
static nir::Result<std::vector<size_t>> chosen(const Cells &cells, std::string_view asked,
                                               const std::string &file) {
  size_t width = cells.rows.front().size();
  std::vector<size_t> columns;
  if (asked.empty()) {
    for (size_t i = 0; i < width; ++i) {
      bool isClock = i < cells.names.size() &&
                     isOneOf(lowerCase(cells.names[i]), {"step", "time", "t", "timestep"});
      if (!isClock) {
        columns.push_back(i);
      }
    }
    return columns;
  }
  auto named = std::find(cells.names.begin(), cells.names.end(), asked);
  if (named != cells.names.end()) {
    return std::vector<size_t>{static_cast<size_t>(named - cells.names.begin())};
  }
  std::string_view first = asked.substr(0, asked.find('-'));
  std::string_view last = first.size() < asked.size() ? asked.substr(first.size() + 1) : first;
  std::optional<double> from = numberOf(first), to = numberOf(last);
  bool isRange = from && to && *from >= 0.0 && *from <= *to && *to < static_cast<double>(width) &&
                 *from == std::floor(*from) && *to == std::floor(*to);
  if (!isRange) {
    std::string has = cells.names.empty()
                          ? fmt::format("0 to {}", width - 1)
                          : fmt::format("0 to {}, {}", width - 1, fmt::join(cells.names, ", "));
    return nir::Error(nir::Cause::InputFormat,
                      fmt::format("there is no column '{}', there are {}", asked, has))
        .in(file);
  }
  for (auto i = static_cast<size_t>(*from); i <= static_cast<size_t>(*to); ++i) {
    columns.push_back(i);
  }
  return columns;
}

nir::Result<SavedData> parseTable(std::string_view text, std::string_view columns, Layout layout,
                                  const std::string &file) {
  nir::Result<Cells> cells = readCells(text, file);
  if (!cells) {
    return cells.takeError();
  }
  if (columns.empty()) {
    std::optional<ListColumns> list = listColumns(cells->names);
    if (!list && layout == Layout::Events && !cells->rows.empty()) {
      list = listColumns(cells->rows.front().size());
    }
    if (list) {
      return listOf(*cells, *list, file); // of no rows where nothing spiked
    }
  }
  if (cells->rows.empty()) {
    return nir::Error(nir::Cause::InputFormat, "has no line of numbers").in(file);
  }
  if (layout == Layout::Events) {
    return nir::Error(nir::Cause::InputFormat,
                      "is not a list of spikes: expected the columns time and neuron, or sample, "
                      "time and neuron")
        .in(file);
  }
  nir::Result<std::vector<size_t>> taken = chosen(*cells, columns, file);
  if (!taken) {
    return taken.takeError();
  }
  if (taken->empty()) {
    return nir::Error(nir::Cause::InputFormat, "has no columns beside those of time").in(file);
  }
  std::vector<double> values;
  for (const std::vector<double> &row : cells->rows) {
    for (size_t column : *taken) {
      values.push_back(row[column]);
    }
  }
  auto rows = static_cast<int64_t>(cells->rows.size()), width = static_cast<int64_t>(taken->size());
  return SavedData{file, nir::Tensor::of<double>({rows, width}, values), false, {}, 0.0};
}

} // namespace nirc
