//===- RelativeDistanceTest.cpp - relative distances ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/compare/RelativeDistance.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace nirc;

namespace {

nir::Recording spikes(const std::vector<uint8_t> &train) {
  auto steps = static_cast<int64_t>(train.size());
  return {1e-3, {{"out", "spikes", nir::Tensor::of<uint8_t>({1, steps, 1}, train)}}};
}

nir::Recording numbers(const std::vector<double> &values) {
  auto steps = static_cast<int64_t>(values.size());
  return {1e-3, {{"out", "value", nir::Tensor::of<double>({1, steps, 1}, values)}}};
}

double between(const nir::Recording &base, const nir::Recording &other) {
  auto distance = relativeDistance(base, other, 10e-3);
  EXPECT_TRUE(distance);
  return distance->value;
}

TEST(RelativeDistance, IsZeroOfTheSameAndOneOfSilence) {
  nir::Recording base = spikes({0, 1, 0, 0, 1, 1});
  EXPECT_EQ(between(base, base), 0.0);
  EXPECT_DOUBLE_EQ(between(base, spikes({0, 0, 0, 0, 0, 0})), 1.0);
  EXPECT_EQ(between(numbers({1, -2}), numbers({1, -2})), 0.0);
  EXPECT_EQ(between(numbers({1, -2}), numbers({0, 0})), 1.0);
}

/// Two spikes 1 ms apart are sqrt(1 - exp(-0.1)) from each other, and each sqrt(1/2) from silence.
TEST(RelativeDistance, IsVanRossumsOverThatOfSilence) {
  double expected = std::sqrt((1.0 - std::exp(-0.1)) / 0.5);
  EXPECT_NEAR(between(spikes({0, 1, 0}), spikes({0, 0, 1})), expected, 1e-12);
}

TEST(RelativeDistance, OfNumbersIsTheRootMeanSquare) {
  EXPECT_DOUBLE_EQ(between(numbers({3, 4}), numbers({3, 3})), 1.0 / 5.0);
}

TEST(RelativeDistance, FromSilenceIsInfinite) {
  EXPECT_EQ(between(spikes({0, 0}), spikes({0, 0})), 0.0);
  EXPECT_TRUE(std::isinf(between(spikes({0, 0}), spikes({0, 1}))));
}

} // namespace
