//===- Interval.h - ranges of whole numbers ---------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/choices/NumberFormat.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace nirc {

/// All integers from `least` to `most`.
struct Interval {
  int64_t least = 0, most = 0;

  int64_t magnitude() const { return std::max(std::abs(least), std::abs(most)); }
  bool fits(unsigned bits) const {
    return bits >= 64 || (least >= -(int64_t{1} << (bits - 1)) && most < int64_t{1} << (bits - 1));
  }
  bool isWithin(Interval other) const { return least >= other.least && most <= other.most; }
  Interval join(Interval other) const {
    return {std::min(least, other.least), std::max(most, other.most)};
  }
  Interval clamped(Interval to) const {
    return {std::clamp(least, to.least, to.most), std::clamp(most, to.least, to.most)};
  }
  bool operator==(const Interval &) const = default;
};

// All sums, differences, products and quotients of two numbers. 64 bits hold what they are of.
inline Interval operator+(Interval a, Interval b) { return {a.least + b.least, a.most + b.most}; }
inline Interval operator-(Interval a, Interval b) { return {a.least - b.most, a.most - b.least}; }
inline Interval operator*(Interval a, Interval b) {
  auto [least, most] =
      std::minmax({a.least * b.least, a.least * b.most, a.most * b.least, a.most * b.most});
  return {least, most};
}
/// Rounded down.
inline Interval operator>>(Interval a, int by) { return {a.least >> by, a.most >> by}; }
/// Rounded toward zero. b is positive.
inline Interval operator/(Interval a, Interval b) {
  return {std::min(a.least / b.least, a.least / b.most),
          std::max(a.most / b.least, a.most / b.most)};
}

/// Bits of a signed integer that holds all of them.
int neededBits(Interval range);
/// The range of `bits` under that overflow.
Interval rangeOf(int bits, nir::Overflow overflow);

} // namespace nirc
