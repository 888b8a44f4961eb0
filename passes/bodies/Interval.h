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
    return least >= -(int64_t{1} << (bits - 1)) && most < int64_t{1} << (bits - 1);
  }
  bool isWithin(Interval other) const { return least >= other.least && most <= other.most; }
  Interval join(Interval other) const {
    return {std::min(least, other.least), std::max(most, other.most)};
  }
  bool operator==(const Interval &) const = default;
};
/// Bits of a signed integer that holds all of them.
int neededBits(Interval range);
/// The range of `bits` under that overflow.
Interval rangeOf(int bits, nir::Overflow overflow);

} // namespace nirc
