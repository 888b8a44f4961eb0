//===- NetxWeightsTest.cpp - which weights netx keeps ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/lava/NetxWeights.h"
#include "tests/conformance/Netx.h"
#include "tests/support/Random.h"

#include <gtest/gtest.h>

using nir::test::Random;
using nirc::loihi2::netxKeeps;

namespace {

/// The same, found out by doing what netx does.
bool survives(const std::vector<int16_t> &weights, const std::vector<int16_t> &recurrent) {
  std::vector<netx::Dense> parts(recurrent.empty() ? 1 : 2);
  std::vector<netx::Ints *> all;
  parts[0].weights.assign(weights.begin(), weights.end());
  if (!recurrent.empty()) {
    parts[1].weights.assign(recurrent.begin(), recurrent.end());
  }
  std::vector<netx::Dense> before = parts;
  for (netx::Dense &part : parts) {
    all.push_back(&part.weights);
  }
  try {
    netx::Fixed fixed = netx::optimizeWeightBits(all);
    for (size_t i = 0; i < parts.size(); ++i) {
      parts[i].fixed = fixed;
      parts[i].prepare();
      for (size_t w = 0; w < parts[i].weights.size(); ++w) {
        if (fixed.exponent > 0 ||
            parts[i].weights[w] != before[i].weights[w] * (int64_t{1} << -fixed.exponent)) {
          return false;
        }
      }
    }
  } catch (const std::runtime_error &) {
    return false;
  }
  return true;
}

TEST(NetxWeights, AreKeptAsTold) {
  EXPECT_TRUE(netxKeeps(std::vector<int16_t>{0, 255}, {}));
  EXPECT_TRUE(netxKeeps(std::vector<int16_t>{-127, 127}, {}));
  EXPECT_TRUE(netxKeeps(std::vector<int16_t>{-128, 1}, {}));
  EXPECT_TRUE(netxKeeps(std::vector<int16_t>{-256, 254}, {}));
  EXPECT_TRUE(netxKeeps(std::vector<int16_t>{-255, -1}, {}));
  EXPECT_FALSE(netxKeeps(std::vector<int16_t>{0, 0}, {}));     // a division by 0
  EXPECT_FALSE(netxKeeps(std::vector<int16_t>{-1, 255}, {}));  // clipped
  EXPECT_FALSE(netxKeeps(std::vector<int16_t>{-129, 2}, {}));  // 9 bits
  EXPECT_FALSE(netxKeeps(std::vector<int16_t>{-255, 0}, {}));  // 0 makes it mixed: 9 bits
  EXPECT_FALSE(netxKeeps(std::vector<int16_t>{-128, -1}, {})); // shifted to -256, clipped to -255
  EXPECT_FALSE(netxKeeps(std::vector<int16_t>{-128, 0}, {}));
  EXPECT_TRUE(netxKeeps(std::vector<int16_t>{1, 127}, std::vector<int16_t>{-127, 0}));
  EXPECT_FALSE(netxKeeps(std::vector<int16_t>{1, 127}, std::vector<int16_t>{-128, 0}));
  EXPECT_FALSE(netxKeeps(std::vector<int16_t>{0, 255}, std::vector<int16_t>{-6, 5}));
}

TEST(NetxWeights, AreKeptWhereTheReaderKeepsThem) {
  Random random(1);
  int kept = 0;
  constexpr int matrices = 200000;
  for (int i = 0; i < matrices; ++i) {
    int64_t low = random.between(-256, 255), high = random.between(low, 255);
    int64_t unit = random.chance(0.5) ? 1 : int64_t{1} << random.between(0, 8);
    auto matrix = [&](size_t count) {
      std::vector<int16_t> weights;
      for (size_t w = 0; w < count; ++w) {
        int64_t weight = w == 0 ? low : w == 1 ? high : random.between(low, high);
        weights.push_back(static_cast<int16_t>(weight / unit * unit));
      }
      return weights;
    };
    std::vector<int16_t> weights = matrix(3), recurrent;
    if (random.chance(0.5)) {
      low = random.between(low, high);
      high = random.between(low, high);
      recurrent = matrix(2);
    }
    bool expected = survives(weights, recurrent);
    kept += expected;
    ASSERT_EQ(netxKeeps(weights, recurrent), expected)
        << testing::PrintToString(weights) << testing::PrintToString(recurrent);
  }
  EXPECT_GT(kept, matrices / 10);
  EXPECT_LT(kept, matrices * 9 / 10);
}

} // namespace
