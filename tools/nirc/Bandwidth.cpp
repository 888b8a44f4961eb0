//===- Bandwidth.cpp - how fast this machine reads ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/Bandwidth.h"

#include "backends/run/Clock.h"

#include <algorithm>
#include <cstdint>
#include <vector>

// Compiled once for each length of vectors, as the code of cpu is for the machine that it runs on.
#if defined(__x86_64__)
#define NIRC_FOR_EACH_MACHINE __attribute__((target_clones("default", "avx2", "avx512f")))
#else
#define NIRC_FOR_EACH_MACHINE
#endif

namespace nirc {

/// The sum of all; `seed` so that no call can be left out.
NIRC_FOR_EACH_MACHINE static uint64_t sumOf(const uint64_t *values, size_t count, uint64_t seed) {
  constexpr size_t lanes = 64; // apart, so that no addition waits for the one before
  uint64_t sums[lanes] = {seed};
  for (size_t i = 0; i + lanes <= count; i += lanes) {
    for (size_t lane = 0; lane < lanes; ++lane) {
      sums[lane] += values[i + lane];
    }
  }
  uint64_t sum = 0;
  for (uint64_t one : sums) {
    sum += one;
  }
  return sum;
}

double measureReadBandwidth(size_t bytes) {
  constexpr size_t most = size_t(1) << 27;
  std::vector<uint64_t> buffer(bytes / sizeof(uint64_t), 1);
  size_t rounds = std::max<size_t>(most / 4 / bytes, 1); // of small ones, until a clock can tell
  double best = 0.0;
  for (int attempt = 0; attempt < 5; ++attempt) {
    auto start = Clock::now();
    uint64_t sum = 0;
    for (size_t round = 0; round < rounds; ++round) {
      sum = sumOf(buffer.data(), buffer.size(), sum);
    }
    volatile uint64_t kept = sum;
    static_cast<void>(kept);
    double read = static_cast<double>(buffer.size() * rounds * sizeof(uint64_t));
    best = std::max(best, read / secondsSince(start));
  }
  return best;
}

} // namespace nirc
