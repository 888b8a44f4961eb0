//===- TrajectoryTest.cpp - neurons between two events --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/reference/events/Trajectory.h"
#include "backends/reference/events/Instant.h"

#include <cmath>
#include <gtest/gtest.h>
#include <random>

using namespace nir;

using Form = Dynamics::Form;
static constexpr double never = std::numeric_limits<double>::infinity();

static Dynamics leaky(double tau, double r = 1.0, double leak = 0.0) {
  return {Form::Leaky, tau, 1.0, r, leak, 1.0};
}
static Dynamics cuba(double tauMem, double tauSyn, double r = 1.0, double leak = 0.0,
                     double wIn = 1.0) {
  return {Form::Cuba, tauMem, tauSyn, r, leak, wIn};
}

/// The differential equations themselves, by the classical Runge-Kutta method in long double.
static NeuronState rungeKutta(const Dynamics &d, const NeuronState &from, double u, double seconds,
                              int parts) {
  struct State {
    long double v, i;
  };
  auto slope = [&](State x) {
    long double drive = d.form == Form::Leaky ? static_cast<long double>(u) : x.i;
    return State{(d.leak - x.v + d.r * drive) / d.tauMem,
                 d.form == Form::Leaky ? 0.0L
                                       : (d.wIn * static_cast<long double>(u) - x.i) / d.tauSyn};
  };
  auto along = [](State x, State k, long double h) { return State{x.v + h * k.v, x.i + h * k.i}; };
  State x{from.v, from.i};
  long double h = static_cast<long double>(seconds) / parts;
  for (int part = 0; part < parts; ++part) {
    State k1 = slope(x), k2 = slope(along(x, k1, h / 2)), k3 = slope(along(x, k2, h / 2)),
          k4 = slope(along(x, k3, h));
    x.v += h / 6 * (k1.v + 2 * k2.v + 2 * k3.v + k4.v);
    x.i += h / 6 * (k1.i + 2 * k2.i + 2 * k3.i + k4.i);
  }
  return {static_cast<double>(x.v), static_cast<double>(x.i)};
}

/// The textbook solution in long double; its quotient cancels unless the time constants differ.
static long double textbook(const Dynamics &d, const NeuronState &from, double u, long double t) {
  long double tm = d.tauMem, ts = d.tauSyn, em = std::exp(-t / tm), es = std::exp(-t / ts);
  long double current = static_cast<long double>(d.wIn) * u, rest = d.leak + d.r * current;
  return rest + (from.v - rest) * em + d.r * (from.i - current) * ts / (ts - tm) * (es - em);
}

TEST(TrajectoryTest, SolvesTheEquations) {
  const double taus[][2] = {{2e-3, 4e-3},         {4e-3, 2e-3},    {3e-3, 3e-3},
                            {3e-3, 3.0000001e-3}, {0.5e-3, 20e-3}, {20e-3, 0.5e-3}};
  for (auto [tauMem, tauSyn] : taus) {
    SCOPED_TRACE(testing::Message() << "tau_mem " << tauMem << ", tau_syn " << tauSyn);
    for (const Dynamics &d : {leaky(tauMem, 1.7, 0.3), cuba(tauMem, tauSyn, 1.7, 0.3, 0.6)}) {
      NeuronState from{-0.4, d.form == Form::Cuba ? 2.3 : 0.0};
      for (double seconds : {1e-5, 1e-3, 7e-3}) {
        NeuronState want = rungeKutta(d, from, 1.1, seconds, 4000),
                    got = after(d, from, 1.1, seconds);
        EXPECT_NEAR(got.v, want.v, 2e-14) << seconds;
        EXPECT_NEAR(got.i, want.i, 2e-14) << seconds;
      }
    }
  }
}

TEST(TrajectoryTest, KeepsItsDigitsOverAnyTime) {
  Dynamics d = cuba(20e-3, 3e-3, 1.7, 0.3, 0.6);
  NeuronState from{-0.4, 2.3};
  for (double seconds : {1e-12, 1e-9, 1e-3, 1.0}) {
    long double want = textbook(d, from, 1.1, seconds);
    EXPECT_NEAR(after(d, from, 1.1, seconds).v, static_cast<double>(want), 3e-16) << seconds;
  }
  // What happens in a short time, though it is far below what v itself is.
  long double moved = textbook(d, {0.0, 2.3}, 1.1, 1e-12L);
  EXPECT_NEAR(after(d, {0.0, 2.3}, 1.1, 1e-12).v / static_cast<double>(moved), 1.0, 1e-8);
  // At rest it stays, to the bit, for good; and comes there.
  NeuronState rest{0.3 + 1.7 * (0.6 * 1.1), 0.6 * 1.1};
  EXPECT_EQ(after(d, rest, 1.1, 1e9).v, rest.v);
  EXPECT_NEAR(after(d, from, 1.1, 1e9).v, rest.v, 3e-16);
}

TEST(TrajectoryTest, LeakyCrossesWhereTheLogarithmSays) {
  // 1 - e^-t = 1/2
  EXPECT_NEAR(firstCrossing(leaky(1.0), {0.0, 0.0}, 1.0, 0.5), std::log(2.0), 2e-16);
  std::mt19937 random(1);
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  int found = 0;
  for (int round = 0; round < 2000; ++round) {
    Dynamics d = leaky(2e-3, 1.0 + uniform(random), 0.3 * uniform(random));
    double v = uniform(random), u = 3 * uniform(random), threshold = 0.5;
    double rest = d.leak + d.r * u, t = firstCrossing(d, {v, 0.0}, u, threshold);
    if (v > threshold) {
      EXPECT_EQ(t, 0.0);
    } else if (rest <= threshold) {
      EXPECT_EQ(t, never);
    } else {
      ++found;
      // The same float64 input, in long double.
      long double inf = static_cast<long double>(d.leak) + static_cast<long double>(d.r) * u;
      long double want = 2e-3L * std::log((inf - v) / (inf - threshold));
      EXPECT_NEAR(t / static_cast<double>(want), 1.0, 1e-13) << rest;
      EXPECT_NEAR(after(d, {v, 0.0}, u, t).v, threshold, 1e-15);
    }
  }
  EXPECT_GT(found, 300);
}

TEST(TrajectoryTest, TouchingIsNoCrossing) {
  // Towards exactly the threshold, at it and at rest, at it and falling; at it and rising.
  EXPECT_EQ(firstCrossing(leaky(1.0), {0.0, 0.0}, 0.5, 0.5), never);
  EXPECT_EQ(firstCrossing(leaky(1.0), {0.5, 0.0}, 0.5, 0.5), never);
  EXPECT_EQ(firstCrossing(leaky(1.0), {0.5, 0.0}, 0.0, 0.5), never);
  EXPECT_EQ(firstCrossing(leaky(1.0), {0.5, 0.0}, 1.0, 0.5), 0.0);
  // The response to a current that fades, tau_syn = tau_mem = 1: v = t e^-t, 1/e at its top.
  Dynamics d = cuba(1.0, 1.0);
  double top = after(d, {0.0, 1.0}, 0.0, 1.0).v;
  EXPECT_NEAR(top, std::exp(-1.0), 1e-16);
  EXPECT_EQ(firstCrossing(d, {0.0, 1.0}, 0.0, top), never);
  EXPECT_NEAR(firstCrossing(d, {0.0, 1.0}, 0.0, top * (1 - 1e-12)), 1.0, 1e-5);
  // At its top: the slope is 0 and it falls. At a bottom: it rises.
  EXPECT_EQ(firstCrossing(d, {0.3, 0.3}, 0.0, 0.3), never);
  EXPECT_EQ(firstCrossing(d, {-0.3, -0.3}, 0.0, -0.3), 0.0);
  // An integrator moves by impulses alone.
  EXPECT_EQ(firstCrossing({}, {1.0, 0.0}, 5.0, 1.0), never);
  EXPECT_EQ(firstCrossing({}, {std::nextafter(1.0, 2.0), 0.0}, 5.0, 1.0), 0.0);
}

TEST(TrajectoryTest, TheTopOfAResponse) {
  // After a current of 1: the top is at ln(tau_mem/tau_syn)/(1/tau_syn - 1/tau_mem).
  double tm = 10e-3, ts = 2e-3, at = std::log(tm / ts) / (1 / ts - 1 / tm);
  double top = after(cuba(tm, ts), {0.0, 1.0}, 0.0, at).v;
  EXPECT_EQ(firstCrossing(cuba(tm, ts), {0.0, 1.0}, 0.0, top * (1 + 1e-14)), never);
  double t = firstCrossing(cuba(tm, ts), {0.0, 1.0}, 0.0, top * (1 - 1e-10));
  EXPECT_LT(t, at);
  EXPECT_NEAR(t, at, at * 1e-4);
}

/// The first of many short spans at whose end v is above, or -1.
static int bruteForce(const Dynamics &d, const NeuronState &from, double u, double threshold,
                      double span, int spans) {
  for (int k = 0; k <= spans; ++k) {
    if (after(d, from, u, k * span).v > threshold) {
      return k;
    }
  }
  return -1;
}

TEST(TrajectoryTest, FirstCrossingAgainstBruteForce) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  int crossed = 0, returned = 0;
  for (int round = 0; round < 3000; ++round) {
    double tauSyn = std::exp(1.5 * uniform(random));
    if (round % 3 == 0) { // equal, and all but equal
      tauSyn = 1.0 + (round % 2 ? 1e-9 * uniform(random) : 0.0);
    }
    Dynamics d = cuba(1.0, tauSyn, 1.0 + 0.9 * uniform(random), 0.5 * uniform(random), 1.0);
    NeuronState from{2 * uniform(random), 4 * uniform(random)};
    double u = 2 * uniform(random), threshold = 0.7;
    constexpr double span = 4e-3;
    constexpr int spans = 10000;
    int k = bruteForce(d, from, u, threshold, span, spans);
    double t = firstCrossing(d, from, u, threshold);
    if (k < 0) {
      EXPECT_GT(t, span * spans) << round; // never, or later
      continue;
    }
    ++crossed;
    // Brute force finds no peak that fits between two of its points.
    EXPECT_LE(t, k * span * (1 + 1e-12)) << round;
    if (t < (k - 1) * span) {
      EXPECT_EQ(bruteForce(d, from, u, threshold, t * 1e-3, 999), -1) << round;
    }
    if (t > 0.0) {
      EXPECT_NEAR(after(d, from, u, t).v, threshold, 4e-15) << round;
      EXPECT_LE(after(d, from, u, t * (1 - 1e-6)).v, threshold) << round;
    }
    returned += after(d, from, u, 40.0).v < threshold;
  }
  EXPECT_GT(crossed, 800);
  EXPECT_GT(returned, 100); // up and down again
}

TEST(TrajectoryTest, EqualAndNearlyEqualTimeConstantsAgree) {
  double exact = firstCrossing(cuba(2e-3, 2e-3), {0.0, 3.0}, 0.4, 0.9);
  ASSERT_LT(exact, 2e-3);
  for (double off : {1e-15, 1e-12, 1e-9, -1e-9, -1e-12, -1e-15}) {
    double near = firstCrossing(cuba(2e-3, 2e-3 * (1 + off)), {0.0, 3.0}, 0.4, 0.9);
    EXPECT_NEAR(near / exact, 1.0, std::abs(off) + 1e-15) << off;
  }
}

TEST(TrajectoryTest, OddNumbersGiveNoNonsense) {
  constexpr double huge = 1e308;
  for (double u : {0.0, huge, -huge, std::nan("")}) {
    for (const Dynamics &d : {leaky(1e-3, huge), cuba(1e-3, 1e3, huge, 0.0, huge),
                              cuba(1e150, 1e-150), cuba(huge, huge)}) {
      double t = firstCrossing(d, {0.0, 1.0}, u, 1.0);
      EXPECT_TRUE(t >= 0.0 || std::isnan(t)) << t;
      EXPECT_TRUE(Clock(1e-3).after(Instant{}, t) <= neverInstant);
    }
  }
}

TEST(InstantTest, AddsUp) {
  Clock clock(1e-4);
  Instant t{7, 0.3e-4};
  EXPECT_EQ(clock.after(t, 0.0), t);
  EXPECT_EQ(clock.after(t, never), neverInstant);
  EXPECT_EQ(clock.after(t, std::nan("")), neverInstant);
  Instant later = clock.after(t, 1.9e-4);
  EXPECT_EQ(later.step, 9);
  EXPECT_NEAR(later.offset, 0.2e-4, 1e-19);
  EXPECT_NEAR(clock.between(t, later), 1.9e-4, 1e-18);
  EXPECT_NEAR(clock.seconds(later), 9.2e-4, 1e-18);
  EXPECT_LT(t, later);
}

TEST(InstantTest, WholeStepsStayWhole) {
  Clock clock(1e-4);
  for (int steps = 1; steps <= 1000; ++steps) {
    double delay = steps * 1e-4;
    EXPECT_EQ(clock.lag(delay).steps, steps);
    EXPECT_EQ(clock.lag(delay).rest, 0.0);
    EXPECT_EQ(clock.lag(static_cast<float>(delay)).steps, steps);
    EXPECT_EQ(clock.lag(static_cast<float>(delay)).rest, 0.0);
  }
  Lag odd = clock.lag(2.5e-4);
  EXPECT_EQ(odd.steps, 2);
  EXPECT_NEAR(odd.rest, 0.5e-4, 1e-19);
  // Three thirds of a step are one.
  Instant t{};
  for (int i = 0; i < 3; ++i) {
    t = clock.after(t, clock.lag(1e-4 / 3));
  }
  EXPECT_EQ(t, (Instant{1, 0.0}));
  EXPECT_GT(clock.lag(1e-30).rest, 0.0);
  EXPECT_GT(clock.after(Instant{}, clock.lag(1e300)), (Instant{int64_t{1} << 51, 0.0}));
}
