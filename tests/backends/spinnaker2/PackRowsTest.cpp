//===- PackRowsTest.cpp - rows of synapses in their words -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/spinnaker2/map/PackRows.h"
#include "tests/support/Random.h"

#include <gtest/gtest.h>

#include <set>

using namespace nirc;
using namespace nirc::spinnaker2;
using nir::test::Random;

namespace {

std::vector<uint32_t> packed(const std::vector<PartSynapse> &synapses) {
  std::vector<uint32_t> words;
  packRow(synapses, words);
  return words;
}

TEST(PackRows, KeepsWeightsAtTheEndsOfTheirWidths) {
  for (int64_t weight :
       {-128L, 127L, -129L, 128L, -32768L, 32767L, -32769L, 32768L, -2147483647L, 2147483647L}) {
    for (int32_t place : {0, 3, 4, 1021, 16383}) {
      std::vector<PartSynapse> one = {{place, 0, weight}, {place, 255, 1}};
      std::vector<uint32_t> words = packed(one);
      EXPECT_EQ(unpackRow(words), one);
      EXPECT_TRUE(isSoundRow(words, 16384, 256));
      EXPECT_FALSE(isSoundRow(words, 16384, 255));
      EXPECT_FALSE(isSoundRow(words, static_cast<uint32_t>(place / 4 * 4), 256));
    }
  }
}

/// A row of weights of 8 bits takes a byte a weight and a word, and one of a few far ones 2 bytes.
TEST(PackRows, TakesFewBytes) {
  std::vector<PartSynapse> all, few;
  for (int32_t place = 0; place < 200; ++place) {
    all.push_back({place, 0, place % 2 ? 5 : -7});
    if (place % 20 == 0) {
      few.push_back({place, 0, 100});
    }
  }
  EXPECT_EQ(packed(all).size(), 1 + 200 / 4U);
  EXPECT_EQ(packed(few).size(), 1 + 10 / 2U);
}

/// A run as the core reads it: 0, 2, 1 and 3 from the lowest byte on.
TEST(PackRows, OrdersBytesForTheCore) {
  std::vector<uint32_t> words = packed({{4, 2, 1}, {5, 2, 2}, {6, 2, 3}, {7, 2, 4}});
  EXPECT_EQ(words, (std::vector<uint32_t>{1U << 31 | 2U << 20 | 1U, 0x04020301U}));
}

TEST(PackRows, GivesBackRandomRows) {
  std::set<BlockKind> kinds;
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    Random random(seed);
    auto places = static_cast<int32_t>(4 * random.between(1, random.chance(0.2) ? 4096 : 40));
    double dense = random.uniform(0.01, 1.0);
    auto bits = random.between(1, 31);
    std::vector<PartSynapse> synapses;
    for (int32_t delay = 0; delay < 3; ++delay) {
      for (int32_t place = 0; place < places; ++place) {
        int64_t weight = random.between(-(1L << bits), (1L << bits) - 1);
        if (random.chance(dense) && weight != 0) {
          synapses.push_back({place, 7 * delay, weight});
        }
      }
    }
    if (synapses.empty()) {
      continue;
    }
    std::vector<uint32_t> words = packed(synapses);
    ASSERT_EQ(unpackRow(words), synapses) << "seed " << seed;
    ASSERT_TRUE(isSoundRow(words, static_cast<uint32_t>(places), 15)) << "seed " << seed;
    ASSERT_FALSE(isSoundRow(std::span(words).first(words.size() - 1), 16384, 15));
    ASSERT_LE(words.size(), 3 * synapses.size() + 3) << "seed " << seed;
    kinds.insert(Block::of(words[0]).kind);
  }
  EXPECT_EQ(kinds.size(), 6U); // each kind begins one of them
}

} // namespace
