//===- EventColumns.cpp - columns of events by their names ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/recording/events/EventColumns.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace nir {

namespace {
struct UnitName {
  std::string_view name;
  EventUnit unit;
};
} // namespace

constexpr std::array<UnitName, 18> unitNames = {{
    {"s", EventUnit::Seconds},
    {"sec", EventUnit::Seconds},
    {"second", EventUnit::Seconds},
    {"seconds", EventUnit::Seconds},
    {"ms", EventUnit::Milliseconds},
    {"msec", EventUnit::Milliseconds},
    {"millisecond", EventUnit::Milliseconds},
    {"milliseconds", EventUnit::Milliseconds},
    {"us", EventUnit::Microseconds},
    {"usec", EventUnit::Microseconds},
    {"microsecond", EventUnit::Microseconds},
    {"microseconds", EventUnit::Microseconds},
    {"\xC2\xB5s", EventUnit::Microseconds}, // the micro sign, and the Greek letter
    {"\xCE\xBCs", EventUnit::Microseconds},
    {"ns", EventUnit::Nanoseconds},
    {"nsec", EventUnit::Nanoseconds},
    {"nanosecond", EventUnit::Nanoseconds},
    {"nanoseconds", EventUnit::Nanoseconds},
}};

std::string_view name(EventUnit unit) {
  switch (unit) {
  case EventUnit::Seconds:
    return "s";
  case EventUnit::Milliseconds:
    return "ms";
  case EventUnit::Microseconds:
    return "µs";
  default:
    return "ns";
  }
}

/// "_us", " [us]", "(us)" as "us".
static std::string_view withoutMarks(std::string_view text) {
  constexpr std::string_view marks = "_[](){} .-";
  size_t from = std::min(text.find_first_not_of(marks), text.size());
  text.remove_prefix(from);
  return text.substr(0, text.find_last_not_of(marks) + 1);
}

std::optional<EventColumnName> eventColumnCalled(std::string_view name) {
  std::string lower(name.substr(0, 64));
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  size_t split = std::min(lower.find_first_of("_[({ .-"), lower.size());
  std::string_view base = std::string_view(lower).substr(0, split);
  std::string_view rest = withoutMarks(std::string_view(lower).substr(split));
  if (base == "x") {
    return EventColumnName{EventColumn::X, {}, {}};
  }
  if (base == "y") {
    return EventColumnName{EventColumn::Y, {}, {}};
  }
  if (base == "p" || base == "pol" || base == "polarity" || base == "on") {
    return EventColumnName{EventColumn::Polarity, {}, {}};
  }
  if (base != "t" && base != "time" && base != "timestamp" && base != "ts") {
    return std::nullopt;
  }
  rest = rest.starts_with("in ") || rest.starts_with("in_") ? rest.substr(3) : rest;
  auto found = std::find_if(unitNames.begin(), unitNames.end(),
                            [&](const UnitName &unit) { return unit.name == rest; });
  if (found != unitNames.end()) {
    return EventColumnName{EventColumn::Time, found->unit, {}};
  }
  return EventColumnName{EventColumn::Time, std::nullopt, std::string(rest)};
}

std::optional<int64_t> microsecondsOf(int64_t time, EventUnit unit) {
  if (unit == EventUnit::Microseconds) {
    return time;
  }
  if (unit == EventUnit::Nanoseconds) {
    return time / 1000 - (time % 1000 < 0);
  }
  int64_t factor = unit == EventUnit::Seconds ? 1000000 : 1000;
  bool fits = time <= INT64_MAX / factor && time >= INT64_MIN / factor;
  return fits ? std::optional(time * factor) : std::nullopt;
}

std::optional<int64_t> microsecondsOf(double time, EventUnit unit) {
  double scaled = unit == EventUnit::Seconds        ? time * 1e6
                  : unit == EventUnit::Milliseconds ? time * 1e3
                  : unit == EventUnit::Microseconds ? time
                                                    : time / 1e3;
  bool fits = std::isfinite(scaled) && std::abs(scaled) < 9e18;
  return fits ? std::optional<int64_t>(std::llround(scaled)) : std::nullopt;
}

} // namespace nir
