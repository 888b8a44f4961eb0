//===- SpikeDistanceTest.cpp - distances of spike trains ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/compare/SpikeDistance.h"
#include "tests/support/Random.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

using namespace nirc;
using Train = std::vector<double>;

static double victorPurpuraOf(const Train &a, const Train &b, double q) {
  int64_t budget = 1 << 20;
  auto cost = victorPurpura(a, b, q, budget);
  EXPECT_TRUE(cost);
  return cost.value_or(-1.0);
}

TEST(VanRossum, ByHand) {
  EXPECT_EQ(vanRossumSquared(Train{}, Train{}, 0.01), 0.0);
  // One spike too many: the integral of exp(-2t/tau) over tau.
  EXPECT_DOUBLE_EQ(vanRossumSquared(Train{0.3}, Train{}, 0.01), 0.5);
  // A spike moved by tau ln 2: 1 - exp(-ln 2).
  EXPECT_NEAR(vanRossumSquared(Train{0.0}, Train{0.02 * std::log(2.0)}, 0.02), 0.5, 1e-15);
  // Two spikes in one step against one.
  EXPECT_DOUBLE_EQ(vanRossumSquared(Train{0.1, 0.1}, Train{0.1}, 0.01), 0.5);
  // Two at once against none: |2|^2 / 2.
  EXPECT_DOUBLE_EQ(vanRossumSquared(Train{0.1, 0.1}, Train{}, 0.01), 2.0);
}

TEST(VictorPurpura, ByHand) {
  EXPECT_EQ(victorPurpuraOf({}, {}, 100), 0.0);
  EXPECT_EQ(victorPurpuraOf({0.1, 0.2}, {}, 100), 2.0);
  // Moving by 5 ms costs less than removing and adding, by 30 ms more.
  EXPECT_NEAR(victorPurpuraOf({0.100}, {0.105}, 100), 0.5, 1e-12);
  EXPECT_EQ(victorPurpuraOf({0.100}, {0.130}, 100), 2.0);
  // Without a cost of moving, the numbers of spikes count.
  EXPECT_EQ(victorPurpuraOf({0.1, 0.2, 0.3}, {0.9}, 0), 2.0);
  // The spike in between is removed, the last is moved by 1 ms.
  EXPECT_NEAR(victorPurpuraOf({0.1, 0.2, 0.3}, {0.1, 0.301}, 100), 1.1, 1e-12);
}

TEST(VictorPurpura, KeepsToItsBudget) {
  int64_t budget = 5;
  EXPECT_FALSE(victorPurpura(Train{0.1, 0.2, 0.3}, Train{0.15, 0.25}, 1, budget));
  EXPECT_EQ(budget, 5);
  EXPECT_TRUE(victorPurpura(Train{0.1, 0.2}, Train{0.15, 0.25}, 1, budget));
  EXPECT_EQ(budget, 1);
  // What needs no table is free.
  EXPECT_TRUE(victorPurpura(Train{0.1, 0.2, 0.3}, Train{0.1, 0.3}, 1, budget));
  EXPECT_EQ(budget, 1);
}

/// The definition, term by term.
static double vanRossumByDefinition(const Train &a, const Train &b, double tau) {
  auto products = [&](const Train &x, const Train &y) {
    double sum = 0.0;
    for (double s : x) {
      for (double t : y) {
        sum += std::exp(-std::abs(s - t) / tau);
      }
    }
    return sum;
  };
  return 0.5 * products(a, a) + 0.5 * products(b, b) - products(a, b);
}

/// The least cost over every way to pair spikes in order, by trying them all.
static double cheapest(const Train &a, const Train &b, double q, size_t i = 0, size_t j = 0) {
  if (i == a.size() || j == b.size()) {
    return static_cast<double>(a.size() - i + b.size() - j);
  }
  return std::min({cheapest(a, b, q, i + 1, j) + 1.0, cheapest(a, b, q, i, j + 1) + 1.0,
                   cheapest(a, b, q, i + 1, j + 1) + q * std::abs(a[i] - b[j])});
}

/// Spikes on steps of 1 ms, some of them twice.
static Train randomTrain(nir::test::Random &random, int64_t longest) {
  Train train(static_cast<size_t>(random.between(0, longest)));
  for (double &time : train) {
    time = 1e-3 * static_cast<double>(random.below(40));
  }
  std::sort(train.begin(), train.end());
  return train;
}

TEST(SpikeDistance, IsWhatTheDefinitionsSayOnRandomTrains) {
  for (uint64_t seed = 0; seed < 500; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    nir::test::Random random(seed);
    Train a = randomTrain(random, 7);
    Train b = randomTrain(random, 7);
    double tau = random.uniform(1e-3, 5e-2);
    double q = random.uniform(0.0, 1000.0);
    EXPECT_NEAR(vanRossumSquared(a, b, tau), vanRossumByDefinition(a, b, tau), 1e-12);
    EXPECT_NEAR(victorPurpuraOf(a, b, q), cheapest(a, b, q), 1e-12);
    EXPECT_EQ(victorPurpuraOf(a, b, q), victorPurpuraOf(b, a, q));
    EXPECT_EQ(vanRossumSquared(a, a, tau), 0.0);
    EXPECT_EQ(victorPurpuraOf(a, a, q), 0.0);
  }
}

TEST(Cosine, ByHand) {
  auto cosine = [](std::vector<std::pair<double, double>> pairs) {
    Cosine cosine;
    for (auto [a, b] : pairs) {
      cosine.add(a, b);
    }
    return cosine.value();
  };
  EXPECT_EQ(cosine({{0, 0}, {0, 0}}), 1.0);
  EXPECT_EQ(cosine({{0, 1}, {0, 0}}), 0.0);
  EXPECT_EQ(cosine({{1, 0}, {0, 5}}), 0.0);
  EXPECT_DOUBLE_EQ(cosine({{3, 6}, {4, 8}}), 1.0);
  EXPECT_DOUBLE_EQ(cosine({{1, 1}, {0, 1}}), std::sqrt(0.5));
}
