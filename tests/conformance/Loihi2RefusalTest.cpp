//===- Loihi2RefusalTest.cpp - what the chip has not, and the nearest -----===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each refusal beside what its note says runs. What options of a semantics decide is in
// tests/backends/loihi2/errors.test, biases and read-outs have files of their own.
//
//===----------------------------------------------------------------------===//

#include "tests/conformance/Loihi2Jobs.h"
#include "tests/support/Build.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nir;
using namespace nir::test;
using testing::HasSubstr;

namespace {

constexpr double dt = 1e-3;

/// Four neurons as [1, 2, 2] behind a kernel of one weight.
Graph kernelGraph(const std::vector<double> &r) {
  Conv2d conv;
  conv.input_shape = wholes({2, 2});
  conv.weight = array({1, 1, 1, 1}, {0.5});
  conv.stride = conv.dilation = wholes({1, 1});
  conv.padding = wholes({0, 0});
  conv.groups = whole(1);
  conv.bias = vec({0.0});
  auto all = [](double value) { return array({1, 2, 2}, std::vector<double>(4, value)); };
  return graphOf({{"in", input({1, 2, 2})},
                  {"w", conv},
                  {"cells", LIF{all(1e-2), array({1, 2, 2}, r), all(0.0), all(1.0), {}}},
                  {"out", output({1, 2, 2})}},
                 {{"in", "w"}, {"w", "cells"}, {"cells", "out"}});
}

TEST(Loihi2Refusals, NameGainsThatDifferWithinAChannel) {
  EXPECT_THAT(onChip(kernelGraph({5, 6, 7, 8}), dt),
              HasSubstr("of one sign that are the same for all neurons"));
  EXPECT_EQ(onChip(kernelGraph({5, 5, 5, 5}), dt), "");
}

Graph pairGraph(const Params &between, const Params &cells) {
  return graphOf({{"in", input({2})},
                  {"w", Linear{array({2, 2}, {1.0, -0.5, 0.25, 2.0})}},
                  {"between", between},
                  {"cells", cells},
                  {"out", output({2})}},
                 {{"in", "w"}, {"w", "between"}, {"between", "cells"}, {"cells", "out"}});
}

LIF pair(double tau, double leak = 0.0, double reset = 0.0) {
  auto both = [](double value) { return vec({value, value}); };
  return {both(tau), both(5.0), both(leak), both(1.0), both(reset)};
}

TEST(Loihi2Refusals, NameLongDelays) {
  auto late = [](double seconds) { return pairGraph(Delay{vec({0.0, seconds})}, pair(1e-2)); };
  EXPECT_THAT(onChip(late(0.1), dt), HasSubstr("take shorter Delays, or a larger --dt"));
  EXPECT_EQ(onChip(late(0.06), dt), "");
  EXPECT_EQ(onChip(late(0.1), 2 * dt), "");
}

/// Two neurons behind `matrices` of 5,000 columns each, of which so many have a weight.
Graph wideGraph(int matrices, int64_t weights) {
  constexpr int64_t columns = 5000;
  std::vector<double> values(2 * columns, 0.0);
  for (int64_t c = 0; c < weights; ++c) {
    values[c] = values[columns + c] = c % 2 ? 0.5 : -0.25;
  }
  Graph graph = graphOf({{"in", input({columns})}, {"cells", pair(1e-2)}, {"out", output({2})}},
                        {{"cells", "out"}});
  for (int i = 0; i < matrices; ++i) {
    std::string name = "w" + std::to_string(i);
    graph.nodes.push_back({name, Linear{array({2, columns}, values)}, {}});
    graph.edges.insert(graph.edges.end(), {{"in", name}, {name, "cells"}});
  }
  return graph;
}

// Of one matrix it is found before there are synapses, of two when they are put on cores.
TEST(Loihi2Refusals, NameNeuronsWithTooManySources) {
  for (int matrices : {1, 2}) {
    EXPECT_THAT(onChip(wideGraph(matrices, 4097), dt),
                HasSubstr("node 'cells': neuron 0 needs 4097 input axons, expected at most 4096, "
                          "which is a core\n"))
        << matrices;
  }
  EXPECT_EQ(onChip(wideGraph(1, 4096), dt), "");
}

TEST(Loihi2Refusals, NameTimeConstantsOfAtMostAStep) {
  for (double tau : {7e-4, 8e-4, 1e-3}) {
    Graph graph = graphOf({{"in", input({2})},
                           {"w", Linear{array({2, 2}, {1.0, -0.5, 0.25, 2.0})}},
                           {"cells", pair(tau)},
                           {"out", output({2})}},
                          {{"in", "w"}, {"w", "cells"}, {"cells", "out"}});
    EXPECT_THAT(onChip(graph, dt), HasSubstr("--dt")) << tau;
    EXPECT_EQ(onChip(graph, dt / 2), "") << tau;
  }
}

TEST(Loihi2Refusals, NameResetsToOtherThanZero) {
  Graph graph = pairGraph(Delay{vec({0.0, 0.0})}, pair(1e-2, 0.0, 0.2));
  Recording input = spikesFor(graph, dt, 80, 1);
  nirc::Job job = jobOf(graph, input, {});
  EXPECT_EQ(onChip(graph, job, input), "") << "the semantics ignores v_reset";
  job.semantics = *semanticsOf("loihi2,ignore=none");
  job.semantics.dtSeconds = dt;
  EXPECT_THAT(onChip(graph, job, input), HasSubstr("note: --ignore v_reset"));
}

/// The second layer would have to wait for step 2.
TEST(Loihi2Refusals, NameLeaksThatWait) {
  auto layers = [](double leak) {
    Linear weights{array({2, 2}, {1.0, 0.5, 0.25, 2.0})};
    return graphOf({{"in", input({2})},
                    {"w", weights},
                    {"cells", pair(1e-2, 0.3)},
                    {"x", weights},
                    {"last", pair(1e-2, leak)},
                    {"out", output({2})}},
                   {{"in", "w"}, {"w", "cells"}, {"cells", "x"}, {"x", "last"}, {"last", "out"}});
  };
  Graph leaks = layers(0.3), rests = layers(0.0);
  Recording input = spikesFor(leaks, dt, 80, 1);
  nirc::Job job = jobOf(leaks, input, {});
  EXPECT_EQ(onChip(leaks, job, input), "");
  job.balanceLatency = true;
  EXPECT_THAT(onChip(leaks, job, input), HasSubstr("leave out --balance-latency"));
  job.graph = &rests;
  EXPECT_EQ(onChip(rests, job, input), "");
}

TEST(Loihi2Refusals, NameNodesWithoutAState) {
  Graph graph = pairGraph(Threshold{vec({0.5, 0.5})}, pair(1e-2));
  EXPECT_THAT(onChip(graph, dt), HasSubstr("node 'between': has the states []"));
}

} // namespace
