//===- CsvOrder.cpp - which column is which, by the values ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/recording/events/CsvOrder.h"

#include "ir/Wording.h"
#include "ir/recording/events/CsvCells.h"
#include "ir/recording/events/EventColumns.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nir {

using Order = std::array<size_t, 4>; // by EventColumn

namespace {
/// What the values of a column can be.
struct ColumnValues {
  bool arePixels = true, arePolarities = true, areSorted = true;
  uint64_t polarityFaultLine = 0; ///< where `arePolarities` ended
  double first = 0.0, last = 0.0;

  void take(std::string_view cell, double value, uint64_t line, bool isFirst) {
    std::optional<int64_t> whole = csvWhole(cell), polarity = csvPolarity(cell);
    arePixels = arePixels && whole && *whole >= 0 && *whole <= UINT16_MAX;
    if (arePolarities && !(polarity && polarities.take(*polarity))) {
      arePolarities = false;
      polarityFaultLine = line;
    }
    areSorted = areSorted && (isFirst || value >= last);
    first = isFirst ? value : first;
    last = value;
  }
  bool areTimes() const { return areSorted && last > first; }

private:
  PolarityValues polarities;
};

struct Values {
  std::array<ColumnValues, 4> column;
  CsvCells first;
};
} // namespace

constexpr std::string_view howToName =
    "name the columns in a first line, as 't_us,x,y,p' or 'x,y,p,t_ms'";

static Result<Values> look(std::string_view text, uint64_t line) {
  Values values;
  bool isFirst = true;
  for (size_t at = 0; at < text.size(); ++line) {
    std::string_view here = lineAt(text, at);
    at += here.size();
    if (isCsvComment(here)) {
      continue;
    }
    CsvCells cells = csvCells(here);
    if (cells.count != 4) {
      return Error(Cause::InputFormat, fmt::format("found {} in line {}, expected 4",
                                                   counted(cells.count, "column"), line))
          .note(std::string(howToName));
    }
    for (size_t i = 0; i < 4; ++i) {
      std::optional<double> value = csvNumber(cells.cell[i]);
      if (!value && !csvPolarity(cells.cell[i])) {
        return Error(Cause::DamagedInput, fmt::format("found '{}' in line {}, expected a number",
                                                      cells.cell[i].substr(0, 50), line));
      }
      values.column[i].take(cells.cell[i], value.value_or(0.0), line, isFirst);
    }
    values.first = isFirst ? cells : values.first;
    isFirst = false;
  }
  return values;
}

/// All orders that fit, the usual one first.
static std::vector<Order> ordersOf(const Values &values) {
  constexpr std::array<Order, 12> all = {{{0, 1, 2, 3},
                                          {3, 0, 1, 2},
                                          {2, 0, 1, 3},
                                          {0, 2, 3, 1},
                                          {1, 2, 3, 0},
                                          {3, 1, 2, 0},
                                          {1, 0, 2, 3},
                                          {0, 1, 3, 2},
                                          {1, 0, 3, 2},
                                          {3, 0, 2, 1},
                                          {2, 0, 3, 1},
                                          {2, 1, 3, 0}}};
  std::vector<Order> fitting;
  for (const Order &order : all) {
    if (values.column[order[0]].areTimes() && values.column[order[1]].arePixels &&
        values.column[order[2]].arePixels && values.column[order[3]].arePolarities) {
      fitting.push_back(order);
    }
  }
  return fitting;
}

/// "x,y,p,t".
static std::string str(const Order &order) {
  constexpr std::string_view names = "txyp";
  std::array<std::string_view, 4> inOrder;
  for (size_t i = 0; i < 4; ++i) {
    inOrder[order[i]] = names.substr(i, 1);
  }
  return fmt::format("{}", fmt::join(inOrder, ","));
}

static Error nothingFits(const Values &values) {
  bool hasTime = false, hasPolarity = false;
  for (const ColumnValues &column : values.column) {
    hasTime = hasTime || column.areTimes();
    hasPolarity = hasPolarity || column.arePolarities;
  }
  std::string found =
      !hasTime       ? "a table without names, none of whose columns is sorted and grows as a time"
      : !hasPolarity ? fmt::format("a table without names, none of whose columns is a polarity of "
                                   "0 and 1, or -1 and 1: the last is another in line {}",
                                   values.column[3].polarityFaultLine)
                     : "a table without names whose values fit no order of t, x, y and p";
  return Error(Cause::InputFormat, fmt::format("found {}, expected t,x,y,p", found))
      .note(std::string(howToName));
}

static Error severalFit(const Values &values, const std::vector<Order> &orders) {
  std::vector<std::string> names;
  for (const Order &order : orders) {
    names.push_back(str(order));
  }
  Error error(Cause::InputFormat,
              fmt::format("found a table without names whose values fit {}, expected one order",
                          fmt::join(names, " and ")));
  constexpr size_t shown = 3;
  for (size_t i = 0; i < std::min(shown, orders.size()); ++i) {
    const Order &order = orders[i];
    auto cell = [&](size_t column) { return values.first.cell[order[column]].substr(0, 30); };
    error.notes.push_back(
        {"", fmt::format("as {} the first event has the time {}, x {}, y {} and the polarity {}",
                         names[i], cell(0), cell(1), cell(2), cell(3))});
  }
  return std::move(error).note(std::string(howToName));
}

Result<std::array<size_t, 4>> csvColumnOrder(std::string_view text, uint64_t firstLine) {
  Result<Values> values = look(text, firstLine);
  if (!values) {
    return values.takeError();
  }
  std::vector<Order> orders = ordersOf(*values);
  if (orders.empty()) {
    return nothingFits(*values);
  }
  return orders.size() == 1 ? Result<Order>(orders[0]) : severalFit(*values, orders);
}

} // namespace nir
