//===- Loihi2Cores.h - how few cores there can be ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a core of Loihi 2 is taken to have (backends/loihi2/README.md), told once more: a mapping is
// not judged by its own numbers.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/loihi2/image/Image.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <gtest/gtest.h>
#include <set>

namespace nir::test {

constexpr int64_t compartmentsOfCore = 4096, bitsOfCore = 128 * 1024 * 8, axonsOfCore = 4096;

/// By the number of neurons and the memory of synapses, 8 bits and an index each, and nothing for
/// headers and rounding. The more neurons of a population are on a core, the fewer cores, until its
/// memory is full.
inline int64_t leastCoresOf(const nirc::loihi2::Model &model) {
  double cores = 0.0;
  for (const nirc::loihi2::Population &population : model.populations) {
    auto neurons = std::ssize(population.compartments);
    int64_t synapses = 0;
    for (int64_t n = 0; n < neurons; ++n) {
      synapses += std::ssize(model.synapses[population.first + n]);
    }
    double each = double(synapses) / double(std::max<int64_t>(neurons, 1));
    int64_t most = 1;
    for (int64_t n = 1; n <= compartmentsOfCore; ++n) {
      int index = std::max(6, static_cast<int>(std::bit_width(static_cast<uint64_t>(n - 1))));
      most = double(n) * each * (8 + index) <= double(bitsOfCore) ? n : most;
    }
    cores += double(neurons) / double(most);
  }
  return static_cast<int64_t>(std::ceil(cores - 1e-9));
}

inline void expectWithinLimits(const nirc::loihi2::Image &image) {
  std::set<std::tuple<int32_t, int32_t, int32_t>> places;
  for (const nirc::loihi2::Image::Core &core : image.cores) {
    EXPECT_LE(std::ssize(core.compartments), compartmentsOfCore);
    EXPECT_LE(core.words * 64, bitsOfCore);
    EXPECT_LE(std::ssize(core.firstSynapse) - 1, axonsOfCore);
    EXPECT_LE(std::ssize(core.routes.routes), axonsOfCore);
    EXPECT_TRUE(places.insert({core.chip, core.column, core.row}).second);
    EXPECT_LT(core.column, 16);
    EXPECT_LT(core.row, 8);
  }
}

} // namespace nir::test
