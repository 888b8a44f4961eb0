//===- EventArrays.cpp - events in columns of numbers ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/recording/events/EventArrays.h"

#include <cmath>
#include <fmt/format.h>

namespace nir {

Status addEventColumn(std::string_view name, std::string_view dtype, const NumberColumn &column,
                      EventArrays &arrays) {
  std::optional<EventColumnName> called = eventColumnCalled(name);
  if (!called) {
    return std::nullopt;
  }
  name = name.substr(0, 50);
  std::optional<NpyNumber> number = NpyNumber::of(dtype);
  bool isTime = called->column == EventColumn::Time;
  if (!number || (number->kind == 'f' && !isTime)) {
    return Error(Cause::InputFormat,
                 fmt::format("found the dtype '{}' for field '{}', expected integers of 1, 2, 4 or "
                             "8 bytes{}",
                             dtype.substr(0, 50), name, isTime ? ", or floats" : ""))
        .note("numpy: array.astype([('t_us', 'i8'), ('x', 'u2'), ('y', 'u2'), ('p', 'u1')])");
  }
  if (!called->strangeUnit.empty()) {
    return Error(Cause::InputFormat,
                 fmt::format("found the field '{}', expected a time in s, ms, us or ns", name))
        .note("name its unit, as in 't_us'");
  }
  if (arrays[called->column].number.size > 0) {
    return Error(
        Cause::InputFormat,
        fmt::format("found '{}' and another field for the same, expected one of the two", name));
  }
  arrays[called->column] = column;
  arrays[called->column].number = *number;
  arrays.unit = isTime ? called->unit : arrays.unit;
  return std::nullopt;
}

static std::optional<int64_t> integerAt(const NumberColumn &column, uint64_t i, int64_t absent) {
  return column.number.size == 0
             ? std::optional(absent)
             : column.number.integerAt(column.bytes, column.start + i * column.stride);
}

/// The unit of the times, and what there is to say of it.
static EventUnit unitOf(const EventArrays &arrays, EventList &list) {
  if (arrays.unit) {
    return *arrays.unit;
  }
  const NumberColumn &times = arrays.columns[0];
  bool isWhole = true;
  for (uint64_t i = 0; times.number.kind == 'f' && isWhole && i < arrays.count; ++i) {
    double time = times.number.realAt(times.bytes, times.start + i * times.stride);
    isWhole = time == std::floor(time);
  }
  list.notes.emplace_back(isWhole
                              ? "times are read as µs: the field's name has no unit"
                              : "times are read as s: the field's name has no unit, and some are "
                                "not whole numbers");
  return isWhole ? EventUnit::Microseconds : EventUnit::Seconds;
}

static std::optional<int64_t> timeAt(const NumberColumn &column, uint64_t i, EventUnit unit) {
  if (column.number.kind == 'f') {
    return microsecondsOf(column.number.realAt(column.bytes, column.start + i * column.stride),
                          unit);
  }
  std::optional<int64_t> time = integerAt(column, i, 0);
  return time ? microsecondsOf(*time, unit) : std::nullopt;
}

Result<EventList> eventsOf(const EventArrays &arrays) {
  const auto &[times, xs, ys, polarities] = arrays.columns;
  if (times.number.size == 0 || xs.number.size == 0) {
    return Error(Cause::InputFormat, "the array lacks the field t or x, expected t, x, y and p");
  }
  EventList list;
  list.unit = unitOf(arrays, list);
  list.events.reserve(arrays.count);
  PolarityValues values;
  for (uint64_t i = 0; i < arrays.count; ++i) {
    auto time = timeAt(times, i, list.unit), x = integerAt(xs, i, 0), y = integerAt(ys, i, 0);
    auto polarity = integerAt(polarities, i, 1);
    if (!time || !x || !y || !polarity || *x < 0 || *x > UINT16_MAX || *y < 0 || *y > UINT16_MAX) {
      return Error(Cause::InputValue,
                   fmt::format("found a number outside of its range in event {}, expected x and y "
                               "from 0 to 65535 and t below 2^63",
                               i));
    }
    if (!values.take(*polarity)) {
      return Error(Cause::InputValue, fmt::format("found the polarity {} in event {}, expected {}",
                                                  *polarity, i, values.expected()));
    }
    list.add({*time, static_cast<uint16_t>(*x), static_cast<uint16_t>(*y),
              static_cast<uint8_t>(*polarity > 0)});
  }
  if (values.isSigned()) {
    list.notes.emplace_back(signedPolarityNote);
  }
  return list;
}

} // namespace nir
