//===- UnitsTest.cpp - times and rates ------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Units.h"

#include <gtest/gtest.h>

using namespace nirc;

TEST(Units, TimesAreTheDoubleThatTheDecimalIs) {
  struct Case {
    const char *text;
    double seconds;
  };
  for (auto [text, seconds] : {Case{"1e-4", 1e-4},
                               {"0.1ms", 1e-4},
                               {"100us", 1e-4},
                               {"100µs", 1e-4},
                               {"1e2us", 1e-4},
                               {"1s", 1.0},
                               {"+2", 2.0},
                               {"0.3ms", 0.0003},
                               {"700us", 0.0007},
                               {"250ns", 2.5e-7},
                               {"1.5E+1ms", 0.015}}) {
    nir::Result<double> parsed = parseSeconds(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(*parsed, seconds) << text;
  }
}

TEST(Units, WhatIsNoTimeIsRefused) {
  for (const char *text : {"", "s", "ms", "0", "-1ms", "nan", "inf", "1e999", "0x10", "1 ms", "1m",
                           "1e", "1e-", "--1", "1.2.3", "1ms2", "1e99999999999"}) {
    EXPECT_FALSE(parseSeconds(text)) << text;
  }
  EXPECT_EQ(parseSeconds("fast").error().message,
            "'fast' is not a time, expected a positive one such as 1e-4, 0.1ms or 100us");
}

TEST(Units, RatesAndNumbers) {
  EXPECT_EQ(*parseHertz("20Hz"), 20.0);
  EXPECT_EQ(*parseHertz("1.5kHz"), 1500.0);
  EXPECT_EQ(*parseHertz("0"), 0.0);
  EXPECT_FALSE(parseHertz("-1Hz"));
  EXPECT_FALSE(parseHertz("20hz"));
  EXPECT_EQ(*parseNumber("-0.5"), -0.5);
  EXPECT_FALSE(parseNumber("nan"));
}

TEST(Units, TimesForPeople) {
  EXPECT_EQ(secondsText(1e-4), "100 us");
  EXPECT_EQ(secondsText(1e-3), "1 ms");
  EXPECT_EQ(secondsText(2.5), "2.5 s");
}
