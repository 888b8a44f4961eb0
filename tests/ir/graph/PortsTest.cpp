//===- PortsTest.cpp - ports that a graph lacks ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/graph/Ports.h"

#include "ir/graph/Check.h"
#include "tests/support/Build.h"

#include <gtest/gtest.h>

using namespace nir;
using namespace nir::test;

static Linear pair() { return {array({1, 2}, {1, 1})}; }

TEST(PortsTest, CompletesAGraphWithoutPorts) {
  Graph expected = graphOf(
      {{"a", pair()}, {"b", I{vec({1})}}, {"input_a", input({2})}, {"output_b", output({1})}},
      {{"a", "b"}, {"input_a", "a"}, {"b", "output_b"}});
  EXPECT_TRUE(withPorts(graphOf({{"a", pair()}, {"b", I{vec({1})}}}, {{"a", "b"}})) == expected);
}

TEST(PortsTest, LeavesACompleteGraphAlone) {
  Graph graph = around(pair(), {2}, {1});
  EXPECT_TRUE(withPorts(graph) == graph);
}

TEST(PortsTest, FindsNamesThatAreFree) {
  Graph graph = graphOf({{"a", pair()}, {"input_a", input({1})}, {"input_a_0", output({1})}},
                        {{"input_a", "input_a_0"}});
  Graph complete = withPorts(graph);
  ASSERT_EQ(complete.nodes.size(), 5u);
  EXPECT_EQ(complete.nodes[3].name, "input_a_1");
  EXPECT_EQ(complete.nodes[4].name, "output_a");
}

TEST(PortsTest, NamesALoneNode) {
  Graph complete =
      withPorts(graphOf({{"", CubaLI{vec({1}), vec({1}), vec({1}), vec({0}), {}}}}, {}));
  ASSERT_EQ(complete.nodes.size(), 3u);
  EXPECT_EQ(complete.nodes[0].name, "cubali");
  EXPECT_EQ(complete.nodes[1].name, "input_cubali");
  EXPECT_EQ(complete.nodes[2].name, "output_cubali");
  EXPECT_TRUE(check(complete).ok());
}

TEST(PortsTest, GivesEachPortOfASubgraphOne) {
  Graph inner = graphOf({{"x", input({2})}, {"y", input({2})}, {"f", pair()}, {"o", output({1})}},
                        {{"x", "f"}, {"y", "f"}, {"f", "o"}});
  Graph complete = withPorts(graphOf({{"G", inner}}, {}));
  Graph expected = graphOf({{"G", inner},
                            {"input_G.x", input({2})},
                            {"input_G.y", input({2})},
                            {"output_G", output({1})}},
                           {{"input_G.x", "G.x"}, {"input_G.y", "G.y"}, {"G", "output_G"}});
  EXPECT_TRUE(complete == expected);
  EXPECT_TRUE(check(complete).diagnostics.empty());
}

TEST(PortsTest, LeavesABrokenGraphAlone) {
  Graph graph = graphOf({{"a", pair()}}, {{"a", "b"}});
  EXPECT_TRUE(withPorts(graph) == graph);
}
