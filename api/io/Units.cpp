//===- Units.cpp - times and rates as text --------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Units.h"

#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <string>

namespace nirc {

static nir::Error notA(std::string_view what, std::string_view text, std::string_view expected) {
  return nir::Error(nir::Cause::BadOption,
                    fmt::format("'{}' is not a {}, expected {}", text, what, expected));
}

/// The number times 10^shift, rounded once.
static std::optional<double> number(std::string_view text, int shift) {
  size_t mark = text.find_first_of("eE");
  std::string_view mantissa = text.substr(0, mark);
  int exponent = 0;
  if (mark != std::string_view::npos) {
    std::string_view digits = text.substr(mark + 1);
    if (digits.starts_with('+')) {
      digits.remove_prefix(1);
    }
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    if (error != std::errc() || end != digits.data() + digits.size()) {
      return std::nullopt;
    }
  }
  // Only digits, a sign and a point: no "inf", no "0x1".
  if (mantissa.find_first_not_of("+-.0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  if (mantissa.starts_with('+')) {
    mantissa.remove_prefix(1);
  }
  std::string scaled = fmt::format("{}e{}", mantissa, int64_t(exponent) + shift);
  double value = 0.0;
  auto [end, error] = std::from_chars(scaled.data(), scaled.data() + scaled.size(), value);
  if (error != std::errc() || end != scaled.data() + scaled.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

struct Unit {
  std::string_view suffix;
  int shift;
};

/// The first unit that fits: longer suffixes come first, as "ms" ends in "s".
template <size_t N>
static std::optional<double> numberWithUnit(std::string_view text, const Unit (&units)[N]) {
  for (const Unit &unit : units) {
    if (text.ends_with(unit.suffix)) {
      return number(text.substr(0, text.size() - unit.suffix.size()), unit.shift);
    }
  }
  return std::nullopt;
}

nir::Result<double> parseNumber(std::string_view text) {
  if (std::optional<double> value = number(text, 0)) {
    return *value;
  }
  return notA("number", text, "one such as 0.5");
}

nir::Result<double> parseSeconds(std::string_view text) {
  static constexpr Unit units[] = {{"ms", -3}, {"us", -6}, {"µs", -6},
                                   {"ns", -9}, {"s", 0},   {"", 0}};
  std::optional<double> value = numberWithUnit(text, units);
  if (value && *value > 0.0) {
    return *value;
  }
  return notA("time", text, "a positive one such as 1e-4, 0.1ms or 100us");
}

nir::Result<double> parseHertz(std::string_view text) {
  static constexpr Unit units[] = {{"kHz", 3}, {"Hz", 0}, {"", 0}};
  std::optional<double> value = numberWithUnit(text, units);
  if (value && *value >= 0.0) {
    return *value;
  }
  return notA("rate", text, "one such as 20Hz");
}

std::string secondsText(double seconds) {
  static constexpr std::pair<double, std::string_view> units[] = {
      {1.0, "s"}, {1e-3, "ms"}, {1e-6, "us"}};
  for (auto [size, unit] : units) {
    if (std::abs(seconds) >= size * (1.0 - 1e-9)) {
      return fmt::format("{:.6g} {}", seconds / size, unit);
    }
  }
  return fmt::format("{:.6g} s", seconds);
}

} // namespace nirc
