//===- CsvEvents.cpp - tables of events -----------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A line an event, with commas, semicolons, tabs or blanks between the numbers. Columns are t, x,
// y, p unless the first line names them. Times are µs where all are whole numbers; else seconds,
// rounded to µs. p <= 0 is darker. Lines that start with '#' are skipped.
//
// Metavision's tables start with "%geometry:W,H" and have the columns x, y, p, t. E2VID's start
// with a line "W H", which is that of a sensor, and have times in seconds.
//
//===----------------------------------------------------------------------===//

#include "ir/recording/events/Bytes.h"
#include "ir/recording/events/EventColumns.h"
#include "ir/recording/events/EventFormats.h"

#include <array>
#include <cmath>
#include <fmt/format.h>

namespace nir {

namespace {
constexpr size_t mostColumns = 16;

/// The cells of a line.
struct Cells {
  std::array<std::string_view, mostColumns> cell;
  size_t count = 0;
};

struct Table {
  EventList list;
  std::array<size_t, 4> column = {0, 1, 2, 3}; ///< by EventColumn; mostColumns where there is none
  size_t columns = 4;
  bool inSeconds = false;
  bool hasNegative = false;

  size_t operator[](EventColumn which) const { return column[static_cast<size_t>(which)]; }
};
} // namespace

constexpr size_t noColumn = mostColumns;

static Cells cellsOf(std::string_view line) {
  Cells cells;
  bool hasMark = line.find_first_of(",;\t") != line.npos;
  std::string_view marks = hasMark ? ",;\t" : " ";
  std::string_view rest = trimmed(line);
  while (cells.count < mostColumns) {
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

static std::optional<double> number(std::string_view text) {
  double value = 0.0;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  bool isWhole = failed == std::errc() && end == text.data() + text.size();
  return isWhole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

/// "%geometry:1280,720".
static Status readGeometry(std::string_view line, Table &table) {
  constexpr std::string_view key = "%geometry:";
  if (!line.starts_with(key)) {
    return std::nullopt; // another line of a header
  }
  Cells cells = cellsOf(line.substr(key.size()));
  auto width = integerIn<uint16_t>(cells.cell[0]), height = integerIn<uint16_t>(cells.cell[1]);
  if (cells.count != 2 || !width || !height || *width == 0 || *height == 0) {
    return Error(fmt::format("found '{}', expected a size as '%geometry:1280,720'",
                             trimmed(line.substr(0, 100))));
  }
  table.list.width = *width;
  table.list.height = *height;
  table.column = {3, 0, 1, 2};
  return std::nullopt;
}

/// A first line of names.
static Status readNames(const Cells &cells, Table &table) {
  table.column.fill(noColumn);
  for (size_t i = 0; i < cells.count; ++i) {
    if (std::optional<EventColumn> column = eventColumnCalled(cells.cell[i])) {
      table.column[static_cast<size_t>(*column)] = i;
    }
  }
  if (table[EventColumn::Time] == noColumn || table[EventColumn::X] == noColumn) {
    return Error("the first line lacks the column t or x, expected t, x, y and p")
        .note("name the columns in the first line, as in 't,x,y,p'");
  }
  table.columns = cells.count;
  return std::nullopt;
}

/// Whether the line is the header of the table, and then what it says.
static Result<bool> takeHeader(const Cells &cells, Table &table) {
  if (!number(cells.cell[0])) {
    if (Status failed = readNames(cells, table)) {
      return std::move(*failed);
    }
    return true;
  }
  auto width = integerIn<uint16_t>(cells.cell[0]), height = integerIn<uint16_t>(cells.cell[1]);
  if (cells.count == 2 && width && height && *width > 0 && *height > 0) {
    table.list.width = *width;
    table.list.height = *height;
    return true;
  }
  return false;
}

/// The whole number in a column, or `absent` where the table has no such column.
static std::optional<int64_t> whole(const Cells &cells, const Table &table, EventColumn column,
                                    int64_t absent) {
  size_t at = table[column];
  if (at == noColumn) {
    return absent;
  }
  if (auto value = integerIn<int64_t>(cells.cell[at])) {
    return value;
  }
  auto value = number(cells.cell[at]); // "1.0", as tables of floats have it
  bool isWhole = value && std::abs(*value) < 1e15 && *value == std::floor(*value);
  return isWhole ? std::optional(static_cast<int64_t>(*value)) : std::nullopt;
}

/// 1 or 0, or as Python writes them.
static std::optional<int64_t> polarityIn(const Cells &cells, const Table &table) {
  size_t at = table[EventColumn::Polarity];
  std::string_view cell = at == noColumn ? "1" : cells.cell[at];
  if (cell == "True" || cell == "False") {
    return cell == "True";
  }
  return whole(cells, table, EventColumn::Polarity, 1);
}

static std::optional<int64_t> microsecondsIn(std::string_view cell, bool inSeconds) {
  if (!inSeconds) {
    return integerIn<int64_t>(cell);
  }
  auto seconds = number(cell);
  bool fits = seconds && std::abs(*seconds) < 9e12;
  return fits ? std::optional<int64_t>(std::llround(*seconds * 1e6)) : std::nullopt;
}

static Status addLine(const Cells &cells, uint64_t lineNumber, Table &table) {
  if (cells.count != table.columns) {
    return Error(fmt::format("found {} columns in line {}, expected {}", cells.count, lineNumber,
                             table.columns));
  }
  auto fault = [&](EventColumn column, std::string_view expected) {
    size_t at = table[column];
    return Error(fmt::format("found '{}' in line {}, expected {}",
                             at == noColumn ? "" : cells.cell[at].substr(0, 50), lineNumber,
                             expected));
  };
  auto isPixel = [](std::optional<int64_t> value) {
    return value && *value >= 0 && *value <= UINT16_MAX;
  };
  auto microseconds = microsecondsIn(cells.cell[table[EventColumn::Time]], table.inSeconds);
  auto x = whole(cells, table, EventColumn::X, 0), y = whole(cells, table, EventColumn::Y, 0);
  auto polarity = polarityIn(cells, table);
  if (!microseconds) {
    return fault(EventColumn::Time, "a time");
  }
  if (!isPixel(x) || !isPixel(y)) {
    return fault(isPixel(x) ? EventColumn::Y : EventColumn::X, "a pixel from 0 to 65535");
  }
  if (!polarity) {
    return fault(EventColumn::Polarity, "a polarity, 0 or 1");
  }
  if (!table.list.holds(*x, *y)) {
    return Error(fmt::format("found an event at x {}, y {} in line {}, expected a sensor of {}x{}",
                             *x, *y, lineNumber, table.list.width, table.list.height));
  }
  table.hasNegative |= *polarity < 0;
  table.list.add({*microseconds, static_cast<uint16_t>(*x), static_cast<uint16_t>(*y),
                  static_cast<uint8_t>(*polarity > 0)});
  return std::nullopt;
}

/// Whether a time of the table is not a whole number: then all are seconds.
static bool hasSeconds(std::string_view text, size_t from, const Table &table) {
  for (size_t at = from; at < text.size();) {
    std::string_view line = lineAt(text, at);
    at += line.size();
    if (!trimmed(line).empty() && line[0] != '#' &&
        cellsOf(line).cell[table[EventColumn::Time]].find_first_of(".eE") != line.npos) {
      return true;
    }
  }
  return false;
}

Result<EventList> readCsvEvents(std::span<const std::byte> data, const EventOptions &) {
  std::string_view text = Bytes(data).text();
  if (text.starts_with("\xEF\xBB\xBF")) {
    text.remove_prefix(3);
  }
  Table table;
  bool isFirst = true;
  uint64_t lineNumber = 0;
  for (size_t at = 0; at < text.size();) {
    std::string_view line = lineAt(text, at);
    ++lineNumber;
    size_t start = at;
    at += line.size();
    if (trimmed(line).empty() || line[0] == '#') {
      continue;
    }
    if (isFirst && line[0] == '%') {
      if (Status failed = readGeometry(line, table)) {
        return std::move(*failed);
      }
      continue;
    }
    Cells cells = cellsOf(line);
    if (isFirst) {
      isFirst = false;
      Result<bool> isHeader = takeHeader(cells, table);
      if (!isHeader) {
        return isHeader.takeError();
      }
      table.inSeconds = hasSeconds(text, *isHeader ? at : start, table);
      if (*isHeader) {
        continue;
      }
    }
    if (Status failed = addLine(cells, lineNumber, table)) {
      return std::move(*failed).note("a line of events is 't,x,y,p': 1500,12,7,1");
    }
  }
  if (table.hasNegative) {
    table.list.notes.emplace_back("p below 0 is read as darker");
  }
  return std::move(table.list);
}

} // namespace nir
