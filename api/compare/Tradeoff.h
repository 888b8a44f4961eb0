//===- Tradeoff.h - what costs less and is good enough ----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace nirc {

/// One of several ways: what it costs, and how good it is. More quality is better.
struct Tradeoff {
  int64_t cost = 0;
  double quality = 0.0;
};

/// Which are on the Pareto front: none of the others is as good for less, or better for the same.
/// Among equal ones only the first is on it.
std::vector<bool> paretoFront(const std::vector<Tradeoff> &ways);

/// The cheapest of at least that quality; of several the best, and of these the first.
std::optional<size_t> cheapestOf(const std::vector<Tradeoff> &ways, double leastQuality);
/// The best of at most that cost; of several the cheapest, and of these the first.
std::optional<size_t> bestOf(const std::vector<Tradeoff> &ways, int64_t mostCost);

} // namespace nirc
