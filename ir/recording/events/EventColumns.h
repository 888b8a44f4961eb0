//===- EventColumns.h - columns of events by their names --------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/recording/events/Events.h"

#include <optional>
#include <string>
#include <string_view>

namespace nir {

enum class EventColumn { Time, X, Y, Polarity };

/// What the name of a column says.
struct EventColumnName {
  EventColumn column;
  std::optional<EventUnit> unit; ///< of a time
  std::string strangeUnit;       ///< of a time: what stands where its unit would, and is none
};

/// "t", "time", "timestamp" or "ts", with a unit as in "t_us", "time [ms]" or "ts(s)"; "x"; "y";
/// "p", "pol", "polarity" or "on". Upper case is the same.
std::optional<EventColumnName> eventColumnCalled(std::string_view name);

/// A time of a file in µs. Fractions of a µs are dropped from whole numbers of ns; other numbers
/// are rounded to µs. None where it is out of range.
std::optional<int64_t> microsecondsOf(int64_t time, EventUnit unit);
std::optional<int64_t> microsecondsOf(double time, EventUnit unit);

/// The values that the polarities of a file have: 0 and 1, or -1 and 1.
class PolarityValues {
public:
  /// Whether the value fits those that were taken before.
  bool take(int64_t value) {
    if (value < -1 || value > 1 || (value == 0 && hasMinus) || (value == -1 && hasZero)) {
      return false;
    }
    hasMinus |= value == -1;
    hasZero |= value == 0;
    return true;
  }
  /// "a polarity, 0 or 1".
  std::string_view expected() const {
    return hasMinus  ? "a polarity, -1 or 1 as before"
           : hasZero ? "a polarity, 0 or 1 as before"
                     : "a polarity, 0 or 1, or -1 or 1";
  }
  bool isSigned() const { return hasMinus; }

private:
  bool hasMinus = false, hasZero = false;
};

/// What readers say of a file whose polarities are -1 and 1.
inline constexpr std::string_view signedPolarityNote = "p = -1 is read as darker";

} // namespace nir
