//===- Ticks.cpp - where the ticks of an axis are -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/pictures/draw/Ticks.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace nirc {

/// The least of 1, 2 and 5 times a power of ten that is not less.
static double niceStep(double least) {
  double power = std::pow(10.0, std::floor(std::log10(least)));
  for (double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= least * (1.0 - 1e-9)) {
      return factor * power;
    }
  }
  return 10.0 * power;
}

std::string numberLabel(double value) {
  if (value == 0.0) {
    return "0";
  }
  double size = std::abs(value);
  std::string text =
      size >= 1e7 || size < 1e-4 ? fmt::format("{:.3g}", value) : fmt::format("{:.10g}", value);
  size_t end = std::min(text.find('.'), text.size());
  if (size >= 10000.0 && size < 1e7) {
    for (size_t at = end; at > 3 + (value < 0.0); at -= 3) {
      text.insert(at - 3, ",");
    }
  }
  if (value < 0.0) {
    text.replace(0, 1, "−");
  }
  return text;
}

std::string bytesLabel(double bytes) {
  for (auto [unit, size] : {std::pair("GB", 1e9), {"MB", 1e6}, {"kB", 1e3}}) {
    if (bytes >= size) {
      return fmt::format("{:.4g} {}", bytes / size, unit);
    }
  }
  return fmt::format("{:.4g} B", bytes);
}

std::vector<Tick> ticks(double from, double to, size_t most, bool isWhole) {
  std::vector<Tick> all;
  double extent = to - from;
  if (!std::isfinite(extent) || extent <= 0.0 || most < 2) {
    return {{from, numberLabel(from)}};
  }
  double step = niceStep(extent / static_cast<double>(most));
  if (isWhole) {
    step = std::max(step, 1.0);
  }
  double slack = 1e-9 * extent;
  auto first = static_cast<int64_t>(std::ceil((from - slack) / step));
  for (int64_t k = first; static_cast<double>(k) * step <= to + slack; ++k) {
    double value = static_cast<double>(k) * step;
    value = std::abs(value) < slack ? 0.0 : value;
    double digits = std::max(0.0, std::ceil(-std::log10(step) - 1e-9));
    double power = std::pow(10.0, digits);
    all.push_back({value, numberLabel(digits < 12 ? std::round(value * power) / power : value)});
  }
  return all;
}

std::vector<Tick> logTicks(double from, double to) {
  std::vector<Tick> all;
  int first = static_cast<int>(std::floor(std::log10(from)));
  int last = static_cast<int>(std::ceil(std::log10(to)));
  bool isDense = last - first <= 3;
  for (int power = first; power <= last; ++power) {
    for (int factor = 1; factor < 10; ++factor) {
      double value = factor * std::pow(10.0, power);
      if (value >= from * (1.0 - 1e-9) && value <= to * (1.0 + 1e-9)) {
        bool isNamed = factor == 1 || (isDense && (factor == 2 || factor == 5));
        all.push_back({value, isNamed ? numberLabel(value) : ""});
      }
    }
  }
  return all;
}

TimeScale timeScaleFor(double seconds) {
  constexpr std::array<TimeScale, 3> scales = {{{"s", 1.0}, {"ms", 1e-3}, {"µs", 1e-6}}};
  for (const TimeScale &scale : scales) {
    if (seconds >= 1.999 * scale.seconds) {
      return scale;
    }
  }
  return {"ns", 1e-9};
}

} // namespace nirc
