//===- SpikeDistance.cpp - how far two spike trains are apart -------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/compare/SpikeDistance.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace nirc {

double vanRossumSquared(std::span<const double> a, std::span<const double> b, double tauSeconds) {
  constexpr double never = std::numeric_limits<double>::infinity();
  // Between two times the difference x decays, and its square integrates to a term that is not
  // negative: x^2/2 (1 - exp(-2 gap/tau)).
  double squared = 0.0;
  double x = 0.0;
  for (size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    double now = std::min(i < a.size() ? a[i] : never, j < b.size() ? b[j] : never);
    double jump = 0.0;
    for (; i < a.size() && a[i] == now; ++i) {
      jump += 1.0;
    }
    for (; j < b.size() && b[j] == now; ++j) {
      jump -= 1.0;
    }
    x += jump;
    double next = std::min(i < a.size() ? a[i] : never, j < b.size() ? b[j] : never);
    double gap = (next - now) / tauSeconds;
    squared += 0.5 * x * x * -std::expm1(-2.0 * gap);
    x *= std::exp(-gap);
  }
  return squared;
}

std::optional<double> victorPurpura(std::span<const double> a, std::span<const double> b,
                                    double costPerSecond, int64_t &budget) {
  auto prefix = std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin();
  a = a.subspan(static_cast<size_t>(prefix));
  b = b.subspan(static_cast<size_t>(prefix));
  auto suffix = std::mismatch(a.rbegin(), a.rend(), b.rbegin(), b.rend()).first - a.rbegin();
  a = a.first(a.size() - static_cast<size_t>(suffix));
  b = b.first(b.size() - static_cast<size_t>(suffix));
  if (a.empty() || b.empty()) {
    return static_cast<double>(a.size() + b.size());
  }
  if (budget <= 0 || a.size() > static_cast<size_t>(budget) / b.size()) {
    return std::nullopt;
  }
  budget -= static_cast<int64_t>(a.size() * b.size());
  std::vector<double> above(b.size() + 1);
  std::vector<double> row(b.size() + 1);
  std::iota(above.begin(), above.end(), 0.0);
  for (size_t i = 0; i < a.size(); ++i) {
    row[0] = static_cast<double>(i + 1);
    for (size_t j = 0; j < b.size(); ++j) {
      double moved = above[j] + costPerSecond * std::abs(a[i] - b[j]);
      row[j + 1] = std::min({above[j + 1] + 1.0, row[j] + 1.0, moved});
    }
    std::swap(above, row);
  }
  return above.back();
}

double Cosine::value() const {
  if (squareA == 0.0 || squareB == 0.0) {
    return squareA == squareB ? 1.0 : 0.0;
  }
  return dot / std::sqrt(squareA) / std::sqrt(squareB);
}

} // namespace nirc
