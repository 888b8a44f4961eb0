//===- StepGuessTest.cpp - a step is never guessed ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// On random parameters: what people choose by hand writes no step into a file, and what an exporter
// computes for a step writes that one or none.
//
//===----------------------------------------------------------------------===//

#include "ir/origin/Origin.h"
#include "tests/support/Build.h"

#include <cmath>
#include <gtest/gtest.h>
#include <random>

using namespace nir;
using namespace nir::test;

namespace {
/// A source of parameters, whose seed a failure prints.
class StepGuessTest : public testing::TestWithParam<uint32_t> {
protected:
  std::mt19937 random{GetParam()};

  double oneOf(const std::vector<double> &values) {
    return values[std::uniform_int_distribution<size_t>(0, values.size() - 1)(random)];
  }
  double between(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  }
  /// Of one to three digits: a gain as people write it.
  double roundGain() {
    double digits = std::uniform_int_distribution<int>(1, 999)(random);
    return digits * oneOf({0.01, 0.1, 1.0});
  }
  /// A time constant as people write it, 0.5 to 200 ms.
  double roundTau() { return oneOf({0.5, 1, 2, 2.5, 4, 5, 8, 10, 15, 20, 25, 50, 100, 200}) / 1e3; }
  double step() { return oneOf({1e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 1.0 / 44100}); }
};
} // namespace

static Tensor filled(size_t count, double value) {
  return Tensor::vector(std::vector<double>(count, value));
}

static Graph lifs(const std::vector<double> &taus, const std::vector<double> &gains) {
  size_t n = taus.size();
  auto size = static_cast<int64_t>(n);
  return graphOf({{"input", input({size})},
                  {"lif", LIF{vec(taus), vec(gains), filled(n, 0), filled(n, 1), {}}},
                  {"output", output({size})}},
                 {{"input", "lif"}, {"lif", "output"}});
}

static Graph cuba(double tauSyn, double tauMem, double r, double wIn) {
  CubaLIF neuron{vec({tauSyn}), vec({tauMem}), vec({r}), vec({0}), vec({1}), {}, vec({wIn})};
  return graphOf({{"input", input({1})}, {"lif", std::move(neuron)}, {"output", output({1})}},
                 {{"input", "lif"}, {"lif", "output"}});
}

static std::optional<double> written(const Graph &graph) {
  return completed({}, originOf(graph, {})).dtSeconds;
}

TEST_P(StepGuessTest, OneTimeConstantWritesNone) {
  for (double r : {1.0, 2.0, 5.0, 10.0, roundGain(), between(0.1, 1000.0)}) {
    for (double tau : {roundTau(), between(1e-4, 0.2)}) {
      EXPECT_EQ(written(lifs({tau}, {r})), std::nullopt) << "tau " << tau << ", r " << r;
      EXPECT_EQ(written(lifs({tau, tau}, {r, r})), std::nullopt) << "tau " << tau << ", r " << r;
    }
  }
  double gain = 1.0 / between(0.001, 0.999), dt = step();
  EXPECT_EQ(written(lifs({dt * gain}, {gain})), std::nullopt) << "one clue alone, r " << gain;
}

TEST_P(StepGuessTest, RoundGainsWriteNone) {
  for (int i = 0; i < 20; ++i) {
    double tau = roundTau(), other = roundTau(), r = roundGain();
    // Of one capacitance, so that all neurons agree.
    EXPECT_EQ(written(lifs({tau, 2 * tau}, {r, 2 * r})), std::nullopt)
        << "tau " << tau << ", r " << r;
    for (double wIn : {1.0, 2.0, roundGain()}) {
      EXPECT_EQ(written(cuba(other, tau, r, wIn)), std::nullopt)
          << "tau_mem " << tau << ", tau_syn " << other << ", r " << r << ", w_in " << wIn;
    }
  }
}

TEST_P(StepGuessTest, GainsOfSeveralNeuronsWriteTheirStepOrNone) {
  double dt = step();
  std::vector<double> taus, gains;
  for (int i = 0; i < 5; ++i) {
    // As in float32, which exporters compute in.
    double gain = 1.0 / between(0.01, 0.5);
    gains.push_back(static_cast<float>(gain));
    taus.push_back(static_cast<float>(dt * gain));
  }
  std::optional<double> found = written(lifs(taus, gains));
  ASSERT_TRUE(found) << "dt " << dt;
  EXPECT_NEAR(*found, dt, dt * 1e-4);
  std::optional<double> synapse = written(cuba(taus[0], taus[1], gains[1], gains[0]));
  ASSERT_TRUE(synapse) << "dt " << dt;
  EXPECT_NEAR(*synapse, dt, dt * 1e-4);
}

INSTANTIATE_TEST_SUITE_P(Seeds, StepGuessTest, testing::Range(0U, 200U));
