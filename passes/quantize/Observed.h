//===- Observed.h - what was seen of a signal -------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/choices/NumberFormat.h"

#include <cstdint>
#include <span>
#include <vector>

namespace nirc {

/// The range that a scale has to hold for these numbers: the largest |x|, or less of it where the
/// rule says so. `largest` is the integer that the range is mapped to.
double rangeFor(nir::RangeRule rule, double percentile, std::span<const double> numbers,
                int64_t largest);

/// What was seen of a signal or a state: its range, and some of its numbers.
class Observed {
public:
  void add(std::span<const double> numbers);

  bool isEmpty() const { return count == 0; }
  double least() const { return lowest; }
  double most() const { return highest; }
  double magnitude() const { return std::max(-lowest, highest); }
  /// Whether all were whole numbers.
  bool isWhole() const { return whole; }
  /// `rangeFor` of the numbers that were kept.
  double range(nir::RangeRule rule, double percentile, int64_t largest) const;

private:
  uint64_t count = 0;
  double lowest = 0.0, highest = 0.0;
  bool whole = true;
  uint64_t stride = 1; ///< every so many numbers one is kept
  std::vector<double> kept;
};

} // namespace nirc
