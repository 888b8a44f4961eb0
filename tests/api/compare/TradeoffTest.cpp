//===- TradeoffTest.cpp - tradeoffs ---------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/compare/Tradeoff.h"

#include <gtest/gtest.h>

using namespace nirc;

namespace {

const std::vector<Tradeoff> ways = {{10, 0.5}, {20, 0.9}, {20, 0.8},
                                    {15, 0.4}, {30, 0.9}, {10, 0.5}};

TEST(Tradeoff, WhatIsBeatenIsNotOnTheFront) {
  EXPECT_EQ(paretoFront(ways), (std::vector<bool>{true, true, false, false, false, false}));
  EXPECT_TRUE(paretoFront({}).empty());
}

TEST(Tradeoff, TheCheapestIsGoodEnough) {
  EXPECT_EQ(cheapestOf(ways, 0.45), 0U);
  EXPECT_EQ(cheapestOf(ways, 0.7), 1U); // 2 costs as much, and is worse
  EXPECT_EQ(cheapestOf(ways, 0.95), std::nullopt);
}

TEST(Tradeoff, TheBestIsCheapEnough) {
  EXPECT_EQ(bestOf(ways, 100), 1U); // 4 is as good, and costs more
  EXPECT_EQ(bestOf(ways, 19), 0U);
  EXPECT_EQ(bestOf(ways, 9), std::nullopt);
}

} // namespace
