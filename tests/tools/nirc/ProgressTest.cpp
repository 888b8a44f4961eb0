//===- ProgressTest.cpp - how far a work is, and when it ends --------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/Progress.h"

#include <algorithm>
#include <gtest/gtest.h>

using namespace nirc;

namespace {

TEST(Progress, SaysNothingOfTheEndAtFirst) {
  Pace pace;
  EXPECT_FALSE(pace.secondsLeft(100));
  pace.add(0.0, 0);
  pace.add(0.5, 10);
  EXPECT_FALSE(pace.secondsLeft(100));
  pace.add(2.0, 40);
  EXPECT_DOUBLE_EQ(*pace.secondsLeft(100), 3.0);
}

TEST(Progress, GoesByTheLastSeconds) {
  Pace pace;
  for (int second = 0; second <= 100; ++second) { // one a second, then ten
    pace.add(second, second <= 90 ? second : 90 + 10 * (second - 90));
  }
  EXPECT_DOUBLE_EQ(*pace.secondsLeft(290), 10.0);
}

TEST(Progress, SaysNothingWhereNothingGoesOn) {
  Pace pace;
  for (int second = 0; second <= 20; ++second) {
    pace.add(second, std::min(second, 5));
  }
  EXPECT_FALSE(pace.secondsLeft(100));
}

TEST(Progress, DurationsAreAsExactAsTheyCanBe) {
  EXPECT_EQ(durationText(0.0), "0 s");
  EXPECT_EQ(durationText(7.2), "8 s");
  EXPECT_EQ(durationText(70.0), "1 min 10 s");
  EXPECT_EQ(durationText(7500.0), "2 h 5 min");
  EXPECT_EQ(durationText(1e6), "12 days");
}

TEST(Progress, TheLine) {
  EXPECT_EQ(progressText("step", 12000, 50000, 70.0),
            "step 12,000 of 50,000, 24 %, 1 min 10 s left");
  EXPECT_EQ(progressText("format", 3, 8, {}), "format 3 of 8, 37 %");
}

} // namespace
