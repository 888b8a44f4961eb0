//===- Random.h - numbers that are the same everywhere ----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/graph/Tensor.h"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace nir::test {

/// Random numbers from a seed. The standard's generators are portable, its distributions are not:
/// these are made by hand.
class Random {
public:
  explicit Random(uint64_t seed) : engine(seed) {}

  /// 0 ... n - 1.
  int64_t below(int64_t n) { return static_cast<int64_t>(engine() % static_cast<uint64_t>(n)); }
  /// low ... high, both included.
  int64_t between(int64_t low, int64_t high) { return low + below(high - low + 1); }
  double uniform(double low, double high) {
    return low + (high - low) * (static_cast<double>(engine() >> 11) * 0x1p-53);
  }
  bool chance(double probability) { return uniform(0.0, 1.0) < probability; }
  template <typename T>
  const T &pick(const std::vector<T> &from) {
    return from[static_cast<size_t>(below(static_cast<int64_t>(from.size())))];
  }

private:
  std::mt19937_64 engine;
};

/// A tensor of that dtype; the values are rounded to it.
Tensor tensorOf(DType dtype, Shape shape, const std::vector<double> &values);

} // namespace nir::test
