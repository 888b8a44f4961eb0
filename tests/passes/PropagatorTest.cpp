//===- PropagatorTest.cpp - the exponential of a 2x2 matrix ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/discretize/Propagator.h"
#include "tests/support/Random.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <gtest/gtest.h>

using namespace nirc;

namespace {

using Long = std::array<std::array<long double, 2>, 2>;

Long product(const Long &a, const Long &b) {
  Long out{};
  for (int i = 0; i < 2; ++i) {
    for (int j = 0; j < 2; ++j) {
      out[i][j] = a[i][0] * b[0][j] + a[i][1] * b[1][j];
    }
  }
  return out;
}

struct Slow {
  Long stays, comes;
};

/// Taylor's series of a small part of the step, then one part after the other, in long double.
Slow slowly(const Matrix2 &z) {
  constexpr int terms = 24, halvings = 12;
  const Long one{{{1, 0}, {0, 1}}};
  Long part{}, stays = one, comes = one, power = one;
  for (int i = 0; i < 2; ++i) {
    for (int j = 0; j < 2; ++j) {
      part[i][j] = std::ldexp(static_cast<long double>(z[i][j]), -halvings);
    }
  }
  auto add = [](Long &to, const Long &from, long double factor) {
    for (int i = 0; i < 2; ++i) {
      for (int j = 0; j < 2; ++j) {
        to[i][j] += factor * from[i][j];
      }
    }
  };
  long double factor = 1;
  for (int n = 1; n < terms; ++n) {
    power = product(power, part);
    factor /= n;
    add(stays, power, factor);
    add(comes, power, factor / (n + 1));
  }
  for (int n = 0; n < halvings; ++n) { // two halves of a step: x = E (E x + P d/2) + P d/2
    Long both = comes;
    add(both, product(stays, comes), 1);
    for (auto &row : both) {
      for (long double &each : row) {
        each /= 2;
      }
    }
    comes = both;
    stays = product(stays, stays);
  }
  return {stays, comes};
}

double largest(const Long &m) {
  return static_cast<double>(
      std::max({std::abs(m[0][0]), std::abs(m[0][1]), std::abs(m[1][0]), std::abs(m[1][1])}));
}

void expectClose(const Matrix2 &z) {
  SCOPED_TRACE(fmt::format("[{} {}; {} {}]", z[0][0], z[0][1], z[1][0], z[1][1]));
  Propagator got = propagatorOf(z);
  Slow want = slowly(z);
  for (int i = 0; i < 2; ++i) {
    for (int j = 0; j < 2; ++j) {
      EXPECT_NEAR(got.stays[i][j], static_cast<double>(want.stays[i][j]),
                  2e-14 * largest(want.stays));
      EXPECT_NEAR(got.comes[i][j], static_cast<double>(want.comes[i][j]),
                  2e-14 * largest(want.comes));
    }
  }
}

TEST(Propagator, OfEveryKindOfEigenvalues) {
  const Matrix2 matrices[] = {{{{0, 0}, {0, 0}}},            // nothing moves
                              {{{-1, 0}, {0, -1}}},          // equal, two states apart
                              {{{-1, 1}, {0, -1}}},          // equal, one state behind the other
                              {{{-0.04, 0.04}, {0, -0.04}}}, // Cuba with tau_syn = tau_mem
                              {{{-1e-3, -2e-4}, {1e-4, -2e-5}}}, // an adaptation
                              {{{-0.01, -0.3}, {0.3, -0.01}}},   // a swing
                              {{{-0.5, -40}, {40, -0.5}}},       // many swings in a step
                              {{{0, -2}, {2, 0}}},               // one that does not decay
                              {{{-30, 5}, {0.1, -0.01}}},        // stiff
                              {{{0, 3}, {0, 0}}},                // nilpotent
                              {{{0, 0.2}, {0, -2}}},             // no inverse
                              {{{1.5, 0.2}, {0.3, -1}}}};        // one grows
  for (const Matrix2 &z : matrices) {
    expectClose(z);
  }
}

/// From complex over equal to real, in steps of the last bits.
TEST(Propagator, WhereEigenvaluesMeet) {
  for (int exponent = -1; exponent >= -60; --exponent) {
    for (double sign : {-1.0, 1.0}) {
      double small = std::ldexp(sign, exponent);
      expectClose({{{-1, 1}, {small, -1}}});
      expectClose({{{-0.3, 0.5}, {small, -0.3 + std::ldexp(1.0, exponent / 2)}}});
      expectClose({{{-2 - small, small}, {-small, -2}}});
      expectClose({{{-3, 1}, {-1 + small, -1}}}); // half of the difference squared is 1
    }
  }
}

TEST(Propagator, OfRandomMatrices) {
  nir::test::Random random(1);
  constexpr int trials = 2000;
  for (int i = 0; i < trials; ++i) {
    Matrix2 z;
    double size = std::exp2(random.uniform(-12, 4));
    for (auto &row : z) {
      for (double &each : row) {
        each = size * random.uniform(-1, 1);
      }
    }
    z[0][0] = -std::abs(z[0][0]);
    z[1][1] = -std::abs(z[1][1]);
    expectClose(z);
  }
}

/// r and a in their units are far apart, and their product is what counts.
TEST(Propagator, OfStatesInUnitsFarApart) {
  const double scale = 0x1p30;
  Propagator even = propagatorOf({{{-0.04, -0.1}, {0.02, -0.01}}});
  Propagator odd = propagatorOf({{{-0.04, -0.1 * scale}, {0.02 / scale, -0.01}}});
  EXPECT_EQ(odd.stays[0][0], even.stays[0][0]);
  EXPECT_EQ(odd.stays[0][1], even.stays[0][1] * scale);
  EXPECT_EQ(odd.comes[1][0], even.comes[1][0] / scale);
}

} // namespace
