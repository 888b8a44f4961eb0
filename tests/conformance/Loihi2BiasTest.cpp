//===- Loihi2BiasTest.cpp - biases that the chip has no place for ---------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/image/Image.h"
#include "tests/conformance/Loihi2Jobs.h"
#include "tests/support/Build.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nir;
using namespace nir::test;

namespace {

/// Two neurons behind an Affine, and a Delay where `late` seconds are not 0.
Graph biasedGraph(const Params &cells, const std::vector<double> &bias, double late = 0.0) {
  Graph graph = graphOf({{"in", input({2})},
                         {"w", Affine{array({2, 2}, {1.0, -0.5, 0.25, 2.0}), vec(bias)}},
                         {"cells", cells},
                         {"out", output({2})}},
                        {{"in", "w"}, {"cells", "out"}});
  if (late > 0.0) {
    graph.nodes.push_back({"late", Delay{vec({late, late})}, {}});
    graph.edges.push_back({"w", "late"});
  }
  graph.edges.push_back({late > 0.0 ? "late" : "w", "cells"});
  return graph;
}

CubaLIF pairWithCurrents(double tauSyn) {
  CubaLIF cells;
  cells.tau_syn = vec({tauSyn, 2 * tauSyn});
  cells.tau_mem = vec({5e-3, 2e-2});
  cells.r = vec({1.0, 1.0});
  cells.v_leak = vec({0.0, 0.0});
  cells.v_threshold = vec({1.0, 1.5});
  cells.w_in = vec({1.0, 1.0});
  return cells;
}

TEST(Loihi2Biases, ActOnCurrentsFromTheFirstStep) {
  for (double late : {0.0, 1e-3, 5e-3}) {
    for (std::vector<double> bias :
         {std::vector<double>{1.0, -3.0}, {0.01, 0.0}, {200.0, -700.0}}) {
      EXPECT_EQ(onChip(biasedGraph(pairWithCurrents(3e-3), bias, late), 1e-3), "")
          << bias[0] << " after " << late;
    }
  }
}

/// They are no node's: nothing of them is recorded, and their name is none of the graph.
TEST(Loihi2Biases, ComeFromNeuronsOfTheirOwn) {
  Graph graph = biasedGraph(pairWithCurrents(3e-3), {1.0, -3.0});
  nirc::Job job = jobOf(graph, spikesFor(graph, 1e-3, 80, 1), {{"cells", "spikes"}});
  for (const char *name : {"biases", "biases_"}) {
    Result<nirc::Artifact> artifact = (*nirc::findTarget("loihi2"))->emit(job, {});
    ASSERT_TRUE(artifact) << artifact.error().str();
    Result<nirc::loihi2::Image> image = nirc::loihi2::readImage(artifact->files[0].bytes);
    ASSERT_TRUE(image) << image.error().str();
    std::vector<std::string> nodes, read;
    for (const nirc::loihi2::Image::Core &core : image->cores) {
      for (const nirc::Mapping::Neurons &neurons : core.neurons) {
        nodes.push_back(neurons.node);
      }
    }
    for (size_t i = 0; i < image->head.outputs + image->head.records; ++i) {
      read.push_back(image->readouts[i].node);
    }
    EXPECT_THAT(nodes, testing::ElementsAre("cells", name));
    EXPECT_THAT(read, testing::ElementsAre(graph.nodes[3].name, "cells"));
    graph.nodes[3].name = "biases"; // the Output
    graph.edges[1].target = "biases";
  }
}

LIF pair(double leak) {
  return {vec({5e-3, 2e-2}), vec({5.0, 5.0}), vec({leak, -leak}), vec({1.0, 1.5}), {}};
}

/// One that the compartments have with its v_leak, and some that are more than 13 bits and an
/// exponent, or more than a synapse weighs.
TEST(Loihi2Biases, ActOnMembranesFromTheFirstStep) {
  for (double leak : {0.0, 0.377, 2.3}) {
    for (std::vector<double> bias :
         {std::vector<double>{0.1, -0.3}, {33.3, 0.0}, {200.0, -700.0}}) {
      EXPECT_EQ(onChip(biasedGraph(pair(leak), bias), 1e-3), "") << bias[0] << ", " << leak;
    }
  }
}

/// The paths from "in" to "cells" are one and two steps long, so "cells" begin a step late.
TEST(Loihi2Biases, WaitForTheFirstInputOfABalancedNetwork) {
  for (const Params &cells : {Params(pair(0.0)), Params(pairWithCurrents(3e-3))}) {
    Graph graph = biasedGraph(cells, {1.0, -3.0});
    Linear weights{array({2, 2}, {1.0, 0.5, 0.25, 2.0})};
    graph.nodes.push_back({"a", weights, {}});
    graph.nodes.push_back({"first", pair(0.0), {}});
    graph.nodes.push_back({"b", weights, {}});
    for (auto [from, to] : {std::pair("in", "a"), std::pair("a", "first"), std::pair("first", "b"),
                            std::pair("b", "cells")}) {
      graph.edges.push_back({from, to});
    }
    Recording input = spikesFor(graph, 1e-3, 80, 1);
    nirc::Job job = jobOf(graph, input, {});
    job.balanceLatency = true;
    EXPECT_EQ(onChip(graph, job, input), "");
    graph.nodes[graph.nodes.size() - 2].params = pair(0.5); // waits for step 1
    EXPECT_EQ(onChip(graph, job, input), "");
  }
}

/// Nothing of a current stays whose time constant is a step.
TEST(Loihi2Biases, AreRefusedWhereStepZeroCannotHaveThem) {
  Graph graph = biasedGraph(pairWithCurrents(1e-3), {1.0, 1.0});
  EXPECT_EQ(onChip(graph, 1e-3),
            "test.nir: error: node 'cells': has a bias of 127 in its connections and keeps 0/4096 "
            "of its current in a step, expected a bias of at most 0, with which Loihi 2 can begin\n"
            "test.nir: note: take a smaller --dt, with which more is kept, or a connection without "
            "a bias, as Linear for Affine");
  EXPECT_EQ(onChip(graph, 5e-4), "");
  EXPECT_EQ(onChip(biasedGraph(pairWithCurrents(1e-3), {0.0, 0.0}), 1e-3), "");
}

/// What a v_leak adds comes in every step, and from the first one on.
TEST(Loihi2Biases, OfVLeakAreRefusedWhereTheRegisterIsTooSmall) {
  EXPECT_EQ(onChip(biasedGraph(pair(600.0), {0.0, 0.0}), 1e-3),
            "test.nir: error: node 'cells': adds 975360 to v in a step, expected 13 bits and a "
            "sign times a power of two from 1 to 128\n"
            "test.nir: note: take a smaller v_leak, or a connection with a bias instead");
  EXPECT_EQ(onChip(biasedGraph(pair(0.0), {120.0, -120.0}), 1e-3), "");
}

} // namespace
