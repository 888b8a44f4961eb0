//===- TotalsTest.cpp - neurons, synapses and parameters counted ----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Totals.h"
#include "api/io/Raster.h"

#include <gtest/gtest.h>

using namespace nirc;

static nir::Conv2d conv(int64_t stride, int64_t padding) {
  nir::Conv2d conv;
  conv.weight = nir::Tensor::of<float>({1, 1, 3, 3}, {1, 1, 1, 1, 0, 1, 1, 1, 1});
  conv.stride = nir::Tensor::scalar(stride);
  conv.padding = nir::Tensor::scalar(padding);
  conv.dilation = nir::Tensor::scalar(int64_t(1));
  conv.groups = nir::Tensor::scalar(int64_t(1));
  conv.bias = nir::Tensor::vector<float>({0});
  return conv;
}

TEST(Totals, SynapsesOfAConvolutionLeaveOutPadding) {
  nir::Node node{"conv", conv(1, 0), {}};
  // 2 x 2 places, 8 weights that are not 0.
  EXPECT_EQ(synapses(node, {{1, 4, 4}, {1, 2, 2}, {}}), 32);
  node.params = conv(1, 1);
  // 4 x 4 places: a corner of the kernel reads 9 pixels, an edge's middle 12.
  EXPECT_EQ(synapses(node, {{1, 4, 4}, {1, 4, 4}, {}}), 4 * 9 + 4 * 12);
}

TEST(Totals, CountsSubgraphsToo) {
  nir::Graph inner;
  nir::LIF lif;
  lif.tau = lif.r = lif.v_leak = lif.v_threshold = nir::Tensor::vector<float>({1, 1, 1});
  auto shape = [](int64_t n) { return nir::Tensor::vector<int64_t>({n}); };
  inner.nodes = {
      {"in", nir::Input{shape(3)}, {}}, {"lif", lif, {}}, {"out", nir::Output{shape(3)}, {}}};
  inner.edges = {{"in", "lif"}, {"lif", "out"}};
  nir::Linear linear{nir::Tensor::of<double>({3, 2}, {1, 0, 2, 3, 0, -4})};
  nir::Graph graph;
  graph.nodes = {{"input", nir::Input{shape(2)}, {}},
                 {"fc", linear, {}},
                 {"sub", inner, {}},
                 {"output", nir::Output{shape(3)}, {}}};
  graph.edges = {{"input", "fc"}, {"fc", "sub"}, {"sub", "output"}};
  nir::Checked checked = nir::check(graph);
  ASSERT_TRUE(checked.ok()) << checked.diagnostics.at(0).str();
  Totals totals = totalsOf(graph, checked);
  EXPECT_EQ(totals.nodes, 6);
  EXPECT_EQ(totals.edges, 5);
  EXPECT_EQ(totals.neurons, 3);
  EXPECT_EQ(totals.synapses, 4);
  EXPECT_EQ(totals.parameters, 6 + 12);
  EXPECT_EQ(totals.bytes, 48 + 48);
  EXPECT_EQ(subgraphPaths(graph), (std::set<std::string, std::less<>>{"sub"}));
}

TEST(Raster, DrawsALineANeuron) {
  nir::Tensor spikes = nir::Tensor::of<uint8_t>({1, 4, 2}, {1, 0, 0, 0, 0, 1, 1, 1});
  EXPECT_EQ(raster(spikes, 0, 80, 16), "  0 │█  █│ 2\n  1 │  ██│ 2\n");
  // Two lines of room: neighbours share one. Eight columns at least.
  nir::Tensor many = nir::Tensor::of<uint8_t>({1, 1, 4}, {1, 1, 0, 1});
  EXPECT_EQ(raster(many, 0, 80, 2), "  0-1 │█│ 2\n  2-3 │▄│ 1\n");
  nir::Tensor longer = nir::Tensor::allocate(nir::DType::U8, {1, 1000, 1}).first;
  EXPECT_LE(raster(longer, 0, 40, 16).size(), 50U);
}
