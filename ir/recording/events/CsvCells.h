//===- CsvCells.h - the cells of a line of a table --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/recording/events/Bytes.h"

#include <array>
#include <cmath>

namespace nir {

inline constexpr size_t mostCsvColumns = 16;

/// The cells of a line. More than `mostCsvColumns` are as many.
struct CsvCells {
  std::array<std::string_view, mostCsvColumns> cell;
  size_t count = 0;
};

/// Commas, semicolons or tabs divide a line; where there is none, blanks do.
inline CsvCells csvCells(std::string_view line) {
  CsvCells cells;
  bool hasMark = line.find_first_of(",;\t") != line.npos;
  std::string_view marks = hasMark ? ",;\t" : " ";
  std::string_view rest = trimmed(line);
  while (cells.count < mostCsvColumns) {
    size_t end = rest.find_first_of(marks);
    cells.cell[cells.count++] = trimmed(rest.substr(0, end));
    if (end == rest.npos) {
      break;
    }
    rest.remove_prefix(end + 1);
    rest = hasMark ? rest : trimmed(rest);
  }
  return cells;
}

/// Whether a line of a table is to be skipped: it is empty, or starts with '#'.
inline bool isCsvComment(std::string_view line) { return trimmed(line).empty() || line[0] == '#'; }

/// The whole cell as a finite number.
inline std::optional<double> csvNumber(std::string_view cell) {
  double value = 0.0;
  auto [end, failed] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  bool isWhole = failed == std::errc() && end == cell.data() + cell.size();
  return isWhole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

/// The cell as a whole number, also as "1.0", which tables of floats have.
inline std::optional<int64_t> csvWhole(std::string_view cell) {
  if (auto value = integerIn<int64_t>(cell)) {
    return value;
  }
  auto value = csvNumber(cell);
  bool isWhole = value && std::abs(*value) < 1e15 && *value == std::floor(*value);
  return isWhole ? std::optional(static_cast<int64_t>(*value)) : std::nullopt;
}

/// The same of a polarity, which Python may have written as True and False.
inline std::optional<int64_t> csvPolarity(std::string_view cell) {
  return cell == "True" ? 1 : cell == "False" ? 0 : csvWhole(cell);
}

} // namespace nir
