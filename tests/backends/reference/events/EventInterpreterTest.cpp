//===- EventInterpreterTest.cpp - runs without steps ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/reference/events/EventInterpreter.h"
#include "tests/support/Build.h"
#include "tests/support/RandomGraph.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

using namespace nir;
using namespace nir::test;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::IsEmpty;

static constexpr double dt = 1e-3;

static Semantics withReset(Reset reset, double dtSeconds = dt) {
  return {dtSeconds, Integrator::Euler, reset};
}

/// Drives the one element of "in".
static Recording drive(const std::vector<double> &values) {
  return {
      dt,
      {{"in", "value", Tensor::of<double>({1, static_cast<int64_t>(values.size()), 1}, values)}}};
}

static Recording run(const Graph &graph, const std::vector<double> &values,
                     const std::vector<Probe> &probes = {}, Reset reset = Reset::ToValue) {
  Result<Recording> result = interpretEvents(graph, withReset(reset), drive(values), {probes});
  EXPECT_TRUE(result) << result.error().str();
  return result ? std::move(*result) : Recording{};
}

static std::vector<double> numbers(const Recording &recording, const char *node,
                                   const char *observable) {
  const Trace *trace = recording.find(node, observable);
  EXPECT_NE(trace, nullptr) << node << " " << observable;
  return trace ? trace->data.toDoubles() : std::vector<double>();
}

static std::vector<double> times(const Recording &recording, const char *node = "out") {
  const SpikeTimes *found = recording.findTimes(node);
  EXPECT_NE(found, nullptr) << node;
  std::vector<double> seconds;
  for (const Spike &spike : found ? found->spikes : std::vector<Spike>()) {
    seconds.push_back(spike.seconds);
  }
  return seconds;
}

static Linear weight(double w) { return {array({1, 1}, {w})}; }
static Affine affine(double w, double b) { return {array({1, 1}, {w}), vec({b})}; }
static LIF lif(double tau, double threshold) {
  return {vec({tau}), vec({1.0}), vec({0.0}), vec({threshold}), {}};
}
/// Sends a spike at the start of each step in which its input is 1.
static IF relay() { return {vec({1.0}), vec({0.5}), {}}; }

TEST(EventInterpreterTest, ASpikeHasItsTime) {
  // v = 2 (1 - e^(-t/tau)) is 1 at tau ln 2 = 2.77 dt, and again as long after.
  Recording result = run(around(lif(4 * dt, 1.0), {1}, {1}), {2, 2, 2, 2, 2, 2}, {{"node", "v"}});
  double first = 4 * dt * std::log(2.0);
  EXPECT_THAT(times(result), ElementsAre(DoubleNear(first, 1e-18), DoubleNear(2 * first, 2e-18)));
  EXPECT_THAT(numbers(result, "out", "spikes"), ElementsAre(0, 0, 1, 0, 0, 1));
  EXPECT_EQ(result.find("out", "spikes")->data.dtype(), DType::I32);
  std::vector<double> v = numbers(result, "node", "v");
  EXPECT_NEAR(v[0], 2 * -std::expm1(-0.25), 1e-16);
  EXPECT_NEAR(v[2], 2 * -std::expm1(-(3 * dt - first) / (4 * dt)), 1e-15);
  const SpikeTimes *node = result.findTimes("out");
  EXPECT_EQ(node->neurons, 1);
  EXPECT_EQ(node->batch, 1);
  EXPECT_DOUBLE_EQ(node->endSeconds, 6 * dt);
}

TEST(EventInterpreterTest, TheResetLeavesNothingBehind) {
  // Reset from a crossing: both rules end at v_reset, whatever the step.
  LIF neuron{vec({4 * dt}), vec({1.0}), vec({0.0}), vec({1.0}), vec({0.25})};
  std::vector<double> drive(20, 2.0);
  EXPECT_EQ(times(run(around(neuron, {1}, {1}), drive)),
            times(run(around(neuron, {1}, {1}), drive, {}, Reset::Subtract)));
  // From an impulse the rules differ: 3.5 over a threshold of 1 is three spikes under subtract.
  Graph graph = around(IF{vec({1.0}), vec({1.0}), {}}, {1}, {1});
  EXPECT_THAT(numbers(run(graph, {3.5, 0.5, 0.6}), "out", "spikes"), ElementsAre(1, 0, 1));
  Recording result = run(graph, {3.5, 0.5, 0.6}, {{"node", "v"}}, Reset::Subtract);
  EXPECT_THAT(numbers(result, "out", "spikes"), ElementsAre(3, 0, 1));
  EXPECT_THAT(numbers(result, "node", "v"), ElementsAre(0.5, 1.0, DoubleNear(0.6, 1e-15)));
  EXPECT_THAT(times(result), ElementsAre(0.0, 0.0, 0.0, 2 * dt));
}

TEST(EventInterpreterTest, VStartsWhereTheSemanticsSays) {
  auto vOf = [](const LIF &neuron, Start start) {
    Semantics semantics = withReset(Reset::ToValue);
    semantics[Family::LIF].start = start;
    Result<Recording> result =
        interpretEvents(around(neuron, {1}, {1}), semantics, drive({0, 0}), {{{"node", "v"}}});
    EXPECT_TRUE(result) << result.error().str();
    return result ? numbers(*result, "node", "v") : std::vector<double>();
  };
  // Without input v goes to v_leak, and is e^(-t/tau) of its distance away after t.
  LIF neuron{vec({4 * dt}), vec({1.0}), vec({0.25}), vec({1.0}), vec({0.75})};
  EXPECT_THAT(vOf(neuron, Start::VLeak), ElementsAre(0.25, 0.25));
  EXPECT_THAT(vOf(neuron, Start::VReset),
              ElementsAre(DoubleNear(0.25 + 0.5 * std::exp(-0.25), 1e-15),
                          DoubleNear(0.25 + 0.5 * std::exp(-0.5), 1e-15)));
}

TEST(EventInterpreterTest, SpikesThatStepsMiss) {
  // Up and down again within one step: an impulse of current through a fast synapse.
  CubaLIF neuron{vec({0.05 * dt}), vec({0.1 * dt}), vec({1.0}), vec({0.0}), vec({0.6}), {}, {}};
  Graph graph = graphOf({{"in", input({1})},
                         {"w", weight(3.0)},
                         {"back", Delay{vec({0.2 * dt})}},
                         {"minus", weight(-4.0)},
                         {"node", neuron},
                         {"out", output({1})}},
                        {{"in", "w"},
                         {"w", "node"},
                         {"w", "back"},
                         {"back", "minus"},
                         {"minus", "node"},
                         {"node", "out"}});
  std::vector<double> pulse{0, 1, 0, 0};
  std::vector<double> at = times(run(graph, pulse));
  ASSERT_FALSE(at.empty());
  EXPECT_GT(at[0], dt);
  EXPECT_LT(at[0], 1.2 * dt);
  Semantics steps(dt, Integrator::Exact);
  Result<Recording> clocked = interpret(graph, steps, drive(pulse));
  ASSERT_TRUE(clocked);
  EXPECT_THAT(numbers(*clocked, "out", "spikes"), testing::Each(0.0));
}

TEST(EventInterpreterTest, ASpikeIsHeldForOneDtOrIsAnImpulse) {
  // The LIF fires at tau ln 6 = 0.72 of the first step, at whose end the input ends.
  LI reader{vec({1.0}), vec({1e3}), vec({0.0})};
  Graph graph = graphOf({{"in", input({1})},
                         {"lif", lif(0.4 * dt, 1.0)},
                         {"li", reader},
                         {"i", I{vec({3.0})}},
                         {"w", affine(2.0, 0.25)},
                         {"w2", affine(2.0, 0.25)},
                         {"out", output({1})},
                         {"out2", output({1})},
                         {"out3", output({1})}},
                        {{"in", "lif"},
                         {"lif", "w"},
                         {"w", "i"},
                         {"lif", "w2"},
                         {"w2", "li"},
                         {"li", "out"},
                         {"i", "out2"},
                         {"lif", "out3"}});
  Recording result = run(graph, {1.2, 0, 0, 0}, {{"w", "value"}});
  double spike = -0.4 * dt * std::log1p(-1 / 1.2);
  EXPECT_THAT(times(result, "out3"), ElementsAre(DoubleNear(spike, 1e-18)));
  // 3 (2 · 1 + 0.25), then only the bias, once a step.
  EXPECT_THAT(numbers(result, "out2", "value"), ElementsAre(6.75, 7.5, 8.25, 9.0));
  // tau = 1 s, r = 1000: v is the integral of the current, to 1e-3.
  std::vector<double> v = numbers(result, "out", "value");
  EXPECT_NEAR(v[0], 0.25 + 2 * (1 - spike / dt), 3e-3);
  EXPECT_NEAR(v[1], 2.5, 6e-3);
  EXPECT_NEAR(v[2], 2.75, 8e-3);
  EXPECT_THAT(numbers(result, "w", "value"), ElementsAre(2.25, 0.25, 0.25, 0.25));
}

TEST(EventInterpreterTest, ABiasActsOnceAStep) {
  // Not again with the spikes that come at the start of the step, and neither does the input.
  Graph graph = graphOf({{"in", input({1})},
                         {"if", relay()},
                         {"w", affine(2.0, 0.25)},
                         {"i", I{vec({1.0})}},
                         {"out", output({1})}},
                        {{"in", "if"}, {"if", "w"}, {"in", "w"}, {"w", "i"}, {"i", "out"}});
  EXPECT_THAT(numbers(run(graph, {0, 1, 0}), "out", "value"), ElementsAre(0.25, 4.5, 4.75));
}

TEST(EventInterpreterTest, ADelayIsNotRounded) {
  Graph graph = graphOf({{"in", input({2})},
                         {"if", IF{number(1.0), number(0.5), {}}},
                         {"late", Delay{vec({0.3 * dt, 2.5 * dt})}},
                         {"out", output({2})}},
                        {{"in", "if"}, {"if", "late"}, {"late", "out"}});
  Recording input{dt,
                  {{"in", "value", Tensor::of<double>({1, 5, 2}, {1, 1, 0, 0, 1, 0, 0, 0, 0, 0})}}};
  Result<Recording> result = interpretEvents(graph, withReset(Reset::ToValue), input);
  ASSERT_TRUE(result) << result.error().str();
  EXPECT_THAT(times(*result), ElementsAre(DoubleNear(0.3 * dt, 1e-18), DoubleNear(2.3 * dt, 1e-18),
                                          DoubleNear(2.5 * dt, 1e-18)));
  EXPECT_THAT(numbers(*result, "out", "spikes"), ElementsAre(1, 0, 0, 0, 1, 1, 0, 0, 0, 0));
  EXPECT_EQ(result->findTimes("out")->spikes[2].neuron, 1);
}

TEST(EventInterpreterTest, ADelayOfZeroDelaysNothing) {
  Graph graph = graphOf({{"in", input({2})},
                         {"late", Delay{vec({0.0, 1.5 * dt})}},
                         {"if", IF{number(1.0), number(0.5), {}}},
                         {"out", output({2})}},
                        {{"in", "late"}, {"late", "if"}, {"if", "out"}});
  Recording input{dt, {{"in", "value", Tensor::of<double>({1, 3, 2}, {1, 1, 0, 0, 0, 0})}}};
  Result<Recording> result =
      interpretEvents(graph, withReset(Reset::ToValue), input, {{{"late", "value"}}});
  ASSERT_TRUE(result) << result.error().str();
  EXPECT_THAT(times(*result), ElementsAre(0.0, DoubleNear(1.5 * dt, 1e-18)));
  EXPECT_THAT(numbers(*result, "late", "value"), ElementsAre(1, 0, 0, 1, 0, 0));
}

TEST(EventInterpreterTest, DelaysOfWholeStepsMeetTheInput) {
  // +1 from the input and -1 from the delay come at one time: their sum is what v sees. With the
  // delay a bit early or late the neuron would be pushed above or below between them.
  for (int steps : {3, 6, 7, 9, 600}) {
    Graph graph =
        graphOf({{"in", input({1})},
                 {"late", Delay{vec({steps * 1e-3})}},
                 {"minus", weight(-1.0)},
                 {"if", IF{vec({1.0}), vec({0.5}), {}}},
                 {"out", output({1})}},
                {{"in", "if"}, {"in", "late"}, {"late", "minus"}, {"minus", "if"}, {"if", "out"}});
    std::vector<double> values(static_cast<size_t>(2 * steps), 0.0);
    values[0] = 0.25, values[static_cast<size_t>(steps)] = 0.35;
    EXPECT_THAT(times(run(graph, values)), IsEmpty()) << steps;
    values[static_cast<size_t>(steps)] = 1.1;
    EXPECT_THAT(times(run(graph, values)), ElementsAre(DoubleNear(steps * dt, 1e-12))) << steps;
  }
}

TEST(EventInterpreterTest, ARecurrentLayerOscillatesAtItsDelay) {
  Graph graph = graphOf(
      {{"in", input({1})}, {"if", relay()}, {"back", Delay{vec({0.7 * dt})}}, {"out", output({1})}},
      {{"in", "if"}, {"if", "back"}, {"back", "if"}, {"if", "out"}});
  Recording result = run(graph, {1, 0, 0, 0});
  EXPECT_THAT(times(result), ElementsAre(0.0, DoubleNear(0.7 * dt, 1e-17),
                                         DoubleNear(1.4 * dt, 1e-17), DoubleNear(2.1 * dt, 1e-17),
                                         DoubleNear(2.8 * dt, 1e-17), DoubleNear(3.5 * dt, 1e-17)));
  EXPECT_THAT(numbers(result, "out", "spikes"), ElementsAre(2, 1, 2, 1));
}

TEST(EventInterpreterTest, MutualInhibitionByPulses) {
  // Two LIF of equal drive cross at one time, both fire, and then hold each other down for a dt.
  Graph graph = graphOf(
      {{"in", input({1})},
       {"spread", Linear{array({2, 1}, {1, 1})}},
       {"lif", LIF{number(2 * dt), number(1.0), number(0.0), number(1.0), {}}},
       {"cross", Linear{array({2, 2}, {0, -5, -5, 0})}},
       {"out", output({2})}},
      {{"in", "spread"}, {"spread", "lif"}, {"lif", "cross"}, {"cross", "lif"}, {"lif", "out"}});
  Recording result = run(graph, {2, 2, 2, 2, 2, 2}, {{"lif", "v"}});
  double first = 2 * dt * std::log(2.0);
  const std::vector<Spike> &spikes = result.findTimes("out")->spikes;
  ASSERT_GE(spikes.size(), 2u);
  EXPECT_EQ(spikes[0].neuron, 0);
  EXPECT_EQ(spikes[1].neuron, 1);
  EXPECT_EQ(spikes[0].seconds, spikes[1].seconds);
  EXPECT_NEAR(spikes[0].seconds, first, 1e-18);
  // -3 (1 - e^(-1/2)) at first + dt, then up to 1: 2 - (2 + 3 (1 - e^(-1/2))) e^(-s/tau) = 1
  double second = first + dt + 2 * dt * std::log(2 + 3 * -std::expm1(-0.5));
  ASSERT_EQ(spikes.size(), 4u);
  EXPECT_NEAR(spikes[2].seconds, second, 1e-17);
}

TEST(EventInterpreterTest, ANeuronAboveItsThresholdFromTheStart) {
  IF neuron{vec({1.0}), vec({-0.5}), vec({-1.0})};
  EXPECT_THAT(times(run(around(neuron, {1}, {1}), {0, 0})), ElementsAre(0.0));
  EXPECT_THAT(times(run(around(neuron, {1}, {1}), {-0.75, 0.5})), ElementsAre(dt));
}

TEST(EventInterpreterTest, CascadesEnd) {
  // One instant: a fires, which fires b, which fires nothing.
  Graph chain = graphOf({{"in", input({1})}, {"a", relay()}, {"b", relay()}, {"out", output({1})}},
                        {{"in", "a"}, {"a", "b"}, {"b", "out"}});
  EXPECT_THAT(times(run(chain, {0, 1, 0})), ElementsAre(dt));
  // b fires a again, at the same time, and so on.
  Graph loop = chain;
  loop.edges.push_back({"b", "a"});
  Result<Recording> result = interpretEvents(loop, withReset(Reset::ToValue), drive({0, 1, 0}));
  ASSERT_FALSE(result);
  EXPECT_EQ(
      result.error().str(),
      "error: node 'a': neuron 0 spikes more than 1000 times between 0.001 s and 0.002 s, "
      "expected events that let time pass\nnote: spikes without an end come of a v_reset at "
      "or above v_threshold, and of a loop of I and IF that nothing delays; take a smaller dt "
      "where the rate is meant");
  // So it is with a reset above the threshold, and with one at it.
  for (double reset : {0.5, 0.6}) {
    LIF neuron{vec({dt}), vec({1.0}), vec({0.0}), vec({0.5}), vec({reset})};
    EXPECT_FALSE(
        interpretEvents(around(neuron, {1}, {1}), withReset(Reset::ToValue), drive({2, 2})));
  }
}

TEST(EventInterpreterTest, RefusesWhatChangesAllTheTime) {
  Graph graph = graphOf({{"in", input({1})},
                         {"li", LI{vec({dt}), vec({1.0}), vec({0.0})}},
                         {"w", weight(1.0)},
                         {"lif", lif(dt, 1.0)},
                         {"out", output({1})}},
                        {{"in", "li"}, {"li", "w"}, {"w", "lif"}, {"lif", "out"}});
  Result<EventInterpreter> interpreter = EventInterpreter::create(graph, withReset(Reset::ToValue));
  ASSERT_FALSE(interpreter);
  EXPECT_EQ(interpreter.error().str(),
            "error: node 'li': its v, which changes all the time, drives 'lif', expected that only "
            "Outputs read it under the exact semantics\nnote: take a semantics that goes step by "
            "step: --integrator exp-euler");
  graph.nodes[3].params = Delay{vec({dt})};
  EXPECT_FALSE(EventInterpreter::create(graph, withReset(Reset::ToValue)));
  graph.nodes[3].params = Threshold{vec({1.0})};
  interpreter = EventInterpreter::create(graph, withReset(Reset::ToValue));
  ASSERT_FALSE(interpreter);
  EXPECT_EQ(interpreter.error().str(),
            "error: node 'lif': found a Threshold, expected none under the exact semantics: its "
            "output has no times to be a spike at\nnote: take a semantics that goes step by step: "
            "--integrator exp-euler");
  graph.nodes[3].params = weight(2.0); // to an Output it may go
  Recording result = run(graph, {1, 1}, {{"li", "v"}});
  EXPECT_THAT(numbers(result, "out", "value"),
              ElementsAre(DoubleNear(2 * -std::expm1(-1.0), 1e-15),
                          DoubleNear(2 * -std::expm1(-2.0), 1e-15)));
}

TEST(EventInterpreterTest, RefusesWhatItCannotReckonWith) {
  EXPECT_FALSE(
      EventInterpreter::create(around(lif(dt, 1.0), {1}, {1}), withReset(Reset::ToValue, 0.0)));
  EXPECT_FALSE(
      EventInterpreter::create(around(lif(1e-320, 1.0), {1}, {1}), withReset(Reset::ToValue)));
  Graph graph = graphOf(
      {{"in", input({1})}, {"sum", weight(1.0)}, {"back", Delay{vec({0.0})}}, {"out", output({1})}},
      {{"in", "sum"}, {"back", "sum"}, {"sum", "back"}, {"sum", "out"}});
  Result<EventInterpreter> interpreter = EventInterpreter::create(graph, withReset(Reset::ToValue));
  ASSERT_FALSE(interpreter);
  EXPECT_EQ(interpreter.error().str(),
            "error: node 'back': a delay is 0, expected a positive number, as "
            "the loop 'sum' → 'back' → 'sum' holds no other state");
  // Positive, but far too short to go round for as long as a step.
  graph.nodes[2].params = Delay{vec({1e-12})};
  Result<Recording> result = interpretEvents(graph, withReset(Reset::ToValue), drive({1, 1}));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().node, "back");
}

TEST(EventInterpreterTest, ALongSilenceCostsNoAccuracy) {
  // One kick at the start, a spike after 10,000 steps without an event.
  CubaLIF neuron{vec({3.0}), vec({5.0}), vec({1.0}), vec({0.0}), vec({0.9}), {}, {}};
  Graph graph = around(neuron, {1}, {1});
  std::vector<double> held(20000, 2.0);
  double seconds = times(run(graph, held)).at(0);
  // v = 2 (1 - e^(-t/5)) - 2 · 3/(3 - 5) (e^(-t/3) - e^(-t/5)) by bisection in long double
  long double low = 0, high = 20;
  for (int round = 0; round < 100; ++round) {
    long double t = (low + high) / 2, em = std::exp(-t / 5), es = std::exp(-t / 3);
    (2 * (1 - em) + 3 * (es - em) < 0.9L ? low : high) = t;
  }
  EXPECT_GT(seconds, 3.0);
  EXPECT_NEAR(seconds, static_cast<double>(low), 2e-15);
}

TEST(EventInterpreterTest, SamplesStartFromSilence) {
  Graph graph = graphOf({{"in", input({1})},
                         {"lif", lif(3 * dt, 0.4)},
                         {"late", Delay{vec({2.4 * dt})}},
                         {"out", output({1})}},
                        {{"in", "lif"}, {"lif", "late"}, {"late", "lif"}, {"lif", "out"}});
  std::vector<double> twice{1, 1, 0, 0, 1, 1, 1, 1, 0, 0, 1, 1};
  Recording input{dt, {{"in", "value", Tensor::of<double>({2, 6, 1}, twice)}}};
  std::vector<int64_t> done;
  InterpretOptions options;
  options.progress = [&](int64_t at, int64_t) { done.push_back(at); };
  Result<Recording> result = interpretEvents(graph, withReset(Reset::ToValue), input, options);
  ASSERT_TRUE(result) << result.error().str();
  EXPECT_EQ(done.size(), 12u);
  std::vector<Spike> first, second;
  for (Spike spike : result->findTimes("out")->spikes) {
    (spike.sample ? second : first).push_back(spike);
    (spike.sample ? second : first).back().sample = 0;
  }
  EXPECT_FALSE(first.empty());
  EXPECT_EQ(first, second);
}

TEST(EventInterpreterTest, CountsOfTheTheory) {
  // An IF that gains 0.037 a step, 200,000 steps: 7,400 spikes but for what a reset throws away.
  Graph graph = around(IF{vec({0.037}), vec({1.0}), {}}, {1}, {1});
  std::vector<double> ones(200000, 1.0);
  EXPECT_EQ(times(run(graph, ones)).size(), 7142u);
  EXPECT_NEAR(static_cast<double>(times(run(graph, ones, {}, Reset::Subtract)).size()), 7400, 1);

  // A LIF that goes to three times its threshold, 1,000 tau in steps of 0.05 tau: a spike every
  // tau ln(3/2). Steps lose 9.9 % with a reset to a value and 1.7 % with a subtraction.
  Graph leaky = around(lif(20 * dt, 1.0), {1}, {1});
  std::vector<double> threes(20000, 3.0);
  auto exact = static_cast<double>(times(run(leaky, threes)).size());
  EXPECT_EQ(exact, std::floor(1000 / std::log(1.5)));
  for (auto [reset, loss] : {std::pair(Reset::ToValue, -9.9), std::pair(Reset::Subtract, -1.7)}) {
    Semantics steps(dt, Integrator::ExpEuler, reset);
    Result<Recording> clocked = interpret(leaky, steps, drive(threes));
    ASSERT_TRUE(clocked);
    double count = 0;
    for (double s : numbers(*clocked, "out", "spikes")) {
      count += s;
    }
    EXPECT_NEAR(100 * (count / exact - 1), loss, 0.06);
  }
}

static std::string referenceData() {
  const char *folder = std::getenv("NIRC_REFERENCE_DATA");
  return folder ? folder : NIRC_REFERENCE_DATA;
}

TEST(EventInterpreterTest, TheNeuronOfTheNirPaper) {
  std::ifstream file(referenceData() + "/nir-paper/traces/lif_norse.csv");
  if (!file) {
    GTEST_SKIP() << "no reference data at " << referenceData();
  }
  std::vector<double> values;
  for (std::string line; std::getline(file, line);) {
    values.push_back(std::stod(line));
  }
  ASSERT_EQ(values.size(), 1000u);
  auto f32 = [](float value) { return Tensor::vector<float>({value}); };
  Graph graph = graphOf({{"in", input({1})},
                         {"0", Affine{Tensor::of<float>({1, 1}, {1.0f}), f32(0.0f)}},
                         {"1", LIF{f32(0.0025f), f32(1.0f), f32(0.0f), f32(0.1f), {}}},
                         {"out", output({1})}},
                        {{"in", "0"}, {"0", "1"}, {"1", "out"}});
  for (Reset reset : {Reset::Subtract, Reset::ToValue}) {
    Result<Recording> result = interpretEvents(graph, withReset(reset, 1e-4), drive(values));
    ASSERT_TRUE(result) << result.error().str();
    std::vector<int> at;
    for (double seconds : times(*result)) {
      at.push_back(static_cast<int>(std::floor(seconds / 1e-4)));
    }
    EXPECT_THAT(at, ElementsAre(460, 510, 710, 760));
  }
}
