//===- Loihi2ReadOutTest.cpp - neurons that are read and do not spike -----===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/conformance/Loihi2Jobs.h"
#include "tests/support/Build.h"

#include <gtest/gtest.h>

using namespace nir;
using namespace nir::test;

namespace {

constexpr int64_t inputs = 12, cells = 4;

Tensor same(double value) { return vec(std::vector<double>(cells, value)); }

LI leaking(double tau, double leak = 0.0) { return {same(tau), same(1.0), same(leak)}; }

CubaLI withCurrents(double tauSyn, double tauMem) {
  CubaLI node;
  node.tau_syn = same(tauSyn);
  node.tau_mem = vec({tauMem, tauMem, 2 * tauMem, 3 * tauMem});
  node.r = same(1.0);
  node.v_leak = same(0.1);
  node.w_in = same(1.0);
  return node;
}

/// `node` behind weights of both signs, and an Output of another shape.
Graph readOut(const Params &node, bool hasBias = false) {
  Random random(1);
  std::vector<double> weights;
  for (int64_t i = 0; i < inputs * cells; ++i) {
    weights.push_back(random.uniform(-0.4, 1.0));
  }
  Tensor matrix = array({cells, inputs}, weights);
  Params connection = Linear{matrix};
  if (hasBias) {
    connection = Affine{matrix, vec({0.5, -1.0, 0.0, 3.0})};
  }
  return graphOf({{"in", input({inputs})},
                  {"w", connection},
                  {"node", node},
                  {"square", Flatten{whole(0), whole(0), wholes({cells})}},
                  {"out", output({cells})}},
                 {{"in", "w"}, {"w", "node"}, {"node", "square"}, {"square", "out"}});
}

TEST(Loihi2ReadOuts, AreTheCpusNumbers) {
  for (bool hasBias : {false, true}) {
    for (const Params &node :
         {Params(leaking(2e-2)), Params(leaking(2e-1, 0.3)), Params(withCurrents(5e-3, 2e-2))}) {
      EXPECT_EQ(onChip(readOut(node, hasBias), 1e-3), "") << hasBias;
    }
  }
}

/// What they pass on is no spike.
TEST(Loihi2ReadOuts, DriveNoOthers) {
  Graph graph = readOut(leaking(2e-2));
  graph.nodes[3] = {"square", Linear{array({cells, cells}, std::vector<double>(16, 0.5))}, {}};
  graph.nodes.push_back({"last", LIF{same(1e-2), same(1.0), same(0.0), same(1.0), {}}, {}});
  graph.edges[3] = {"square", "last"};
  graph.edges.push_back({"last", "out"});
  EXPECT_EQ(onChip(graph, 1e-3),
            "test.nir: error: node 'node': passes on numbers, expected spikes: on Loihi 2 a neuron "
            "has nothing else for others\n"
            "test.nir: note: take a spiking neuron, as LIF for LI or CubaLIF for CubaLI; numbers "
            "can go straight to an Output alone");
  graph.nodes[2] = {"node", LIF{same(1e-2), same(1.0), same(0.0), same(1.0), {}}, {}};
  EXPECT_EQ(onChip(graph, 1e-3), "");
}

/// What nothing keeps below the highest threshold would spike.
TEST(Loihi2ReadOuts, AreRefusedWhereTheyMaySpike) {
  EXPECT_EQ(onChip(readOut(I{same(1.0)}), 1e-3),
            "test.nir: error: node 'node': adds up all that it gets, to a v without end, expected "
            "at most 8388544, above which a neuron of Loihi 2 spikes\n"
            "test.nir: note: take a read-out that leaks, as LI for I");
  Graph slow = readOut(leaking(2.0));
  EXPECT_EQ(onChip(slow, 1e-3),
            "test.nir: error: node 'node': can reach a v of 159907840, expected at most 8388544, "
            "above which a neuron of Loihi 2 spikes\n"
            "test.nir: note: take a shorter time constant, or coarser weights, as with --format "
            "loihi2,scale=24000");
  Recording input = spikesFor(slow, 1e-3, 80, 1);
  nirc::Job job = jobOf(slow, input, {});
  job.quantization->format = *numberFormatOf("loihi2,scale=24000");
  EXPECT_EQ(onChip(slow, job, input), "");
}

} // namespace
