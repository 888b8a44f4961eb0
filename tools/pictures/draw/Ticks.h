//===- Ticks.h - where the ticks of an axis are -----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace nirc {

struct Tick {
  double value = 0.0; ///< in the unit of the axis
  std::string label;  ///< empty for ticks between those with a label
};

/// Multiples of 1, 2 or 5 times a power of ten from `from` to `to`, at most `most` of them. With
/// `isWhole` of one at least, for what is counted.
std::vector<Tick> ticks(double from, double to, size_t most, bool isWhole = false);
/// Powers of ten within the range; between few of them 2 and 5 as well.
std::vector<Tick> logTicks(double from, double to);

/// The unit in which a time is read best: s, ms, µs or ns.
struct TimeScale {
  std::string_view unit;
  double seconds; ///< of one
};
TimeScale timeScaleFor(double seconds);

/// With as few digits as tell it from others: "0.5", "1,200", "3e-07".
std::string numberLabel(double value);
/// Bytes in the unit that fits: "16 kB", of 1,000.
std::string bytesLabel(double bytes);

} // namespace nirc
