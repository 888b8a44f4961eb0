//===- CsvEvents.cpp - tables of events -----------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A line an event, with commas, semicolons, tabs or blanks between the numbers. The first line
// names the columns; without names their values must leave one order alone (CsvOrder.h). The unit
// of the time stands in its name, as in t_us. Where it does not, times are µs where all are whole
// numbers; else seconds. p is 0 and 1, or -1 and 1. Lines that start with '#' are skipped.
//
// Metavision's tables start with "%geometry:W,H" and have the columns x, y, p, t, in µs. E2VID's
// start with a line "W H", which is that of a sensor, and have t, x, y, p with times in seconds.
//
//===----------------------------------------------------------------------===//

#include "ir/Wording.h"
#include "ir/recording/events/CsvCells.h"
#include "ir/recording/events/CsvOrder.h"
#include "ir/recording/events/EventColumns.h"
#include "ir/recording/events/EventFormats.h"

#include <fmt/format.h>

namespace nir {

namespace {
struct Table {
  EventList list;
  std::array<size_t, 4> column = {0, 1, 2, 3}; ///< by EventColumn; mostCsvColumns: there is none
  size_t columns = 4;
  bool isOrderKnown = false;     ///< a header says it
  std::optional<EventUnit> unit; ///< where a header says it
  PolarityValues polarities;

  size_t operator[](EventColumn which) const { return column[static_cast<size_t>(which)]; }
};
} // namespace

constexpr size_t noColumn = mostCsvColumns;

/// "%geometry:1280,720".
static Status readGeometry(std::string_view line, Table &table) {
  constexpr std::string_view key = "%geometry:";
  if (!line.starts_with(key)) {
    return std::nullopt; // another line of a header
  }
  CsvCells cells = csvCells(line.substr(key.size()));
  auto width = integerIn<uint16_t>(cells.cell[0]), height = integerIn<uint16_t>(cells.cell[1]);
  if (cells.count != 2 || !width || !height || *width == 0 || *height == 0) {
    return Error(Cause::DamagedInput,
                 fmt::format("found '{}', expected a size as '%geometry:1280,720'",
                             trimmed(line.substr(0, 100))));
  }
  table.list.width = *width;
  table.list.height = *height;
  table.column = {3, 0, 1, 2};
  table.isOrderKnown = true;
  table.unit = EventUnit::Microseconds;
  return std::nullopt;
}

/// A first line of names.
static Status readNames(const CsvCells &cells, Table &table) {
  table.column.fill(noColumn);
  table.unit.reset();
  for (size_t i = 0; i < cells.count; ++i) {
    std::optional<EventColumnName> name = eventColumnCalled(cells.cell[i]);
    if (!name) {
      continue;
    }
    if (table[name->column] != noColumn) {
      return Error(Cause::InputFormat,
                   fmt::format("found the columns '{}' and '{}', expected one of the two",
                               cells.cell[table[name->column]].substr(0, 50),
                               cells.cell[i].substr(0, 50)))
          .note("leave out one of them, or call it something else");
    }
    if (!name->strangeUnit.empty()) {
      return Error(Cause::InputFormat,
                   fmt::format("found the column '{}', expected a time in s, ms, us or ns",
                               cells.cell[i].substr(0, 50)))
          .note("name its unit, as in 't_us', 'time [ms]' or 'timestamp(ns)'");
    }
    table.column[static_cast<size_t>(name->column)] = i;
    table.unit = name->column == EventColumn::Time ? name->unit : table.unit;
  }
  if (table[EventColumn::Time] == noColumn || table[EventColumn::X] == noColumn) {
    return Error(Cause::InputFormat,
                 "the first line lacks the column t or x, expected t, x, y and p")
        .note("name the columns in the first line, as in 't_us,x,y,p'");
  }
  table.columns = cells.count;
  table.isOrderKnown = true;
  return std::nullopt;
}

/// Whether the line is the header of the table, and then what it says.
static Result<bool> takeHeader(const CsvCells &cells, Table &table) {
  if (!csvNumber(cells.cell[0]) && !csvPolarity(cells.cell[0])) {
    if (Status failed = readNames(cells, table)) {
      return std::move(*failed);
    }
    return true;
  }
  auto width = integerIn<uint16_t>(cells.cell[0]), height = integerIn<uint16_t>(cells.cell[1]);
  if (cells.count == 2 && width && height && *width > 0 && *height > 0) {
    table.list.width = *width;
    table.list.height = *height;
    table.isOrderKnown = true;
    return true;
  }
  return false;
}

static Status addLine(const CsvCells &cells, uint64_t lineNumber, Table &table) {
  if (cells.count != table.columns) {
    return Error(Cause::DamagedInput,
                 fmt::format("found {} in line {}, expected {}", counted(cells.count, "column"),
                             lineNumber, table.columns));
  }
  auto fault = [&](EventColumn column, std::string_view expected) {
    return Error(Cause::DamagedInput,
                 fmt::format("found '{}' in line {}, expected {}",
                             cells.cell[table[column]].substr(0, 50), lineNumber, expected));
  };
  auto whole = [&](EventColumn column, int64_t absent) {
    size_t at = table[column];
    return at == noColumn ? std::optional(absent) : csvWhole(cells.cell[at]);
  };
  auto isPixel = [](std::optional<int64_t> value) {
    return value && *value >= 0 && *value <= UINT16_MAX;
  };
  std::string_view time = cells.cell[table[EventColumn::Time]];
  auto wholeTime = integerIn<int64_t>(time);
  auto realTime = wholeTime ? std::nullopt : csvNumber(time);
  auto microseconds = wholeTime  ? microsecondsOf(*wholeTime, table.list.unit)
                      : realTime ? microsecondsOf(*realTime, table.list.unit)
                                 : std::nullopt;
  auto x = whole(EventColumn::X, 0), y = whole(EventColumn::Y, 0);
  size_t polarityAt = table[EventColumn::Polarity];
  auto polarity = polarityAt == noColumn ? 1 : csvPolarity(cells.cell[polarityAt]);
  if (!microseconds) {
    return fault(EventColumn::Time, "a time");
  }
  if (!isPixel(x) || !isPixel(y)) {
    return fault(isPixel(x) ? EventColumn::Y : EventColumn::X, "a pixel from 0 to 65535");
  }
  if (!polarity || !table.polarities.take(*polarity)) {
    return fault(EventColumn::Polarity, table.polarities.expected());
  }
  if (!table.list.holds(*x, *y)) {
    return Error(Cause::InputValue,
                 fmt::format("found an event at x {}, y {} in line {}, expected a sensor of {}x{}",
                             *x, *y, lineNumber, table.list.width, table.list.height));
  }
  table.list.add({*microseconds, static_cast<uint16_t>(*x), static_cast<uint16_t>(*y),
                  static_cast<uint8_t>(*polarity > 0)});
  return std::nullopt;
}

/// Whether a time of the table is not a whole number.
static bool hasFractions(std::string_view text, const Table &table) {
  for (size_t at = 0; at < text.size();) {
    std::string_view line = lineAt(text, at);
    at += line.size();
    if (!isCsvComment(line) && csvCells(line).cell[table[EventColumn::Time]].find_first_of(".eE") !=
                                   std::string_view::npos) {
      return true;
    }
  }
  return false;
}

/// What no header says, from the lines of events.
static Status settle(std::string_view events, uint64_t firstLine, Table &table) {
  if (!table.isOrderKnown) {
    Result<std::array<size_t, 4>> order = csvColumnOrder(events, firstLine);
    if (!order) {
      return order.takeError();
    }
    table.column = *order;
  }
  if (table.unit) {
    table.list.unit = *table.unit;
    return std::nullopt;
  }
  bool inSeconds = hasFractions(events, table);
  table.list.unit = inSeconds ? EventUnit::Seconds : EventUnit::Microseconds;
  table.list.notes.push_back(
      fmt::format("times are read as {}: no column name has a unit, and {}", name(table.list.unit),
                  inSeconds ? "some are not whole numbers" : "all are whole numbers"));
  return std::nullopt;
}

static Status readLines(std::string_view text, Table &table) {
  bool isFirst = true;
  uint64_t lineNumber = 0;
  for (size_t at = 0; at < text.size();) {
    size_t start = at;
    std::string_view line = lineAt(text, at);
    ++lineNumber;
    at += line.size();
    if (isCsvComment(line)) {
      continue;
    }
    if (isFirst && line[0] == '%') {
      if (Status failed = readGeometry(line, table)) {
        return failed;
      }
      continue;
    }
    CsvCells cells = csvCells(line);
    if (isFirst) {
      isFirst = false;
      Result<bool> isHeader = takeHeader(cells, table);
      if (!isHeader) {
        return isHeader.takeError();
      }
      Status failed = *isHeader ? settle(text.substr(at), lineNumber + 1, table)
                                : settle(text.substr(start), lineNumber, table);
      if (failed) {
        return failed;
      }
      if (*isHeader) {
        continue;
      }
    }
    if (Status failed = addLine(cells, lineNumber, table)) {
      return std::move(*failed).note(
          "a line of events is, under the names 't_us,x,y,p', 1500,12,7,1");
    }
  }
  return std::nullopt;
}

Result<EventList> readCsvEvents(std::span<const std::byte> data, const EventOptions &) {
  std::string_view text = Bytes(data).text();
  if (text.starts_with("\xEF\xBB\xBF")) {
    text.remove_prefix(3);
  }
  Table table;
  if (Status failed = readLines(text, table)) {
    return std::move(*failed);
  }
  if (table.polarities.isSigned()) {
    table.list.notes.emplace_back(signedPolarityNote);
  }
  return std::move(table.list);
}

} // namespace nir
