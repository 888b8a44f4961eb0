//===- InterpreterTest.cpp - order, cycles and runs -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/reference/steps/Interpreter.h"
#include "ir/choices/Choices.h"
#include "ir/graph/Schedule.h"
#include "tests/support/Build.h"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

using namespace nir;
using namespace nir::test;
using testing::DoubleEq;
using testing::ElementsAre;
using testing::IsEmpty;

static const Semantics euler{1e-3, Integrator::Euler, Reset::ToValue};

/// Fires whenever its input is above one half; keeps no memory of it.
static IF relay() { return {vec({1.0}), vec({0.5}), {}}; }
static Linear weight(double w) { return {array({1, 1}, {w})}; }
static Affine affine(double w, double b) { return {array({1, 1}, {w}), vec({b})}; }
static LI leaky() { return {vec({4e-3}), vec({1.0}), vec({0.0})}; }

/// A signal of one element: what `observable` of `node` is after each step of `drive` into "in".
static std::vector<double> run(const Graph &graph, const std::vector<double> &drive,
                               const char *node, const char *observable = "value",
                               const Semantics &semantics = euler) {
  Result<Interpreter> interpreter = Interpreter::create(graph, semantics);
  EXPECT_TRUE(interpreter) << interpreter.error().str();
  std::vector<double> values;
  for (double u : drive) {
    EXPECT_FALSE(interpreter->setInput("in", std::vector<double>{u}));
    interpreter->step();
    Result<std::span<const double>> value = interpreter->observe(node, observable);
    EXPECT_TRUE(value) << value.error().str();
    values.push_back((*value)[0]);
  }
  return values;
}

/// "a -> b" for each feedback edge.
static std::vector<std::string> feedback(const Graph &graph, const Semantics &semantics = euler) {
  std::vector<std::string> edges;
  Result<LoopReport> loops = loopsOf(graph, semantics);
  for (const LateEdge &edge : loops->feedback) {
    edges.push_back(edge.source + " -> " + edge.target);
  }
  return edges;
}

TEST(CyclesTest, ARecurrentLayerFeedsBackIntoItsWeights) {
  // The rule of docs/semantics.md: from the output against the edges. The list of edges starts with
  // the recurrent one, as in the Braille networks.
  Graph graph =
      graphOf({{"in", input({1})}, {"rec", weight(1.0)}, {"lif", relay()}, {"out", output({1})}},
              {{"rec", "lif"}, {"in", "lif"}, {"lif", "rec"}, {"lif", "out"}});
  EXPECT_THAT(feedback(graph), ElementsAre("lif -> rec"));
  // Once excited it keeps itself going, from the step after.
  EXPECT_THAT(run(graph, {0, 1, 0, 0}, "lif", "spikes"), ElementsAre(0, 1, 1, 1));
  EXPECT_THAT(run(graph, {0, 1, 0, 0}, "rec"), ElementsAre(0, 0, 1, 1));
}

TEST(CyclesTest, ReadingOutTheWeightsMovesTheFeedbackEdge) {
  Graph graph =
      graphOf({{"in", input({1})}, {"rec", weight(1.0)}, {"lif", relay()}, {"out", output({1})}},
              {{"rec", "lif"}, {"in", "lif"}, {"lif", "rec"}, {"rec", "out"}});
  EXPECT_THAT(feedback(graph), ElementsAre("rec -> lif"));
  EXPECT_THAT(run(graph, {0, 1, 0, 0}, "rec"), ElementsAre(0, 1, 1, 1));
}

TEST(CyclesTest, ANeuronOntoItself) {
  Graph graph = graphOf({{"in", input({1})}, {"lif", relay()}, {"out", output({1})}},
                        {{"lif", "lif"}, {"in", "lif"}, {"lif", "out"}});
  EXPECT_THAT(feedback(graph), ElementsAre("lif -> lif"));
  EXPECT_THAT(run(graph, {0, 1, 0}, "lif", "spikes"), ElementsAre(0, 1, 1));
}

TEST(CyclesTest, WithoutOutputsTheWayFromTheInputIsOnTime) {
  Graph graph = graphOf({{"in", input({1})}, {"a", leaky()}, {"b", leaky()}},
                        {{"in", "a"}, {"a", "b"}, {"b", "a"}});
  EXPECT_THAT(feedback(graph), ElementsAre("b -> a"));
  std::swap(graph.nodes[1], graph.nodes[2]);
  EXPECT_THAT(feedback(graph), ElementsAre("b -> a"));
}

TEST(CyclesTest, EachOfADuplicateFeedsBack) {
  Graph graph =
      graphOf({{"in", input({1})}, {"a", leaky()}, {"w", weight(1.0)}, {"o", output({1})}},
              {{"in", "a"}, {"w", "a"}, {"a", "w"}, {"a", "w"}, {"a", "o"}});
  EXPECT_THAT(feedback(graph), ElementsAre("a -> w", "a -> w"));
}

TEST(CyclesTest, ADelayOfAStepNeedsNoFeedbackEdge) {
  Graph graph = graphOf({{"in", input({1})},
                         {"sum", weight(1.0)},
                         {"back", Delay{vec({2e-3})}},
                         {"out", output({1})}},
                        {{"in", "sum"}, {"back", "sum"}, {"sum", "back"}, {"sum", "out"}});
  EXPECT_THAT(feedback(graph), IsEmpty());
  // y[t] = x[t] + y[t - 2]
  EXPECT_THAT(run(graph, {1, 0, 0, 5, 0, 0}, "out"), ElementsAre(1, 0, 1, 5, 1, 5));
}

TEST(CyclesTest, ADelayOfNoStepsIsRefusedAsTheOnlyState) {
  Graph graph = graphOf({{"in", input({1})},
                         {"sum", weight(1.0)},
                         {"back", Delay{vec({0.4e-3})}},
                         {"out", output({1})}},
                        {{"in", "sum"}, {"back", "sum"}, {"sum", "back"}, {"sum", "out"}});
  Result<Interpreter> run = Interpreter::create(graph, euler);
  ASSERT_FALSE(run);
  EXPECT_EQ(
      run.error().str(),
      "error: node 'back': a delay comes to 0 steps of 0.001, expected at least 1, as the loop "
      "'sum' → 'back' → 'sum' holds no other state\nnote: take a smaller dt or a longer delay");
  EXPECT_TRUE(Interpreter::create(graph, {1e-4, Integrator::Euler, Reset::ToValue}));
}

TEST(CyclesTest, ADelayOfNoStepsPassesFeedbackOn) {
  // back takes part in the depth-first search: in -> lif -> back -> w -> lif, cut at lif -> back.
  Graph graph =
      graphOf({{"in", input({1})},
               {"lif", relay()},
               {"back", Delay{vec({0.0})}},
               {"w", weight(1.0)},
               {"out", output({1})}},
              {{"in", "lif"}, {"w", "lif"}, {"back", "w"}, {"lif", "back"}, {"lif", "out"}});
  EXPECT_THAT(feedback(graph), ElementsAre("lif -> back"));
  EXPECT_THAT(run(graph, {1, 0, 0}, "lif", "spikes"), ElementsAre(1, 1, 1));
}

TEST(CyclesTest, ADelayBehindALateNodeGetsItsValueAStepLater) {
  // lif -> w is late. With feedback-start=zero w is evaluated on this step's spikes instead, and
  // what reads it, the delay too, gets the value of the step before. Under both, out is the spike
  // of two steps ago; bias and zero differ in nothing, as w has no bias.
  Graph graph = graphOf({{"in", input({1})},
                         {"lif", relay()},
                         {"w", weight(0.25)},
                         {"d", Delay{vec({1e-3})}},
                         {"out", output({1})}},
                        {{"in", "lif"}, {"w", "lif"}, {"lif", "w"}, {"w", "d"}, {"d", "out"}});
  for (const char *start : {"late=lif:w", "late=lif:w,feedback-start=zero"}) {
    Semantics semantics = *semanticsOf(start);
    semantics.dtSeconds = 1e-3;
    EXPECT_THAT(run(graph, {1, 0, 0, 0, 0}, "d", "value", semantics), ElementsAre(0, 0, 0.25, 0, 0))
        << start;
  }
}

TEST(CyclesTest, EachLateEdgeOfACycleTakesAStep) {
  // lif -> w -> lif: with both edges late a spike comes back two steps later, whatever step 0
  // finds.
  Graph graph =
      graphOf({{"in", input({1})}, {"lif", relay()}, {"w", weight(1.0)}, {"out", output({1})}},
              {{"in", "lif"}, {"w", "lif"}, {"lif", "w"}, {"lif", "out"}});
  for (const char *choices : {"late=lif:w+w:lif", "late=lif:w+w:lif,feedback-start=zero"}) {
    Semantics semantics = *semanticsOf(choices);
    semantics.dtSeconds = 1e-3;
    EXPECT_THAT(run(graph, {1, 0, 0, 0, 0, 0}, "lif", "spikes", semantics),
                ElementsAre(1, 0, 1, 0, 1, 0))
        << choices;
  }
}

TEST(DuplicateEdgesTest, EachCountsOrOne) {
  // Also where a subgraph's port has two names: "sub" has one Input, "inside".
  Graph inner = graphOf({{"inside", input({1})}, {"w", weight(2.0)}, {"left", output({1})}},
                        {{"inside", "w"}, {"inside", "w"}, {"w", "left"}});
  Graph graph = graphOf({{"in", input({1})}, {"sub", inner}, {"out", output({1})}},
                        {{"in", "sub"}, {"in", "sub.inside"}, {"sub", "out"}});
  Semantics semantics = euler;
  EXPECT_THAT(run(graph, {3}, "out", "value", semantics), ElementsAre(3 * 2 * 2 * 2));
  semantics.duplicateEdges = DuplicateEdges::Once;
  EXPECT_THAT(run(graph, {3}, "out", "value", semantics), ElementsAre(3 * 2));
}

TEST(StartTest, VStartsWhereTheSemanticsSays) {
  // k = 0.1, so that without input v := 0.9 v + 0.1 v_leak, and v is 0.9 of what it starts at.
  Graph graph = around(LIF{vec({0.01}), vec({1.0}), vec({0.0}), vec({10.0}), vec({2.0})}, {1}, {1});
  auto after = [&](const char *choices) {
    Semantics semantics = *semanticsOf(choices);
    semantics.dtSeconds = 1e-3;
    return run(graph, {0, 0}, "node", "v", semantics);
  };
  EXPECT_THAT(after("nir"), ElementsAre(0, 0));
  EXPECT_THAT(after("start=v_reset"), ElementsAre(DoubleEq(1.8), DoubleEq(1.62)));
  EXPECT_THAT(after("start=v_reset,ignore=v_reset"), ElementsAre(0, 0));
  // In units of c = k r = 0.1.
  EXPECT_THAT(after("start=v_reset,gain=unit"), ElementsAre(DoubleEq(18), DoubleEq(16.2)));
  graph = around(LIF{vec({0.01}), vec({1.0}), vec({-65.0}), vec({-50.0}), vec({-60.0})}, {1}, {1});
  EXPECT_THAT(after("start=v_leak"), ElementsAre(DoubleEq(-65), DoubleEq(-65)));
  EXPECT_THAT(after("start=v_reset"), ElementsAre(DoubleEq(-60.5), DoubleEq(-60.95)));
  // An IF has no v_leak.
  graph = around(IF{vec({1.0}), vec({10.0}), vec({2.0})}, {1}, {1});
  EXPECT_THAT(after("start=v_leak"), ElementsAre(0, 0));
  EXPECT_THAT(after("start=v_reset"), ElementsAre(2, 2));
}

TEST(StartTest, AThresholdBelowTheStartGivesASpikeInStep0) {
  // With spike-test=old the v before step 0 is tested.
  Graph graph = around(IF{vec({1.0}), vec({1.0}), vec({2.0})}, {1}, {1});
  Semantics semantics = *semanticsOf("start=v_reset,spike-test=old,reset=subtract");
  semantics.dtSeconds = 1e-3;
  EXPECT_THAT(run(graph, {0, 0}, "node", "spikes", semantics), ElementsAre(1, 1));
}

TEST(SilenceTest, AFeedbackEdgeOutOfAnAffineCarriesItsBiasIntoStep0) {
  // Read out behind the weights, so that rec -> lif feeds back.
  Graph graph = graphOf({{"in", input({1})},
                         {"rec", affine(1.0, 2.0)},
                         {"lif", IF{vec({1.0}), vec({1.5}), {}}},
                         {"out", output({1})}},
                        {{"rec", "lif"}, {"in", "lif"}, {"lif", "rec"}, {"rec", "out"}});
  ASSERT_THAT(feedback(graph), ElementsAre("rec -> lif"));
  EXPECT_THAT(run(graph, {0, 0}, "lif", "spikes"), ElementsAre(1, 1));
}

TEST(SilenceTest, ABiasBehindAFeedbackEdgeActsInStep0) {
  Graph graph = graphOf({{"in", input({1})},
                         {"rec", affine(1.0, 2.0)},
                         {"lif", IF{vec({1.0}), vec({1.5}), {}}},
                         {"out", output({1})}},
                        {{"rec", "lif"}, {"in", "lif"}, {"lif", "rec"}, {"lif", "out"}});
  ASSERT_THAT(feedback(graph), ElementsAre("lif -> rec"));
  EXPECT_THAT(run(graph, {0, 0}, "lif", "spikes"), ElementsAre(1, 1));
}

TEST(SilenceTest, SilentValuesFollowThroughStatelessNodes) {
  // lif <- c <- b <- a <- lif, read out at a: a -> b feeds back? The search goes out, a, lif, c, b,
  // and finds a open. a's silent value is its bias 1, which b doubles and c triples.
  Graph graph =
      graphOf({{"in", input({1})},
               {"a", affine(1.0, 1.0)},
               {"b", weight(2.0)},
               {"c", weight(3.0)},
               {"v", I{vec({1.0})}},
               {"out", output({1})}},
              {{"c", "v"}, {"in", "v"}, {"b", "c"}, {"a", "b"}, {"v", "a"}, {"a", "out"}});
  ASSERT_THAT(feedback(graph), ElementsAre("a -> b"));
  EXPECT_THAT(run(graph, {0, 0}, "v", "v"), ElementsAre(6.0, 6.0 + 6.0 * 7.0));
}

TEST(SilenceTest, ResetGoesBackToSilence) {
  Graph graph = graphOf({{"in", input({1})},
                         {"rec", affine(1.0, 2.0)},
                         {"d", Delay{vec({1e-3})}},
                         {"li", leaky()},
                         {"out", output({1})}},
                        {{"rec", "li"}, {"in", "li"}, {"li", "d"}, {"d", "rec"}, {"rec", "out"}});
  Result<Interpreter> interpreter = Interpreter::create(graph, euler);
  ASSERT_TRUE(interpreter);
  std::vector<double> first, second;
  for (std::vector<double> *values : {&first, &second}) {
    for (double u : {1.0, 2.0, 3.0}) {
      ASSERT_FALSE(interpreter->setInput("in", std::vector<double>{u}));
      interpreter->step();
      values->push_back((*interpreter->observe("out", "value"))[0]);
    }
    interpreter->reset();
  }
  EXPECT_EQ(first, second);
}

TEST(InterpreterTest, SumsItsEdgesFromLeftToRight) {
  // (1e16 + -1e16) + 1 = 1, and in another order 0.
  auto graph = [](std::vector<std::pair<std::string, std::string>> edges) {
    edges.insert(edges.end(), {{"in", "a"}, {"in", "b"}, {"in", "c"}, {"sum", "out"}});
    return graphOf({{"in", input({1})},
                    {"a", affine(0.0, 1e16)},
                    {"b", affine(0.0, -1e16)},
                    {"c", affine(0.0, 1.0)},
                    {"sum", Scale{vec({1.0})}},
                    {"out", output({1})}},
                   edges);
  };
  EXPECT_THAT(run(graph({{"a", "sum"}, {"b", "sum"}, {"c", "sum"}}), {0}, "out"), ElementsAre(1));
  EXPECT_THAT(run(graph({{"a", "sum"}, {"c", "sum"}, {"b", "sum"}}), {0}, "out"), ElementsAre(0));
}

TEST(InterpreterTest, AnEdgeListedTwiceCountsTwice) {
  Graph graph = graphOf({{"in", input({1})}, {"s", Scale{vec({1.0})}}, {"out", output({1})}},
                        {{"in", "s"}, {"in", "s"}, {"s", "out"}});
  EXPECT_THAT(run(graph, {3}, "out"), ElementsAre(6));
}

TEST(InterpreterTest, ANodeWithoutEdgesGetsZero) {
  Graph graph =
      graphOf({{"in", input({1})}, {"a", affine(5.0, 2.0)}, {"out", output({1})}}, {{"a", "out"}});
  EXPECT_THAT(run(graph, {3}, "out"), ElementsAre(2));
}

/// in -> G -> out, where G holds two Inputs and two Outputs.
static Graph withPortsGraph() {
  Graph inner = graphOf({{"x", input({1})},
                         {"y", input({1})},
                         {"double", weight(2.0)},
                         {"p", output({1})},
                         {"q", output({1})}},
                        {{"x", "double"}, {"double", "p"}, {"y", "q"}});
  return graphOf({{"in", input({1})}, {"G", inner}, {"p", output({1})}, {"q", output({1})}},
                 {{"in", "G.x"}, {"in", "G.y"}, {"in", "G.y"}, {"G.p", "p"}, {"G.q", "q"}});
}

TEST(InterpreterTest, SubgraphsThroughTheirPorts) {
  EXPECT_THAT(run(withPortsGraph(), {3}, "p"), ElementsAre(6));
  EXPECT_THAT(run(withPortsGraph(), {3}, "q"), ElementsAre(6));
  EXPECT_THAT(run(withPortsGraph(), {3}, "G.double"), ElementsAre(6));
}

TEST(InterpreterTest, TenToTheFiveNodesInAChain) {
  constexpr int length = 100000;
  Graph graph;
  graph.nodes.push_back({"in", input({1}), {}});
  for (int i = 0; i < length; ++i) {
    graph.nodes.push_back({std::to_string(i), Scale{vec({1.0})}, {}});
    graph.edges.push_back({i ? std::to_string(i - 1) : "in", std::to_string(i)});
  }
  graph.nodes.push_back({"out", output({1}), {}});
  graph.edges.push_back({std::to_string(length - 1), "out"});
  EXPECT_THAT(run(graph, {7}, "out"), ElementsAre(7));
}

TEST(InterpreterTest, FifteenHundredLevels) {
  Graph graph = graphOf({{"in", input({1})}, {"s", weight(2.0)}, {"out", output({1})}},
                        {{"in", "s"}, {"s", "out"}});
  for (int level = 0; level < 1500; ++level) {
    Graph outer;
    outer.nodes.push_back({"in", input({1}), {}});
    outer.nodes.push_back({"g", std::move(graph), {}});
    outer.nodes.push_back({"out", output({1}), {}});
    outer.edges = {{"in", "g"}, {"g", "out"}};
    graph = std::move(outer);
  }
  EXPECT_THAT(run(graph, {3}, "out"), ElementsAre(6));
}

TEST(InterpreterTest, SaysWhatCanBeObserved) {
  Graph graph = graphOf({{"in", input({1})}, {"lif", relay()}, {"out", output({1})}},
                        {{"in", "lif"}, {"lif", "out"}});
  Result<Interpreter> run = Interpreter::create(graph, euler);
  ASSERT_TRUE(run);
  EXPECT_EQ(run->observe("lif", "u").error().str(),
            "error: node 'lif': cannot observe 'u' of a node of type IF, expected one of 'spikes', "
            "'v'");
  EXPECT_EQ(run->observe("lif1", "v").error().str(),
            "error: no node is called 'lif1', expected one of the nodes 'in', 'lif', 'out'\n"
            "note: did you mean 'lif'?");
  Result<Interpreter> nested = Interpreter::create(withPortsGraph(), euler);
  ASSERT_TRUE(nested);
  EXPECT_EQ(nested->observe("G", "v").error().str(),
            "error: cannot observe the subgraph 'G', expected one of the nodes 'G.x', 'G.y', "
            "'G.double', 'G.p', 'G.q'");
}

TEST(InterpreterTest, RefusesInputThatDoesNotFit) {
  Graph graph = around(Scale{vec({1, 1})}, {2}, {2});
  Result<Interpreter> run = Interpreter::create(graph, euler);
  ASSERT_TRUE(run);
  EXPECT_EQ(
      run->setInput("in", std::vector<double>{1})->str(),
      "error: node 'in': a step of input has 1 element, expected 2, as the node has shape [2]");
  EXPECT_EQ(run->setInput("node", std::vector<double>{1})->str(),
            "error: no Input is called 'node', expected one of 'in'");
}

TEST(InterpreterTest, RefusesADtThatIsNone) {
  for (double dt : {0.0, -1.0, std::numeric_limits<double>::infinity(), std::nan("")}) {
    EXPECT_FALSE(
        Interpreter::create(around(leaky(), {1}, {1}), {dt, Integrator::Euler, Reset::ToValue}));
  }
}

static Recording drive(Shape shape, const std::vector<double> &values) {
  return {1e-3, {{"in", "value", Tensor::of<double>(std::move(shape), values)}}};
}

TEST(InterpretTest, EachSampleStartsFromSilence) {
  Graph graph = around(I{vec({1.0})}, {1}, {1});
  Result<Recording> run = interpret(graph, euler, drive({2, 2, 1}, {1, 2, 10, 20}));
  ASSERT_TRUE(run) << run.error().str();
  ASSERT_EQ(run->traces.size(), 1u);
  EXPECT_EQ(run->dtSeconds, 1e-3);
  EXPECT_EQ(run->traces[0].node, "out");
  EXPECT_EQ(run->traces[0].observable, "value");
  EXPECT_EQ(run->traces[0].data.shape(), (Shape{2, 2, 1}));
  EXPECT_THAT(run->traces[0].data.toDoubles(), ElementsAre(1, 3, 10, 30));
}

TEST(InterpretTest, PastTheEndOfTheInputComesZero) {
  Graph graph = around(Scale{vec({2.0})}, {1}, {1});
  InterpretOptions options;
  options.steps = 4;
  Result<Recording> run = interpret(graph, euler, drive({1, 2, 1}, {1, 2}), options);
  ASSERT_TRUE(run) << run.error().str();
  EXPECT_THAT(run->traces[0].data.toDoubles(), ElementsAre(2, 4, 0, 0));
  options.steps = 1;
  run = interpret(graph, euler, drive({1, 2, 1}, {1, 2}), options);
  ASSERT_TRUE(run) << run.error().str();
  EXPECT_THAT(run->traces[0].data.toDoubles(), ElementsAre(2));
}

TEST(InterpretTest, TypesFollowTheSpikes) {
  IF relays{vec({1, 1}), vec({0.5, 0.5}), {}};
  Graph graph = graphOf({{"in", input({2})},
                         {"a", relays},
                         {"d", Delay{vec({0, 0})}},
                         {"f", Flatten{whole(0), whole(0), {}}},
                         {"w", Scale{vec({1, 1})}},
                         {"spikes", output({2})},
                         {"counts", output({2})},
                         {"mixed", output({2})},
                         {"analog", output({2})},
                         {"threshold", output({2})},
                         {"z", Threshold{vec({0.5, 0.5})}}},
                        {{"in", "a"},
                         {"a", "d"},
                         {"d", "f"},
                         {"f", "spikes"},
                         {"f", "counts"},
                         {"a", "counts"},
                         {"a", "mixed"},
                         {"w", "mixed"},
                         {"a", "w"},
                         {"w", "analog"},
                         {"in", "z"},
                         {"z", "threshold"}});
  InterpretOptions options;
  options.probes = {{"a", "v"}, {"f", "spikes"}, {"z", "value"}};
  Result<Recording> run = interpret(graph, euler, drive({1, 1, 2}, {1, 0}), options);
  ASSERT_TRUE(run) << run.error().str();
  auto expect = [&](size_t i, const char *node, const char *observable, DType dtype, double first) {
    EXPECT_EQ(run->traces[i].node, node);
    EXPECT_EQ(run->traces[i].observable, observable) << node;
    EXPECT_EQ(run->traces[i].data.dtype(), dtype) << node;
    EXPECT_EQ(run->traces[i].data.at(0), first) << node;
  };
  ASSERT_EQ(run->traces.size(), 8u);
  expect(0, "spikes", "spikes", DType::U8, 1);
  expect(1, "counts", "spikes", DType::I32, 2);
  expect(2, "mixed", "value", DType::F64, 2);
  expect(3, "analog", "value", DType::F64, 1);
  expect(4, "threshold", "spikes", DType::U8, 1);
  expect(5, "a", "v", DType::F64, 0);
  expect(6, "f", "spikes", DType::U8, 1);
  expect(7, "z", "value", DType::F64, 1);
}

TEST(InterpretTest, TakesAnyDTypeAndAFlattenedShape) {
  Graph graph = around(Scale{array({2, 2}, {1, 1, 1, 1})}, {2, 2}, {2, 2});
  Recording input{0.0, {{"in", "value", Tensor::of<int8_t>({1, 1, 4}, {1, -2, 3, 4})}}};
  Result<Recording> run = interpret(graph, euler, input);
  ASSERT_TRUE(run) << run.error().str();
  EXPECT_EQ(run->traces[0].data.shape(), (Shape{1, 1, 2, 2}));
  EXPECT_THAT(run->traces[0].data.toDoubles(), ElementsAre(1, -2, 3, 4));
}

TEST(InterpretTest, RefusesInputThatDoesNotFit) {
  Graph graph = around(Scale{vec({1, 1})}, {2}, {2});
  auto message = [&](const Recording &input) {
    Result<Recording> run = interpret(graph, euler, input);
    return run ? std::string("accepted") : run.error().str();
  };
  EXPECT_EQ(message({}),
            "error: node 'in': the input has no data for it, only for nothing; expected "
            "[batch, T, 2]");
  EXPECT_EQ(message(drive({1, 2, 3}, {1, 2, 3, 4, 5, 6})),
            "error: node 'in': its data has shape [1, 2, 3], expected [batch, T, 2]");
  EXPECT_EQ(message(drive({2}, {1, 2})),
            "error: node 'in': its data has shape [2], expected [batch, T, 2]");
  Recording more = drive({1, 1, 2}, {1, 2});
  more.traces.push_back({"inn", "value", Tensor::of<double>({1, 1, 2}, {1, 2})});
  EXPECT_EQ(message(more),
            "error: the input has data for 'inn', which is not an Input; the Inputs are 'in'");
}

TEST(InterpretTest, InputsOfOneRunHaveOneLength) {
  Graph graph = graphOf({{"a", input({1})}, {"b", input({1})}, {"out", output({1})}},
                        {{"a", "out"}, {"b", "out"}});
  Recording input{0.0,
                  {{"a", "value", Tensor::of<double>({1, 2, 1}, {1, 2})},
                   {"b", "value", Tensor::of<double>({1, 3, 1}, {1, 2, 3})}}};
  Result<Recording> run = interpret(graph, euler, input);
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().str(), "error: node 'b': its data has 1 sample of 3 steps, expected 1 of 2 "
                               "like that of the other Inputs");
}

TEST(InterpretTest, AGraphWithoutInputsNeedsTheNumberOfSteps) {
  Graph graph = graphOf({{"a", affine(1.0, 2.0)}, {"out", output({1})}}, {{"a", "out"}});
  EXPECT_FALSE(interpret(graph, euler, {}));
  InterpretOptions options;
  options.steps = 2;
  int64_t done = 0;
  options.progress = [&](int64_t steps, int64_t total) {
    EXPECT_EQ(total, 2);
    done = steps;
  };
  Result<Recording> run = interpret(graph, euler, {}, options);
  ASSERT_TRUE(run) << run.error().str();
  EXPECT_THAT(run->traces[0].data.toDoubles(), ElementsAre(2, 2));
  EXPECT_EQ(done, 2);
}

TEST(InterpretTest, RefusesMoreThanMemoryHolds) {
  Graph graph = around(Scale{vec({1.0})}, {1}, {1});
  InterpretOptions options;
  options.steps = int64_t{1} << 60;
  Result<Recording> run = interpret(graph, euler, drive({1, 1, 1}, {1}), options);
  ASSERT_FALSE(run);
  EXPECT_NE(run.error().str().find("do not fit into memory"), std::string::npos);
}
