//===- CheckTest.cpp - every diagnostic of a graph ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/graph/Check.h"
#include "tests/support/Build.h"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nir;
using namespace nir::test;
using testing::ElementsAre;
using testing::IsEmpty;

/// Every diagnostic of a graph, as printed.
static std::vector<std::string> messages(const Graph &graph) {
  std::vector<std::string> all;
  for (const Diagnostic &diagnostic : check(graph).diagnostics) {
    all.push_back(diagnostic.str());
  }
  return all;
}

static Linear one() { return {array({1, 1}, {1})}; }
static LIF lif(const Tensor &tau, const Tensor &threshold) {
  return {tau, vec({1, 1}), vec({0, 0}), threshold, {}};
}
/// in -> node -> out, all of two elements.
static std::vector<std::string> messagesAround(const Params &params) {
  return messages(around(params, {2}, {2}));
}

TEST(CheckTest, AcceptsAndSaysNothing) {
  Graph graph = around(lif(vec({1e-2, 1e-2}), vec({1, 1})), {2}, {2});
  EXPECT_THAT(messages(graph), IsEmpty());
  EXPECT_TRUE(check(graph).ok());
}

TEST(CheckTest, NamesTheFile) {
  Checked checked = check(graphOf({{"a", one()}}, {{"a", "b"}}), "x.nir");
  ASSERT_FALSE(checked.ok());
  EXPECT_EQ(
      checked.diagnostics[0].str(),
      "x.nir: error: edge ('a', 'b') goes to 'b', which is not a node of this graph; its nodes "
      "are 'a'\nx.nir: note: did you mean 'a'?");
}

//===----------------------------------------------------------------------===//
// Names and edges
//===----------------------------------------------------------------------===//

TEST(CheckTest, AnEdgeOfASubgraphToANodeThatIsNotThere) {
  // The inner graph of braille_*_subgraph.nir.
  Graph inner =
      graphOf({{"input", input({1})}, {"lif1", one()}, {"lin", one()}, {"output", output({1})}},
              {{"input", "lif"}, {"lif", "lin"}, {"lin", "lif1"}, {"lif1", "output"}});
  EXPECT_THAT(
      messages(graphOf({{"lif1", inner}}, {})),
      ElementsAre(
          "error: node 'lif1': edge ('input', 'lif') goes to 'lif', which is not a node of "
          "this subgraph; its nodes are 'input', 'lif1', 'lin', 'output'\n"
          "note: did you mean 'lif1'?",
          "error: node 'lif1': edge ('lif', 'lin') comes from 'lif', which is not a node of "
          "this subgraph; its nodes are 'input', 'lif1', 'lin', 'output'\n"
          "note: did you mean 'lif1'?"));
}

TEST(CheckTest, DuplicateAndEmptyNames) {
  EXPECT_THAT(messages(graphOf({{"a", one()}, {"a", one()}, {"", one()}}, {})),
              ElementsAre("error: two nodes are called 'a', expected one of a name",
                          "error: a Linear node has an empty name, expected a name to connect it "
                          "by"));
}

TEST(CheckTest, EdgesIntoInputsAndOutOfOutputs) {
  EXPECT_THAT(
      messages(graphOf({{"in", input({1})}, {"out", output({1})}}, {{"in", "out"}, {"out", "in"}})),
      ElementsAre("error: edge ('out', 'in') comes from 'out', an Output of the outermost "
                  "graph, expected a node that passes signals on",
                  "error: edge ('out', 'in') goes to 'in', an Input of the outermost graph, "
                  "expected a node that takes signals"));
}

static Graph twoPorts() {
  return graphOf({{"x", input({1})},
                  {"y", input({1})},
                  {"sum", one()},
                  {"p", output({1})},
                  {"q", output({1})}},
                 {{"x", "sum"}, {"y", "sum"}, {"sum", "p"}, {"sum", "q"}});
}

TEST(CheckTest, ASubgraphWithSeveralPortsNeedsOneNamed) {
  EXPECT_THAT(messages(graphOf({{"in", input({1})}, {"G", twoPorts()}, {"out", output({1})}},
                               {{"in", "G"}, {"G", "out"}})),
              ElementsAre("error: edge ('in', 'G') goes to 'G', a subgraph with the Input nodes "
                          "'x', 'y', expected one Input\nnote: write 'G.x'",
                          "error: edge ('G', 'out') comes from 'G', a subgraph with the Output "
                          "nodes 'p', 'q', expected one Output\nnote: write 'G.p'"));
}

TEST(CheckTest, ASubgraphWithoutPorts) {
  Graph inner = graphOf({{"a", one()}}, {});
  EXPECT_THAT(messages(graphOf({{"in", input({1})}, {"G", inner}}, {{"in", "G"}})),
              ElementsAre("error: edge ('in', 'G') goes to 'G', a subgraph without an Input node, "
                          "expected one Input\nnote: give 'G' an Input node"));
}

TEST(CheckTest, EdgesEnterASubgraphAtItsPorts) {
  EXPECT_THAT(messages(graphOf({{"in", input({1})}, {"G", twoPorts()}},
                               {{"in", "G.sum"}, {"in", "G.p"}, {"G.x", "G.y"}})),
              ElementsAre("error: edge ('in', 'G.sum') goes to 'G.sum', the Linear node inside a "
                          "subgraph, expected an Input node of the subgraph",
                          "error: edge ('in', 'G.p') goes to 'G.p', the Output node inside a "
                          "subgraph, expected an Input node of the subgraph",
                          "error: edge ('G.x', 'G.y') comes from 'G.x', the Input node inside a "
                          "subgraph, expected an Output node of the subgraph"));
}

TEST(CheckTest, AnExactNameComesBeforeAPath) {
  // "G.x" is the node of that name, so G's own Input x gets nothing.
  Graph graph =
      graphOf({{"in", input({1})}, {"G", twoPorts()}, {"G.x", one()}, {"out", output({1})}},
              {{"in", "G.x"}, {"in", "G.y"}, {"G.x", "out"}, {"G.p", "out"}, {"G.q", "out"}});
  EXPECT_THAT(messages(graph),
              ElementsAre("warning: node 'G.x': no edge enters it; a run gives it an Input node, "
                          "and needs an input for that"));
}

TEST(CheckTest, NamesWithDotsOnTheWayDown) {
  Graph deep = graphOf({{"b.c", input({1})}, {"o", output({1})}}, {{"b.c", "o"}});
  Graph middle = graphOf({{"sub.1", deep}, {"o", output({1})}}, {{"sub.1.o", "o"}});
  EXPECT_THAT(messages(graphOf({{"in", input({1})}, {"a.b", middle}, {"out", output({1})}},
                               {{"in", "a.b.sub.1.b.c"}, {"a.b", "out"}})),
              IsEmpty());
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

TEST(CheckTest, NotFinite) {
  EXPECT_THAT(messagesAround(Linear{array({2, 2}, {1, 2, std::nan(""), 4})}),
              ElementsAre("error: node 'node': weight[1, 0] is nan, expected a finite number"));
  Tensor half = Tensor::of<float>({2}, {1.0f, INFINITY});
  EXPECT_THAT(messagesAround(Scale{half}),
              ElementsAre("error: node 'node': scale[1] is inf, expected a finite number"));
}

TEST(CheckTest, TimeConstantsArePositive) {
  EXPECT_THAT(
      messagesAround(lif(vec({1e-2, 0}), vec({1, 1}))),
      ElementsAre("error: node 'node': tau[1] is 0, expected a positive number of seconds"));
  EXPECT_THAT(
      messagesAround(CubaLI{number(-1), number(0), number(1), vec({0, 0}), {}}),
      ElementsAre("error: node 'node': tau_syn is -1, expected a positive number of seconds",
                  "error: node 'node': tau_mem is 0, expected a positive number of seconds"));
}

TEST(CheckTest, DelaysAreNotNegative) {
  EXPECT_THAT(messagesAround(Delay{vec({0, -1e-3})}),
              ElementsAre("error: node 'node': delay[1] is -0.001, expected 0 or a positive number "
                          "of seconds"));
}

TEST(CheckTest, ParametersHaveOneShape) { // elementwise (C1)
  EXPECT_THAT(
      messagesAround(lif(vec({1e-2, 1e-2}), vec({1, 1, 1}))),
      ElementsAre("error: node 'node': v_threshold has shape [3], expected [2] like tau\n"
                  "note: a node of type LIF has one value per neuron; write v_threshold with "
                  "shape [2]"));
}

//===----------------------------------------------------------------------===//
// Shapes along edges
//===----------------------------------------------------------------------===//

TEST(CheckTest, ShapesThatDoNotFit) {
  EXPECT_THAT(messages(around(Linear{array({1, 3}, {1, 2, 3})}, {2}, {1})),
              ElementsAre("error: node 'node': input has shape [2], expected [3]\n"
                          "note: node 'in': passes on a signal of shape [2]"));
}

TEST(CheckTest, AFlattenIsMissing) {
  EXPECT_THAT(
      messages(around(Linear{array({1, 4}, {1, 2, 3, 4})}, {1, 2, 2}, {1})),
      ElementsAre("error: node 'node': input has shape [1, 2, 2], expected [4]\n"
                  "note: node 'in': passes on a signal of shape [1, 2, 2]\n"
                  "note: both have 4 elements: insert a Flatten with start_dim 0 and end_dim "
                  "-1"));
}

TEST(CheckTest, AFlattenThatCountsABatchDimension) {
  Graph graph = graphOf({{"in", input({2, 2, 1})},
                         {"flat", Flatten{whole(1), whole(-1), {}}},
                         {"fc", Linear{array({1, 4}, {1, 2, 3, 4})}},
                         {"out", output({1})}},
                        {{"in", "flat"}, {"flat", "fc"}, {"fc", "out"}});
  EXPECT_THAT(messages(graph),
              ElementsAre("error: node 'fc': input has shape [2, 2], expected [4]\n"
                          "note: node 'flat': passes on a signal of shape [2, 2]\n"
                          "note: start_dim is 1, and NIR's signals have no batch dimension; with "
                          "start_dim 0 it passes on [4]"));
}

TEST(CheckTest, AnOutputMayDeclareAnotherShape) {
  // lif_rockpool.nir
  EXPECT_THAT(
      messages(around(one(), {1}, {1, 1, 1})),
      ElementsAre("warning: node 'out': declares shape [1, 1, 1], and gets [1]; the elements "
                  "keep their order\nnote: node 'node': passes on a signal of shape [1]"));
  EXPECT_THAT(messages(around(one(), {1}, {2})),
              ElementsAre("error: node 'out': input has shape [1], expected [2]\n"
                          "note: node 'node': passes on a signal of shape [1]"));
}

TEST(CheckTest, ShapesReachNodesThatFixNone) {
  Graph graph = around(Delay{number(1e-3)}, {2, 3}, {2, 3});
  Checked checked = check(graph);
  ASSERT_TRUE(checked.ok());
  EXPECT_EQ(checked.shapes[1].input, (Shape{2, 3}));
  EXPECT_EQ(checked.shapes[1].output, (Shape{2, 3}));
}

TEST(CheckTest, ShapesGoAroundCycles) {
  Graph graph = graphOf({{"a", Delay{number(1e-3)}},
                         {"b", Delay{number(1e-3)}},
                         {"in", input({3})},
                         {"out", output({3})}},
                        {{"b", "a"}, {"a", "b"}, {"in", "b"}, {"a", "out"}});
  Checked checked = check(graph);
  ASSERT_TRUE(checked.ok());
  EXPECT_EQ(checked.shapes[0].input, (Shape{3}));
}

TEST(CheckTest, NoShapeReachesANode) {
  SumPool2d pool{whole(2), whole(2), whole(0)};
  Delay delay{number(1e-3)};
  EXPECT_THAT(
      messages(graphOf({{"in", input({1})}, {"p", pool}, {"d", delay}, {"out", output({1})}},
                       {{"in", "out"}, {"p", "d"}, {"d", "p"}}))[0],
      "error: node 'p': the shape of its input follows from nothing\nnote: nor does that of 'd'\n"
      "note: an edge from an Input gives it one, an input_shape does for a convolution, an "
      "input_type for a Flatten");
}

TEST(CheckTest, ShapesOfASubgraphAreNested) {
  Graph graph = graphOf({{"in", input({1})}, {"G", twoPorts()}, {"out", output({1})}},
                        {{"in", "G.x"}, {"in", "G.y"}, {"G.p", "out"}, {"G.q", "out"}});
  Checked checked = check(graph);
  ASSERT_TRUE(checked.ok());
  ASSERT_EQ(checked.shapes.size(), 3u);
  ASSERT_EQ(checked.shapes[1].inner.size(), 5u);
  EXPECT_EQ(checked.shapes[1].inner[2].output, (Shape{1}));
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

TEST(CheckTest, LoopsWithoutAState) {
  Graph graph = graphOf({{"in", input({1})}, {"b", one()}, {"a", one()}, {"out", output({1})}},
                        {{"in", "a"}, {"a", "b"}, {"b", "a"}, {"b", "out"}});
  EXPECT_THAT(
      messages(graph),
      ElementsAre("error: node 'b': the loop 'b' → 'a' → 'b' holds no state, expected a "
                  "neuron or a Delay in it\nnote: a value that depends on itself within the "
                  "same instant has no meaning"));
  graph.nodes[1].params = Delay{vec({1e-3})};
  EXPECT_THAT(messages(graph), IsEmpty());
  graph.nodes[1].params = Threshold{vec({1})};
  EXPECT_FALSE(check(graph).ok());
  graph.nodes[1].params = LI{vec({1e-3}), vec({1}), vec({0})};
  EXPECT_THAT(messages(graph), IsEmpty());
}

TEST(CheckTest, LoopsThroughSubgraphs) {
  Graph inner = graphOf({{"i", input({1})}, {"o", output({1})}}, {{"i", "o"}});
  EXPECT_THAT(messages(graphOf({{"G", inner}, {"w", one()}}, {{"G", "w"}, {"w", "G"}}))[0],
              testing::StartsWith(
                  "error: node 'G.i': the loop 'G.i' → 'G.o' → 'w' → 'G.i' holds no state"));
}

TEST(CheckTest, LoopsApartAreNamedEach) {
  std::vector<std::string> all =
      messages(graphOf({{"a", one()}, {"b", one()}, {"c", one()}, {"d", one()}},
                       {{"a", "b"}, {"b", "a"}, {"b", "c"}, {"d", "d"}}));
  EXPECT_THAT(all[0], testing::HasSubstr("'a' → 'b' → 'a'"));
  EXPECT_THAT(all[1], testing::HasSubstr("'d' → 'd'"));
}

//===----------------------------------------------------------------------===//
// Oddities
//===----------------------------------------------------------------------===//

TEST(CheckTest, WarnsOfWhatIsLegalAndOdd) {
  EXPECT_THAT(messages(graphOf({{"a", one()}, {"b", one()}}, {{"a", "b"}, {"a", "b"}})),
              ElementsAre("warning: node 'a': no edge enters it; a run gives it an Input node, and "
                          "needs an input for that",
                          "warning: node 'b': no edge leaves it; a run gives it an Output node"));
  EXPECT_TRUE(check(graphOf({{"a", one()}}, {})).ok());
}

TEST(CheckTest, ALoneNodeHasNoName) { EXPECT_TRUE(check(graphOf({{"", one()}}, {})).ok()); }

TEST(CheckTest, AnEmptyGraph) {
  EXPECT_TRUE(check(Graph{}).ok());
  EXPECT_EQ(check(Graph{}).diagnostics.size(), 2u);
}

//===----------------------------------------------------------------------===//
// Size
//===----------------------------------------------------------------------===//

// Work that grew with the square of these sizes would not end within ctest's time limit.
TEST(CheckSizeTest, ALongChainAndAWideFan) {
  constexpr int size = 300000;
  Graph graph;
  for (int i = 0; i < size; ++i) {
    graph.nodes.push_back({std::to_string(i), Scale{vec({1.0})}, {}});
    graph.edges.push_back({std::to_string(i), std::to_string(i + 1 < size ? i + 1 : 0)});
  }
  EXPECT_FALSE(check(graph).ok()); // one loop of all of them
  graph.edges.pop_back();
  EXPECT_TRUE(check(graph).ok());
  for (nir::Edge &edge : graph.edges) {
    edge.source = "0";
  }
  EXPECT_TRUE(check(graph).ok());
  for (nir::Edge &edge : graph.edges) {
    edge.source = "nobody";
  }
  EXPECT_FALSE(check(graph).ok());
}

TEST(CheckSizeTest, DeepNestsAndNamesFullOfDots) {
  Graph graph = graphOf({{"a", input({1})}, {"o", output({1})}}, {{"a", "o"}});
  std::string path = "a";
  for (int level = 0; level < 1500; ++level) {
    Graph outer;
    outer.nodes.push_back({"a", std::move(graph), {}});
    outer.nodes.push_back({"o", output({1}), {}});
    outer.edges = {{"a", "o"}};
    graph = std::move(outer);
    path += ".a";
  }
  graph.nodes.push_back({"in", input({1}), {}});
  graph.edges.push_back({"in", path});
  EXPECT_TRUE(check(graph).ok());
  graph.edges.push_back({"in", path + ".b"});
  EXPECT_FALSE(check(graph).ok());
}

TEST(CheckSizeTest, ManyFaultsAreNotAllTold) {
  Graph graph;
  for (int i = 0; i < 20000; ++i) {
    graph.nodes.push_back({"same", Scale{vec({1.0})}, {}});
  }
  EXPECT_LE(check(graph).diagnostics.size(), 200u);
}
