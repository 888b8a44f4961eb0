//===- Loihi2RegistersTest.cpp - numbers that a compartment can hold ------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/match/Model.h"
#include "backends/loihi2/match/Registers.h"
#include "tests/support/Random.h"

#include <gtest/gtest.h>

using namespace nirc::loihi2;
using nir::test::Random;

namespace {

TEST(Loihi2Registers, HaveEveryBiasOf13BitsAndAnExponent) {
  int found = 0;
  for (int64_t bias = -600'000; bias <= 600'000; ++bias) {
    std::optional<BiasFields> fields = biasFields(bias);
    found += fields.has_value();
    if (fields) {
      ASSERT_EQ(int64_t{fields->mantissa} * (1 << fields->exponent), bias);
    }
  }
  // 8192 mantissas, and for each of 7 exponents those of them that the one below has not.
  EXPECT_EQ(found, 8192 + 7 * 4096);
}

TEST(Loihi2Registers, FindTheStateOfWhichAStepKeepsANumber) {
  Random random(1);
  for (int i = 0; i < 100'000; ++i) {
    int64_t keep = random.between(0, 4096);
    int64_t most = decayed(stateLimit - 1, wholeDecay - keep);
    int64_t want = random.between(-most, most);
    std::optional<int32_t> state = stateBefore(want, keep);
    ASSERT_TRUE(state) << want << " of which " << keep;
    ASSERT_LT(std::abs(*state), stateLimit);
    ASSERT_EQ(decayed(*state, wholeDecay - keep), want);
    ASSERT_FALSE(stateBefore(most + 1, keep));
    ASSERT_FALSE(stateBefore(-most - 1, keep));
  }
}

TEST(Loihi2Registers, BoundWhatAStateBecomes) {
  Random random(1);
  for (int i = 0; i < 300; ++i) {
    int64_t decay = random.between(20, 4096), drive = random.between(1, 100'000), state = 0;
    int64_t most = mostOfState(drive, decay);
    for (int step = 0; step < 3000; ++step) {
      state = decayed(state, decay) + drive;
      ASSERT_LE(state, most);
    }
    EXPECT_GT(state, most - most / 50 - 4096 / decay - 1) << "and not by much";
  }
  EXPECT_EQ(mostOfState(1, 0), endless);
  EXPECT_EQ(mostOfState(-5, 0), 0);
}

} // namespace
