//===- MultiplierTest.cpp - factors as integers and shifts ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/quantize/FixedPoint.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace nirc;

namespace {

TEST(Multiplier, IsTheFactorToItsBits) {
  nir::NumberFormat format;
  format.multiplierBits = 12;
  for (double factor : {0.9, 0.3, 1.7, 1000.25, -0.7}) {
    Multiplier m = multiplierFor(factor, format, false);
    double is = std::ldexp(m.multiplier.values()[0], -m.shift);
    EXPECT_NEAR(is, factor, std::abs(factor) * 0x1p-11) << factor;
  }
}

/// With a number of 32 bits 64 hold the product, whatever the factor was.
TEST(Multiplier, LeavesRoomForTheProduct) {
  nir::NumberFormat format;
  for (double factor : {1e10, 1e25, 1e300, -1e300}) {
    Multiplier m = multiplierFor(factor, format, false);
    EXPECT_EQ(m.shift, 0);
    EXPECT_EQ(std::abs(m.multiplier.values()[0]), 0x1p31) << factor;
  }
}

} // namespace
