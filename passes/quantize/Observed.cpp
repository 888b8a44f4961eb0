//===- Observed.cpp - what was seen of a signal ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/quantize/Observed.h"

#include <algorithm>
#include <cmath>

namespace nirc {

/// The mean squared error of the numbers as integers up to `largest`, which stands for `range`.
static double errorOf(std::span<const double> numbers, double range, int64_t largest) {
  auto most = static_cast<double>(largest);
  double scale = range / most, sum = 0.0;
  for (double x : numbers) {
    double back = std::clamp(std::nearbyint(x / scale), -most, most) * scale;
    sum += (x - back) * (x - back);
  }
  return sum;
}

double rangeFor(nir::RangeRule rule, double percentile, std::span<const double> numbers,
                int64_t largest) {
  double most = 0.0;
  for (double x : numbers) {
    most = std::max(most, std::abs(x));
  }
  if (rule == nir::RangeRule::Max || most == 0.0) {
    return most;
  }
  if (rule == nir::RangeRule::Percentile) {
    std::vector<double> sizes(numbers.size());
    std::transform(numbers.begin(), numbers.end(), sizes.begin(),
                   [](double x) { return std::abs(x); });
    auto rank = static_cast<size_t>(
        std::ceil(percentile / 100.0 * static_cast<double>(sizes.size()))); // from 1 on
    auto at = sizes.begin() + static_cast<ptrdiff_t>(std::clamp<size_t>(rank, 1, sizes.size()) - 1);
    std::nth_element(sizes.begin(), at, sizes.end());
    return *at > 0.0 ? *at : most;
  }
  constexpr int parts = 40, least = 8; // ranges from a fifth of the largest on
  double best = most, bestError = errorOf(numbers, most, largest);
  for (int part = least; part < parts; ++part) {
    double range = most * part / parts, error = errorOf(numbers, range, largest);
    if (error < bestError) {
      best = range;
      bestError = error;
    }
  }
  return best;
}

void Observed::add(std::span<const double> numbers) {
  constexpr size_t capacity = size_t{1} << 15;
  for (double x : numbers) {
    lowest = std::min(lowest, x);
    highest = std::max(highest, x);
    whole = whole && x == std::nearbyint(x);
    if (count++ % stride == 0) {
      kept.push_back(x);
    }
    if (kept.size() == capacity) { // from now on half as many
      for (size_t i = 0; i < capacity / 2; ++i) {
        kept[i] = kept[2 * i];
      }
      kept.resize(capacity / 2);
      stride *= 2;
    }
  }
}

double Observed::range(nir::RangeRule rule, double percentile, int64_t largest) const {
  return rule == nir::RangeRule::Max ? magnitude() : rangeFor(rule, percentile, kept, largest);
}

} // namespace nirc
