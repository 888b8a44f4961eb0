//===- EventArrays.h - events in columns of numbers -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/recording/events/EventColumns.h"
#include "ir/recording/events/NpyHeader.h"

#include <array>

namespace nir {

/// The numbers of a column: at `start`, `start` + `stride` and so on.
struct NumberColumn {
  Bytes bytes = Bytes({});
  uint64_t start = 0, stride = 0;
  NpyNumber number; ///< of size 0 where the column is absent
};

struct EventArrays {
  std::array<NumberColumn, 4> columns; ///< by EventColumn
  uint64_t count = 0;
  std::optional<EventUnit> unit; ///< where the name of the time says it

  NumberColumn &operator[](EventColumn column) { return columns[static_cast<size_t>(column)]; }
};

/// Takes a column of that name: its place, its unit. An error where the type or the name does not
/// fit, or another column has its place.
Status addEventColumn(std::string_view name, std::string_view dtype, const NumberColumn &column,
                      EventArrays &arrays);

/// The events. Times without a unit are µs where all are whole numbers, and else seconds.
Result<EventList> eventsOf(const EventArrays &arrays);

} // namespace nir
