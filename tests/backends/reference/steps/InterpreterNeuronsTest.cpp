//===- InterpreterNeuronsTest.cpp - neurons against solutions -------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/reference/steps/Interpreter.h"
#include "tests/support/Build.h"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

using namespace nir;
using namespace nir::test;
using testing::ElementsAre;

static Semantics semantics(Integrator integrator, double dtSeconds = 1e-3,
                           Reset reset = Reset::ToValue) {
  return {dtSeconds, integrator, reset};
}

/// What `observable` of the one neuron "node" is after each step, driven by `drive`.
static std::vector<double> trace(const Params &neuron, const Semantics &semantics,
                                 const std::vector<double> &drive, const char *observable) {
  Result<Interpreter> run = Interpreter::create(around(neuron, {1}, {1}), semantics);
  EXPECT_TRUE(run) << run.error().str();
  std::vector<double> values;
  for (double u : drive) {
    EXPECT_FALSE(run->setInput("in", std::vector<double>{u}));
    run->step();
    values.push_back((*run->observe("node", observable))[0]);
  }
  return values;
}

TEST(NeuronsTest, IntegratorJumpsByTheInput) {
  // r u, without dt.
  EXPECT_THAT(trace(I{vec({2.0})}, semantics(Integrator::Euler), {1.0, 0.0, 0.5}, "v"),
              ElementsAre(2.0, 2.0, 3.0));
  EXPECT_THAT(trace(I{vec({2.0})}, semantics(Integrator::Exact, 0.5), {1.0, 0.0, 0.5}, "value"),
              ElementsAre(2.0, 2.0, 3.0));
}

TEST(NeuronsTest, IntegrateAndFireComparesStrictly) {
  // Four inputs of a quarter reach the threshold exactly; the fifth crosses it.
  IF neuron{vec({0.25}), vec({1.0}), {}};
  std::vector<double> drive(6, 1.0);
  EXPECT_THAT(trace(neuron, semantics(Integrator::Euler), drive, "spikes"),
              ElementsAre(0.0, 0.0, 0.0, 0.0, 1.0, 0.0));
  EXPECT_THAT(trace(neuron, semantics(Integrator::Euler), drive, "v"),
              ElementsAre(0.25, 0.5, 0.75, 1.0, 0.0, 0.25));
}

TEST(NeuronsTest, ResetSubtractsWhatLiesBetweenResetAndThreshold) {
  IF neuron{vec({1.0}), vec({1.0}), vec({0.25})};
  // v 1.5 -> 1.5 - (1 - 0.25)
  EXPECT_THAT(trace(neuron, semantics(Integrator::Euler, 1e-3, Reset::Subtract), {1.5, 0.0}, "v"),
              ElementsAre(0.75, 0.75));
  EXPECT_THAT(trace(neuron, semantics(Integrator::Euler), {1.5, 0.0}, "v"),
              ElementsAre(0.25, 0.25));
}

TEST(NeuronsTest, LeakyEulerByHand) {
  // k = 1/4: v := 3/4 v + (1/4 · 2) u + 1/4 · 1
  LI neuron{vec({4e-3}), vec({2.0}), vec({1.0})};
  double k = 1e-3 / 4e-3;
  ASSERT_EQ(k, 0.25);
  EXPECT_THAT(trace(neuron, semantics(Integrator::Euler), {1.0, 1.0, 0.0}, "value"),
              ElementsAre(0.75, 1.3125, 1.234375));
}

TEST(NeuronsTest, LeakyIntegrateAndFireEulerByHand) {
  // As above, and 1.3125 > 1.25 spikes and goes to 0.5: 3/4 · 0.5 + 1/4 = 0.625.
  LIF neuron{vec({4e-3}), vec({2.0}), vec({1.0}), vec({1.25}), vec({0.5})};
  Semantics euler = semantics(Integrator::Euler);
  EXPECT_THAT(trace(neuron, euler, {1.0, 1.0, 0.0}, "v"), ElementsAre(0.75, 0.5, 0.625));
  EXPECT_THAT(trace(neuron, euler, {1.0, 1.0, 0.0}, "spikes"), ElementsAre(0.0, 1.0, 0.0));
}

TEST(NeuronsTest, LeakyExponentialIsTheClosedForm) {
  // v(t) = v_inf (1 - e^(-t/tau)) with v_inf = v_leak + r u, from v = 0.
  LI neuron{vec({4e-3}), vec({2.0}), vec({1.0})};
  for (Integrator integrator : {Integrator::ExpEuler, Integrator::Exact}) {
    std::vector<double> v = trace(neuron, semantics(integrator), {1.5, 1.5, 1.5, 1.5}, "v");
    for (size_t step = 0; step < v.size(); ++step) {
      double t = 1e-3 * static_cast<double>(step + 1);
      EXPECT_NEAR(v[step], 4.0 * (1.0 - std::exp(-t / 4e-3)), 1e-14);
    }
  }
}

TEST(NeuronsTest, CubaEulerReadsTheNewCurrent) {
  // b = 1/2, a = 1/4: i := i/2 + (1/2 · 3) u;  v := 3/4 v + (1/4 · 2) i + 1/4 · 0.5
  CubaLI neuron{vec({2e-3}), vec({4e-3}), vec({2.0}), vec({0.5}), vec({3.0})};
  Semantics euler = semantics(Integrator::Euler);
  EXPECT_THAT(trace(neuron, euler, {1.0, 0.0, 0.0}, "i"), ElementsAre(1.5, 0.75, 0.375));
  // 0.75 + 0.125; 0.65625 + 0.375 + 0.125; 0.8671875 + 0.1875 + 0.125
  EXPECT_THAT(trace(neuron, euler, {1.0, 0.0, 0.0}, "v"), ElementsAre(0.875, 1.15625, 1.1796875));
  EXPECT_THAT(trace(neuron, euler, {1.0, 0.0, 0.0}, "value"),
              ElementsAre(0.875, 1.15625, 1.1796875));
}

TEST(NeuronsTest, CubaFires) {
  CubaLIF neuron{vec({2e-3}), vec({4e-3}), vec({2.0}), vec({0.5}), vec({1.0}), {}, {}};
  // w_in is 1: i = 0.5 u; u = 3 gives i and v of the test above.
  Semantics euler = semantics(Integrator::Euler);
  EXPECT_THAT(trace(neuron, euler, {3.0, 0.0, 0.0}, "spikes"), ElementsAre(0.0, 1.0, 0.0));
  EXPECT_THAT(trace(neuron, euler, {3.0, 0.0, 0.0}, "v"), ElementsAre(0.875, 0.0, 0.3125));
}

TEST(NeuronsTest, CubaExponentialEulerDecaysEachEquationOnItsOwn) {
  CubaLI neuron{vec({2e-3}), vec({4e-3}), vec({2.0}), vec({0.5}), vec({3.0})};
  double es = std::exp(-1e-3 / 2e-3), em = std::exp(-1e-3 / 4e-3);
  double i = 0.0, v = 0.0;
  std::vector<double> drive{1.0, 0.5, 0.0, 0.0},
      got = trace(neuron, semantics(Integrator::ExpEuler), drive, "v");
  for (size_t step = 0; step < drive.size(); ++step) {
    i = 3.0 * drive[step] + (i - 3.0 * drive[step]) * es;
    double inf = 0.5 + 2.0 * i;
    v = inf + (v - inf) * em;
    EXPECT_NEAR(got[step], v, 1e-14);
  }
}

namespace {
struct CubaState {
  double i = 0.0, v = 0.0;
};
} // namespace

/// One step of a CubaLI by the classical Runge-Kutta method in many small steps.
static CubaState rungeKutta(CubaState x, const std::function<CubaState(CubaState)> &f, double dt) {
  constexpr int parts = 2000;
  double h = dt / parts;
  auto along = [](CubaState x, CubaState d, double h) {
    return CubaState{x.i + h * d.i, x.v + h * d.v};
  };
  for (int part = 0; part < parts; ++part) {
    CubaState k1 = f(x), k2 = f(along(x, k1, h / 2)), k3 = f(along(x, k2, h / 2)),
              k4 = f(along(x, k3, h));
    x.i += h / 6 * (k1.i + 2 * k2.i + 2 * k3.i + k4.i);
    x.v += h / 6 * (k1.v + 2 * k2.v + 2 * k3.v + k4.v);
  }
  return x;
}

TEST(NeuronsTest, CubaExactSolvesTheEquations) {
  const std::vector<double> drive{1.0, 0.0, 0.0, 2.5, -1.0, 0.0, 0.5};
  const double taus[][2] = {{2e-3, 4e-3},         {4e-3, 2e-3},    {3e-3, 3e-3},
                            {3e-3, 3.0000001e-3}, {0.5e-3, 20e-3}, {20e-3, 0.5e-3}};
  for (auto [tauSyn, tauMem] : taus) {
    SCOPED_TRACE(testing::Message() << "tau_syn " << tauSyn << ", tau_mem " << tauMem);
    CubaLI neuron{vec({tauSyn}), vec({tauMem}), vec({2.0}), vec({0.3}), vec({1.5})};
    std::vector<double> v = trace(neuron, semantics(Integrator::Exact), drive, "v");
    std::vector<double> i = trace(neuron, semantics(Integrator::Exact), drive, "i");
    CubaState state;
    for (size_t step = 0; step < drive.size(); ++step) {
      auto slope = [&, tauSyn = tauSyn, tauMem = tauMem](CubaState x) {
        return CubaState{(-x.i + 1.5 * drive[step]) / tauSyn, (0.3 - x.v + 2.0 * x.i) / tauMem};
      };
      state = rungeKutta(state, slope, 1e-3);
      EXPECT_NEAR(i[step], state.i, 1e-9);
      EXPECT_NEAR(v[step], state.v, 1e-9);
    }
  }
}

TEST(NeuronsTest, CoefficientsAreTheDocumentedTermsToTheBit) {
  // docs/semantics.md, `exact`: any other grouping differs in the last bits somewhere.
  double tauSyn = 3.1e-3, tauMem = 7.7e-3, r = 1.3, leak = 0.21, w = 0.7, dt = 1e-3;
  CubaLI neuron{vec({tauSyn}), vec({tauMem}), vec({r}), vec({leak}), vec({w})};
  double a = dt / tauMem, b = dt / tauSyn;
  double difference = std::abs(a - b);
  double q = a * std::exp(-std::min(a, b)) * (-std::expm1(-difference) / difference);
  double em = std::exp(-a), fm = -std::expm1(-a), es = std::exp(-b), fs = -std::expm1(-b);
  double i = 0.0, v = 0.0;
  std::vector<double> drive{1.0, 0.3, 0.0, 2.0, 0.0, -0.7},
      got = trace(neuron, semantics(Integrator::Exact), drive, "v");
  for (size_t step = 0; step < drive.size(); ++step) {
    double u = drive[step], old = i;
    i = es * i + fs * w * u;
    v = ((em * v + r * q * old) + (r * w) * (fm - q) * u) + fm * leak;
    EXPECT_EQ(got[step], v) << "step " << step;
  }
}

TEST(NeuronsTest, LoneParametersHoldForEveryNeuron) {
  Graph graph = around(IF{number(1.0), vec({1.0, 2.0, 3.0}), number(-1.0)}, {3}, {3});
  Result<Interpreter> run = Interpreter::create(graph, semantics(Integrator::Euler));
  ASSERT_TRUE(run) << run.error().str();
  ASSERT_FALSE(run->setInput("in", std::vector<double>{2.5, 2.5, 2.5}));
  run->step();
  EXPECT_THAT(*run->observe("node", "spikes"), ElementsAre(1.0, 1.0, 0.0));
  EXPECT_THAT(*run->observe("node", "v"), ElementsAre(-1.0, -1.0, 2.5));
}

TEST(NeuronsTest, RefusesATimeConstantTooSmallForDt) {
  Graph graph = around(LI{vec({1e-320}), vec({1.0}), vec({0.0})}, {1}, {1});
  Result<Interpreter> run = Interpreter::create(graph, semantics(Integrator::Euler));
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().str(),
            "error: node 'node': a coefficient of its update at dt 0.001 is not "
            "finite in float64, expected parameters and dt of similar magnitude");
}

static std::string referenceData() {
  const char *folder = std::getenv("NIRC_REFERENCE_DATA");
  return folder ? folder : NIRC_REFERENCE_DATA;
}

TEST(NeuronsTest, MatchesNorseOnTheTraceOfTheNirPaper) {
  std::ifstream file(referenceData() + "/nir-paper/traces/lif_norse.csv");
  if (!file) {
    GTEST_SKIP() << "no reference data at " << referenceData();
  }
  std::vector<double> in, v, spikes;
  for (std::string line; std::getline(file, line);) {
    std::istringstream cells(line);
    double values[3];
    char comma;
    cells >> values[0] >> comma >> values[1] >> comma >> values[2];
    in.push_back(values[0]), v.push_back(values[1]), spikes.push_back(values[2]);
  }
  ASSERT_EQ(in.size(), 1000u);

  auto f32 = [](float value) { return Tensor::vector<float>({value}); };
  Graph graph = graphOf({{"input", input({1})},
                         {"0", Affine{Tensor::of<float>({1, 1}, {1.0f}), f32(0.0f)}},
                         {"1", LIF{f32(0.0025f), f32(1.0f), f32(0.0f), f32(0.1f), {}}},
                         {"output", output({1})}},
                        {{"input", "0"}, {"0", "1"}, {"1", "output"}});
  Recording drive{1e-4, {{"input", "value", Tensor::of<double>({1, 1000, 1}, in)}}};
  InterpretOptions options;
  options.probes = {{"1", "v"}};
  Result<Recording> run = interpret(graph, semantics(Integrator::Euler, 1e-4), drive, options);
  ASSERT_TRUE(run) << run.error().str();

  const Trace *out = run->find("output", "spikes");
  ASSERT_NE(out, nullptr);
  EXPECT_EQ(out->data.dtype(), DType::U8);
  std::vector<int> at;
  for (int64_t t = 0; t < 1000; ++t) {
    if (out->data.at(t) != 0.0) {
      at.push_back(static_cast<int>(t));
    }
    EXPECT_NEAR(run->find("1", "v")->data.at(t), v[static_cast<size_t>(t)], 1e-6) << "step " << t;
    EXPECT_EQ(out->data.at(t), spikes[static_cast<size_t>(t)]) << "step " << t;
  }
  EXPECT_THAT(at, ElementsAre(460, 510, 710, 760));
}
