//===- ConvergenceTest.cpp - steps against the exact solution -------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The clocked rules against the exact solution, from dt = tau/5 to tau/320.
//
//===----------------------------------------------------------------------===//

#include "backends/reference/events/EventInterpreter.h"
#include "tests/support/Build.h"

#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <random>

using namespace nir;
using namespace nir::test;

static constexpr double tau = 20e-3;
static constexpr int coarsest = 5, refinements = 7; // tau/5, tau/10, ... tau/320
static constexpr double horizon = 4 * tau;

static std::string nameOf(Integrator integrator) {
  return integrator == Integrator::Euler      ? "euler"
         : integrator == Integrator::ExpEuler ? "exp-euler"
                                              : "exact";
}

static Semantics stepsOf(double dt, Integrator integrator) {
  return {dt, integrator, Reset::Subtract};
}

/// u(t) over the horizon, taken where in its step `share` says: 0 at the start, 1/2 in the middle.
static Recording sampled(const std::function<double(double)> &u, double dt, double share = 0.0) {
  auto steps = static_cast<int64_t>(std::llround(horizon / dt));
  std::vector<double> values;
  for (int64_t n = 0; n < steps; ++n) {
    values.push_back(u((static_cast<double>(n) + share) * dt));
  }
  return {dt, {{"in", "value", Tensor::of<double>({1, steps, 1}, values)}}};
}

/// v of "node" at the multiples of tau/5.
static std::vector<double> membrane(const Result<Recording> &run, double dt) {
  EXPECT_TRUE(run) << run.error().str();
  const Tensor &v = run->find("node", "v")->data;
  auto every = static_cast<int64_t>(std::llround(tau / coarsest / dt));
  std::vector<double> values;
  for (int64_t n = every - 1; n < v.shape()[1]; n += every) {
    values.push_back(v.at(n));
  }
  return values;
}

static double rootMeanSquare(const std::vector<double> &a, const std::vector<double> &b) {
  EXPECT_EQ(a.size(), b.size());
  double sum = 0.0;
  for (size_t n = 0; n < a.size(); ++n) {
    sum += (a[n] - b[n]) * (a[n] - b[n]);
  }
  return std::sqrt(sum / static_cast<double>(a.size()));
}

/// The order that errors at halved steps show: the slope of the line through their logarithms.
static double order(const std::vector<double> &errors) {
  double count = static_cast<double>(errors.size()), x = 0, y = 0, xx = 0, xy = 0;
  for (size_t k = 0; k < errors.size(); ++k) {
    double at = -static_cast<double>(k), e = std::log2(errors[k]);
    x += at, y += e, xx += at * at, xy += at * e;
  }
  return (count * xy - x * y) / (count * xx - x * x);
}

static void expectOrderOne(const char *what, const std::vector<double> &errors) {
  double slope = order(errors);
  std::printf("%-52s order %.3f, error %.1e to %.1e\n", what, slope, errors.front(), errors.back());
  EXPECT_GT(slope, 0.9) << what;
  EXPECT_LT(slope, 1.1) << what;
}

// Thresholds that are not reached.
static const LIF lif{number(tau), number(1.5), number(0.1), number(100.0), {}};
static const CubaLIF cuba{number(0.4 * tau), number(tau), number(1.5), number(0.1),
                          number(100.0),     {},          {}};
static const CubaLIF equal{number(tau),   number(tau), number(1.5), number(0.1),
                           number(100.0), {},          {}};
struct Case {
  const char *name;
  Params params;
};
static const Case cases[] = {
    {"LIF", lif}, {"CubaLIF", cuba}, {"CubaLIF, tau_syn = tau_mem", equal}};

static double smooth(double t) { return 1.0 + std::sin(2 * M_PI * t / (3 * tau)); }
/// Another value in each tau/5, on the coarsest grid.
static double stairs(double t) {
  auto stair = static_cast<int>(std::floor(t / (tau / coarsest) + 1e-9));
  return std::cos(1.0 + 7.3 * stair);
}

static std::vector<double> errorsOf(const Params &neuron, Integrator integrator,
                                    const std::function<double(double)> &u,
                                    const std::vector<double> &want) {
  Graph graph = around(neuron, {1}, {1});
  std::vector<double> errors;
  double dt = tau / coarsest;
  for (int k = 0; k < refinements; ++k, dt /= 2) {
    Result<Recording> run =
        interpret(graph, stepsOf(dt, integrator), sampled(u, dt), {{{"node", "v"}}});
    errors.push_back(rootMeanSquare(membrane(run, dt), want));
  }
  return errors;
}

TEST(ConvergenceTest, SmoothInputIsOfOrderOne) {
  for (const Case &one : cases) {
    // Held inputs taken in the middle of steps err by the square of the step.
    double fine = tau / coarsest / 2048;
    std::vector<double> want =
        membrane(interpretEvents(around(one.params, {1}, {1}), stepsOf(fine, Integrator::Exact),
                                 sampled(smooth, fine, 0.5), {{{"node", "v"}}}),
                 fine);
    for (Integrator integrator : {Integrator::Euler, Integrator::ExpEuler, Integrator::Exact}) {
      std::string what = std::string(one.name) + ", smooth input, " + nameOf(integrator);
      expectOrderOne(what.c_str(), errorsOf(one.params, integrator, smooth, want));
    }
  }
}

TEST(ConvergenceTest, HeldInputIsExactUnderTheZeroOrderHold) {
  for (const Case &one : cases) {
    SCOPED_TRACE(one.name);
    Graph graph = around(one.params, {1}, {1});
    std::vector<double> want;
    double dt = tau / coarsest;
    for (int k = 0; k < refinements; ++k, dt /= 2) {
      // The event-driven solution itself does not depend on the grid.
      std::vector<double> got = membrane(interpretEvents(graph, stepsOf(dt, Integrator::Exact),
                                                         sampled(stairs, dt), {{{"node", "v"}}}),
                                         dt);
      want = k == 0 ? got : want;
      EXPECT_LT(rootMeanSquare(got, want), 1e-15) << dt;
    }
    for (double error : errorsOf(one.params, Integrator::Exact, stairs, want)) {
      EXPECT_LT(error, 1e-12);
    }
    expectOrderOne((std::string(one.name) + ", held input, euler").c_str(),
                   errorsOf(one.params, Integrator::Euler, stairs, want));
    std::vector<double> halves = errorsOf(one.params, Integrator::ExpEuler, stairs, want);
    if (std::get_if<LIF>(&one.params)) {
      EXPECT_LT(halves.front(), 1e-12); // one equation: the same rule
    } else {
      expectOrderOne((std::string(one.name) + ", held input, exp-euler").c_str(), halves);
    }
  }
}

/// 300 neurons of the type with thresholds of their own, under a constant input.
template <typename Neuron>
static Graph many(Neuron neuron) {
  constexpr int64_t count = 300;
  std::vector<double> thresholds;
  std::mt19937 random(3);
  for (int64_t n = 0; n < count; ++n) {
    thresholds.push_back(0.3 + 0.4 * static_cast<double>(random()) / 0x1p32);
  }
  neuron.v_threshold = vec(thresholds);
  return graphOf({{"in", input({1})},
                  {"all", Linear{array({count, 1}, std::vector<double>(count, 1.0))}},
                  {"node", neuron},
                  {"out", output({count})}},
                 {{"in", "all"}, {"all", "node"}, {"node", "out"}});
}

/// When each neuron first spikes. A step says no more than that it was in it: its end.
static std::vector<double> firstSpikes(const Recording &run) {
  const Tensor &spikes = run.find("out", "spikes")->data;
  int64_t steps = spikes.shape()[1], count = spikes.shape()[2];
  std::vector<double> first(static_cast<size_t>(count), horizon);
  for (int64_t at = steps * count; at-- > 0;) {
    if (spikes.at(at) != 0.0) {
      first[static_cast<size_t>(at % count)] = static_cast<double>(at / count + 1) * run.dtSeconds;
    }
  }
  return first;
}

TEST(ConvergenceTest, SpikeTimesAreOfOrderOne) {
  auto check = [](const char *name, const Graph &graph) {
    for (Integrator integrator : {Integrator::Euler, Integrator::ExpEuler, Integrator::Exact}) {
      std::vector<double> errors;
      double dt = tau / coarsest;
      for (int k = 0; k < refinements; ++k, dt /= 2) {
        Recording constant = sampled([](double) { return 1.0; }, dt);
        Result<Recording> exact = interpretEvents(graph, stepsOf(dt, integrator), constant);
        Result<Recording> steps = interpret(graph, stepsOf(dt, integrator), constant);
        ASSERT_TRUE(exact && steps);
        std::vector<double> want(300, horizon), got = firstSpikes(*steps);
        for (const Spike &spike : exact->findTimes("out")->spikes) {
          double &first = want[static_cast<size_t>(spike.neuron)];
          first = std::min(first, spike.seconds);
        }
        double sum = 0.0;
        for (size_t n = 0; n < want.size(); ++n) {
          ASSERT_LT(want[n], horizon);
          sum += std::abs(got[n] - want[n]);
          if (integrator == Integrator::Exact) { // as much as the step hides, and no more
            EXPECT_GE(got[n], want[n]);
            EXPECT_LE(got[n], want[n] + dt * (1 + 1e-9));
          }
        }
        errors.push_back(sum / static_cast<double>(want.size()));
      }
      std::string what = std::string(name) + ", time of the first spike, " + nameOf(integrator);
      expectOrderOne(what.c_str(), errors);
    }
  };
  check("LIF", many(lif));
  check("CubaLIF", many(cuba));
}

namespace {

/// How far a clocked run is from the exact one.
struct Distance {
  double seconds = 0.0; ///< between the spikes of neurons with as many in both, on average
  double alike = 0.0;   ///< share of the neurons with as many in both
};
} // namespace

static Tensor randomWeights(std::mt19937 &random, int64_t rows, int64_t columns, double scale) {
  std::vector<double> weights;
  for (int64_t n = 0; n < rows * columns; ++n) {
    weights.push_back(scale * (static_cast<double>(random()) / 0x1p31 - 0.6));
  }
  return array({rows, columns}, weights);
}

/// Two layers; a spike's weight grows as its dt shrinks, so that it stays the same charge.
static Distance twoLayers(unsigned seed, double dt) {
  std::mt19937 random(seed);
  Tensor first = randomWeights(random, 12, 1, 3.0);
  std::mt19937 second(seed + 1000);
  Graph graph = graphOf(
      {{"in", input({1})},
       {"w1", Linear{first}},
       {"a", LIF{number(tau), number(1.0), number(0.0), number(0.5), {}}},
       {"w2", Linear{randomWeights(second, 12, 12, 0.4 * tau / dt)}},
       {"b", CubaLIF{number(tau / 2), number(tau), number(1.0), number(0.0), number(0.2), {}, {}}},
       {"out", output({12})}},
      {{"in", "w1"}, {"w1", "a"}, {"a", "w2"}, {"w2", "b"}, {"b", "out"}});
  Recording drive = sampled([](double t) { return 1.0 + stairs(t); }, dt);
  Result<Recording> exact = interpretEvents(graph, stepsOf(dt, Integrator::Exact), drive);
  Result<Recording> steps = interpret(graph, stepsOf(dt, Integrator::Exact), drive);
  EXPECT_TRUE(exact && steps);
  std::vector<std::vector<double>> want(12), got(12);
  for (const Spike &spike : exact->findTimes("out")->spikes) {
    want[static_cast<size_t>(spike.neuron)].push_back(spike.seconds);
  }
  const Tensor &spikes = steps->find("out", "spikes")->data;
  for (int64_t at = 0; at < spikes.size(); ++at) {
    if (spikes.at(at) != 0.0) {
      got[static_cast<size_t>(at % 12)].push_back(static_cast<double>(at / 12 + 1) * dt);
    }
  }
  Distance distance;
  int compared = 0;
  for (size_t n = 0; n < 12; ++n) {
    if (want[n].size() != got[n].size()) {
      continue;
    }
    distance.alike += 1.0 / 12;
    for (size_t k = 0; k < want[n].size(); ++k, ++compared) {
      distance.seconds += std::abs(want[n][k] - got[n][k]);
    }
  }
  distance.seconds /= std::max(compared, 1);
  return distance;
}

TEST(ConvergenceTest, StepsOfARandomNetworkApproachIt) {
  std::vector<double> seconds, alike;
  for (double parts : {20.0, 80.0, 320.0, 1280.0}) {
    Distance mean;
    constexpr int networks = 25;
    for (unsigned seed = 0; seed < networks; ++seed) {
      Distance one = twoLayers(seed, tau / parts);
      mean.seconds += one.seconds / networks, mean.alike += one.alike / networks;
    }
    std::printf("dt = tau/%-4g: %5.1f %% of the neurons spike as often, %.1e s apart\n", parts,
                100 * mean.alike, mean.seconds);
    seconds.push_back(mean.seconds), alike.push_back(mean.alike);
  }
  for (size_t k = 1; k < seconds.size(); ++k) {
    EXPECT_LT(seconds[k], 0.5 * seconds[k - 1]);
    EXPECT_GT(alike[k], alike[k - 1]);
  }
  EXPECT_GT(alike.back(), 0.9);
}
