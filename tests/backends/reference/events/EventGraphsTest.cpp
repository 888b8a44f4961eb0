//===- EventGraphsTest.cpp - random graphs, event by event ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/reference/events/EventInterpreter.h"
#include "ir/graph/FlatGraph.h"
#include "tests/support/Build.h"
#include "tests/support/Describe.h"
#include "tests/support/RandomGraph.h"

#include <cmath>
#include <gtest/gtest.h>
#include <map>
#include <random>
#include <tuple>

using namespace nir;
using namespace nir::test;

/// The times add up to what the grid counts, and are in order.
static void expectTimesMatchCounts(const Recording &run, uint64_t seed) {
  for (const SpikeTimes &times : run.times) {
    const Tensor &counts = run.find(times.node, "spikes")->data;
    int64_t steps = counts.shape()[1];
    std::map<int64_t, double> sum;
    for (size_t k = 0; k < times.spikes.size(); ++k) {
      const Spike &spike = times.spikes[k];
      auto step = static_cast<int64_t>(std::floor(spike.seconds / run.dtSeconds + 1e-9));
      ASSERT_LT(step, steps) << "seed " << seed;
      ++sum[(spike.sample * steps + step) * times.neurons + spike.neuron];
      if (k > 0) {
        const Spike &before = times.spikes[k - 1];
        EXPECT_LE(std::tie(before.sample, before.seconds, before.neuron),
                  std::tie(spike.sample, spike.seconds, spike.neuron));
      }
    }
    for (int64_t at = 0; at < counts.size(); ++at) {
      auto found = sum.find(at);
      EXPECT_EQ(counts.at(at), found == sum.end() ? 0.0 : found->second)
          << "seed " << seed << ", " << times.node;
    }
  }
}

/// Everything that can be recorded of a graph without refused nodes.
static std::vector<Probe> allProbes(const Graph &graph) {
  std::vector<Diagnostic> none;
  FlatGraph flat = FlatGraph::of(graph, none);
  std::vector<Probe> probes;
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    const Node &node = *flat.nodes[i].node;
    bool fires = node.as<IF>() || node.as<LIF>() || node.as<CubaLIF>();
    std::string path = flat.path(static_cast<int32_t>(i));
    probes.push_back({path, fires ? "spikes" : "value"});
    if (fires) {
      probes.push_back({path, "v"});
    }
  }
  return probes;
}

TEST(EventGraphsTest, RandomGraphsRunOrAreRefusedByName) {
  int ran = 0, refused = 0;
  int64_t spikes = 0;
  for (uint64_t seed = 0; seed < 400; ++seed) {
    Graph graph = randomGraph(seed, {.maxNodes = seed % 2 ? 8 : 25});
    Semantics semantics(randomSemantics().dtSeconds, Integrator::Euler,
                        seed % 3 ? Reset::ToValue : Reset::Subtract);
    Result<EventInterpreter> interpreter = EventInterpreter::create(graph, semantics);
    if (!interpreter) {
      EXPECT_NE(interpreter.error().node, "") << interpreter.error().str();
      ++refused;
      continue;
    }
    Recording input = randomInput(graph, seed, 30, 2);
    InterpretOptions options{allProbes(graph)};
    Result<Recording> run = interpreter->run(input, options),
                      again = interpreter->run(input, options);
    if (!run) { // a cascade without an end
      EXPECT_NE(run.error().message.find("more than 1000"), std::string::npos) << run.error().str();
      EXPECT_NE(run.error().node, "");
      ++refused;
      continue;
    }
    ++ran;
    ASSERT_TRUE(again);
    for (size_t i = 0; i < run->traces.size(); ++i) {
      EXPECT_TRUE(run->traces[i].data == again->traces[i].data) << "seed " << seed;
      for (double x : run->traces[i].data.toDoubles()) {
        ASSERT_TRUE(std::isfinite(x)) << "seed " << seed << "\n" << describe(graph);
      }
    }
    for (size_t i = 0; i < run->times.size(); ++i) {
      EXPECT_EQ(run->times[i].spikes, again->times[i].spikes);
      spikes += static_cast<int64_t>(run->times[i].spikes.size());
    }
    expectTimesMatchCounts(*run, seed);
  }
  std::printf("%d ran, with %lld spikes; %d were refused\n", ran, static_cast<long long>(spikes),
              refused);
  EXPECT_GE(ran, 40);
  EXPECT_GE(refused, 40);
  EXPECT_GE(spikes, 1000);
}

/// Layers of IF: all happens at the starts of steps, and both ways to run are the same sums.
TEST(EventGraphsTest, LayersOfImpulsesAreTheClockedOnes) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    std::mt19937 random(seed);
    auto weights = [&](int64_t rows, int64_t columns) {
      std::vector<double> values;
      for (int64_t n = 0; n < rows * columns; ++n) {
        values.push_back(static_cast<double>(random() % 64) / 32 - 0.5); // sums are exact
      }
      return Linear{array({rows, columns}, values)};
    };
    Graph graph = graphOf(
        {{"in", input({4})},
         {"w1", weights(6, 4)},
         {"a", IF{number(1.0), number(1.0), {}}},
         {"w2", weights(5, 6)},
         {"late", Delay{vec(std::vector<double>(5, 2e-3))}},
         {"b", IF{number(0.5), number(0.75), {}}},
         {"out", output({5})}},
        {{"in", "w1"}, {"w1", "a"}, {"a", "w2"}, {"w2", "late"}, {"late", "b"}, {"b", "out"}});
    Recording input = randomInput(graph, seed, 50);
    for (Trace &trace : input.traces) { // to sixteenths
      std::vector<double> values = trace.data.toDoubles();
      for (double &x : values) {
        x = std::round(16 * x) / 16;
      }
      trace.data = Tensor::of(trace.data.shape(), values);
    }
    Result<Recording> exact =
        interpretEvents(graph, randomSemantics(), input, {{{"a", "v"}, {"b", "v"}}});
    Result<Recording> steps =
        interpret(graph, randomSemantics(), input, {{{"a", "v"}, {"b", "v"}}});
    ASSERT_TRUE(exact && steps);
    for (size_t i = 0; i < steps->traces.size(); ++i) {
      EXPECT_EQ(exact->traces[i].data.toDoubles(), steps->traces[i].data.toDoubles())
          << "seed " << seed << ", " << steps->traces[i].node;
    }
    expectTimesMatchCounts(*exact, seed);
  }
}
