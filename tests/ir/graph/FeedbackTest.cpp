//===- FeedbackTest.cpp - which edges of a cycle are a step late ----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/graph/Feedback.h"

#include "ir/graph/Schedule.h"
#include "tests/support/Build.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nir;
using namespace nir::test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

namespace {

LI leaky(int64_t size = 1) {
  auto all = [&](double value) {
    return vec(std::vector<double>(static_cast<size_t>(size), value));
  };
  return {all(4e-3), all(1.0), all(0.0)};
}

Linear weight(int64_t from, int64_t to) {
  return {array({to, from}, std::vector<double>(static_cast<size_t>(from * to), 1.0))};
}

std::vector<std::string> texts(const std::vector<LateEdge> &edges) {
  std::vector<std::string> list;
  for (const LateEdge &edge : edges) {
    list.push_back(edge.source + " -> " + edge.target);
  }
  return list;
}

std::vector<std::string> feedback(const Graph &graph, const std::vector<LateEdge> &late = {}) {
  Semantics semantics(1e-3);
  semantics.late = late;
  Result<LoopReport> loops = loopsOf(graph, semantics);
  return loops ? texts(loops->feedback) : std::vector<std::string>{loops.error().str()};
}

std::vector<std::string> undecided(const Graph &graph, const std::vector<LateEdge> &late = {}) {
  Semantics semantics(1e-3);
  semantics.late = late;
  std::vector<std::string> list;
  Result<LoopReport> loops = loopsOf(graph, semantics);
  for (const OrderedEdge &edge : loops->undecided) {
    std::string line = texts({edge.edge})[0];
    for (const std::string &other : texts(edge.others)) {
      line += " or " + other;
    }
    list.push_back(line);
  }
  return list;
}

/// Two populations that drive each other, of `first` and `second` neurons.
Graph pair(int64_t first, int64_t second) {
  return graphOf({{"in", input({first})},
                  {"enter", weight(first, second)},
                  {"a", leaky(first)},
                  {"ab", weight(first, second)},
                  {"b", leaky(second)},
                  {"ba", weight(second, first)},
                  {"left", output({first})},
                  {"right", output({second})}},
                 {{"in", "a"},
                  {"in", "enter"},
                  {"enter", "b"},
                  {"a", "ab"},
                  {"ab", "b"},
                  {"b", "ba"},
                  {"ba", "a"},
                  {"a", "left"},
                  {"b", "right"}});
}

/// Each of three edges can be the late one, and all are named.
TEST(FeedbackTest, AllChoicesOfARingAreNamed) {
  Graph ring = graphOf({{"a", leaky(1)}, {"b", leaky(1)}, {"c", leaky(1)}},
                       {{"a", "b"}, {"b", "c"}, {"c", "a"}});
  std::vector<std::string> found = undecided(ring);
  ASSERT_EQ(found.size(), 1U);
  for (const char *edge : {"a -> b", "b -> c", "c -> a"}) {
    EXPECT_THAT(found[0], testing::HasSubstr(edge));
  }
}

} // namespace

TEST(FeedbackTest, TheNearestToAnOutputIsFirst) {
  // in -> a -> b -> c -> out, c -> a: the way to the Output is on time.
  Graph graph = graphOf(
      {{"in", input({1})}, {"a", leaky()}, {"b", leaky()}, {"c", leaky()}, {"out", output({1})}},
      {{"in", "a"}, {"c", "a"}, {"a", "b"}, {"b", "c"}, {"c", "out"}});
  EXPECT_THAT(feedback(graph), ElementsAre("c -> a"));
  EXPECT_THAT(undecided(graph), IsEmpty());
}

TEST(FeedbackTest, OfTwoAsNearTheFartherFromAnInputIsFirst) {
  // Both are read out. a gets the input, so that b follows a, and a gets b's value a step later.
  Graph graph = graphOf(
      {{"in", input({1})}, {"a", leaky()}, {"b", leaky()}, {"x", output({1})}, {"y", output({1})}},
      {{"in", "a"}, {"a", "b"}, {"b", "a"}, {"a", "x"}, {"b", "y"}});
  EXPECT_THAT(feedback(graph), ElementsAre("b -> a"));
  EXPECT_THAT(undecided(graph), IsEmpty());
  // The order of the file is nothing to it.
  std::swap(graph.nodes[1], graph.nodes[2]);
  std::swap(graph.nodes[3], graph.nodes[4]);
  std::reverse(graph.edges.begin(), graph.edges.end());
  EXPECT_THAT(feedback(graph), ElementsAre("b -> a"));
}

TEST(FeedbackTest, OtherSizesAreTold) {
  // "Linear" is before "LI" in neither: a, of fewer elements, is visited first, and reads b's.
  Graph graph = pair(2, 3);
  std::vector<std::string> found = feedback(graph);
  EXPECT_THAT(undecided(graph), IsEmpty());
  std::reverse(graph.nodes.begin(), graph.nodes.end());
  EXPECT_EQ(feedback(graph), found);
}

TEST(FeedbackTest, OtherSurroundingsAreTold) {
  // Equal but for the Scale that c goes through, three edges away.
  auto scale = Scale{vec({2.0})};
  Graph graph = graphOf({{"in", input({1})},
                         {"a", leaky()},
                         {"b", leaky()},
                         {"c", leaky()},
                         {"d", leaky()},
                         {"e", weight(1, 1)},
                         {"f", scale},
                         {"out", output({1})}},
                        {{"in", "a"},
                         {"in", "b"},
                         {"a", "b"},
                         {"b", "a"},
                         {"a", "c"},
                         {"b", "d"},
                         {"c", "e"},
                         {"d", "f"},
                         {"e", "out"},
                         {"f", "out"}});
  std::vector<std::string> found = feedback(graph);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_THAT(undecided(graph), IsEmpty());
  std::reverse(graph.nodes.begin(), graph.nodes.end());
  EXPECT_EQ(feedback(graph), found);
}

TEST(FeedbackTest, EqualsAreUndecided) {
  Graph graph = pair(2, 2);
  // `enter` makes b farther from the input, but nothing else is: it is decided.
  EXPECT_THAT(undecided(graph), IsEmpty());
  graph.edges[2] = {"enter", "a"};
  graph.edges[0] = {"in", "enter"};
  graph.edges[1] = {"enter", "b"};
  EXPECT_THAT(feedback(graph), ElementsAre("a -> ab"));
  EXPECT_THAT(undecided(graph), ElementsAre("a -> ab or b -> ba"));
  std::swap(graph.nodes[6], graph.nodes[7]);
  EXPECT_THAT(feedback(graph), ElementsAre("b -> ba"));
}

TEST(FeedbackTest, ALateEdgeByChoiceIsCutFirst) {
  Graph graph = pair(2, 2);
  graph.edges[0] = {"in", "enter"};
  graph.edges[1] = {"enter", "b"};
  graph.edges[2] = {"enter", "a"};
  for (const char *source : {"a", "b"}) {
    LateEdge edge{source, source == std::string("a") ? "ab" : "ba"};
    EXPECT_THAT(feedback(graph, {edge}), ElementsAre(texts({edge})[0]));
    EXPECT_THAT(undecided(graph, {edge}), IsEmpty());
  }
  EXPECT_THAT(feedback(graph, {{"a", "ab"}, {"ba", "a"}}),
              UnorderedElementsAre("a -> ab", "ba -> a"));
}

TEST(FeedbackTest, ALateEdgeThatCannotBeIsAnError) {
  Graph graph = pair(2, 2);
  EXPECT_THAT(feedback(graph, {{"a", "c"}}), ElementsAre(HasSubstr("names no node 'c'")));
  EXPECT_THAT(feedback(graph, {{"a", "ba"}}),
              ElementsAre(HasSubstr("names an edge from 'a' that is not there")));
  EXPECT_THAT(feedback(graph, {{"in", "a"}}),
              ElementsAre(HasSubstr("names an edge that lies on no cycle of a step")));
}

TEST(FeedbackTest, AChainAsLongAsAFileIsNoTrouble) {
  constexpr int32_t length = 100000;
  std::vector<LoopNode> nodes(length);
  for (int32_t i = 0; i < length; ++i) {
    nodes[i].kind = "LI";
    nodes[i].sources = {(i + 1) % length};
  }
  nodes[0].isExit = true;
  Result<EdgeFlags> cut = feedbackOf(nodes, {}, {});
  ASSERT_TRUE(cut);
  // From the exit against the edges: the last of the ring reads the first.
  EXPECT_TRUE((*cut)[length - 1][0]);
  EXPECT_EQ(std::count_if(cut->begin(), cut->end(), [](auto &flags) { return flags[0]; }), 1);
}
