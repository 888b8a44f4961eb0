//===- HalfTest.cpp - numbers of 16 bits, against the compiler's own ------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/graph/Half.h"

#include <bit>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <random>

using nir::Half;

static uint16_t bitsOf(double value) {
  return std::bit_cast<uint16_t>(static_cast<_Float16>(value));
}

TEST(Half, EveryOneIsTheCompilersNumber) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    auto own = static_cast<double>(Half{static_cast<uint16_t>(bits)});
    auto theirs = static_cast<double>(std::bit_cast<_Float16>(static_cast<uint16_t>(bits)));
    if (std::isnan(theirs)) {
      EXPECT_TRUE(std::isnan(own)) << bits;
      EXPECT_TRUE(std::isnan(static_cast<double>(Half::of(own)))) << bits;
      EXPECT_EQ(std::signbit(own), (bits & 0x8000) != 0) << bits;
    } else {
      EXPECT_EQ(std::bit_cast<uint64_t>(own), std::bit_cast<uint64_t>(theirs)) << bits;
      EXPECT_EQ(Half::of(own).bits, bits);
    }
  }
}

/// Between two neighbours: the middle, and the doubles beside it.
TEST(Half, WhatLiesBetweenTwoGoesToTheNearestAndTiesToTheEvenOne) {
  for (uint32_t bits = 0; bits < 0x7bff; ++bits) {
    auto low = static_cast<double>(Half{static_cast<uint16_t>(bits)});
    auto high = static_cast<double>(Half{static_cast<uint16_t>(bits + 1)});
    double middle = (low + high) / 2; // exact: a double has 42 bits more
    auto even = static_cast<uint16_t>(bits % 2 == 0 ? bits : bits + 1);
    ASSERT_EQ(Half::of(middle).bits, even) << bits;
    ASSERT_EQ(Half::of(std::nextafter(middle, 0.0)).bits, bits);
    ASSERT_EQ(Half::of(std::nextafter(middle, 1e6)).bits, bits + 1);
    ASSERT_EQ(Half::of(-middle).bits, even | 0x8000) << bits;
  }
  EXPECT_EQ(Half::of(std::nextafter(65520.0, 0.0)).bits, 0x7bff); // 65504, the largest
  EXPECT_EQ(Half::of(65520.0).bits, 0x7c00);
  EXPECT_EQ(Half::of(std::numeric_limits<double>::max()).bits, 0x7c00);
  EXPECT_EQ(Half::of(-std::numeric_limits<double>::infinity()).bits, 0xfc00);
  EXPECT_EQ(Half::of(std::numeric_limits<double>::denorm_min()).bits, 0);
}

TEST(Half, RandomDoublesAreRoundedAsTheCompilerRounds) {
  std::random_device device;
  uint32_t seed = device();
  RecordProperty("seed", static_cast<int>(seed));
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> exponent(-30.0, 18.0);
  for (int i = 0; i < 200'000; ++i) {
    double value = std::exp2(exponent(random)) * (random() % 2 == 0 ? 1 : -1);
    ASSERT_EQ(Half::of(value).bits, bitsOf(value)) << std::hexfloat << value;
  }
}
