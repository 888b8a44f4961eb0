//===- InterpreterNodesTest.cpp - stateless nodes and delays --------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/reference/steps/Interpreter.h"
#include "tests/support/Build.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nir;
using namespace nir::test;
using testing::ElementsAre;
using testing::ElementsAreArray;

static const Semantics euler{1e-3, Integrator::Euler, Reset::ToValue};

/// What "node" passes on in a step with that input.
static std::vector<double> apply(const Params &params, const std::vector<int64_t> &shape,
                                 const std::vector<double> &value) {
  // No Output: each test would have to say its shape, and `check` only warns.
  Graph graph = graphOf({{"in", input(shape)}, {"node", params}}, {{"in", "node"}});
  Result<Interpreter> run = Interpreter::create(graph, euler);
  EXPECT_TRUE(run) << run.error().str();
  Status bad = run->setInput("in", value);
  EXPECT_FALSE(bad) << bad->str();
  run->step();
  std::span<const double> result = *run->observe("node", "value");
  return {result.begin(), result.end()};
}

/// 1, 2, 3, ... n.
static std::vector<double> counting(int n) {
  std::vector<double> values;
  for (int i = 1; i <= n; ++i) {
    values.push_back(i);
  }
  return values;
}

TEST(NodesTest, Affine) {
  Affine affine{array({2, 3}, {1, 2, 3, 4, 5, 6}), vec({10, 20})};
  EXPECT_THAT(apply(affine, {3}, {1, 0, -1}), ElementsAre(8, 18));
}

TEST(NodesTest, AffineStartsItsSumFromTheBias) {
  // (1e16 + 1) + (-1e16) is 0, 1e16 + (-1e16) + 1 would be 1.
  Affine affine{array({1, 2}, {1, -1e16}), vec({1e16})};
  EXPECT_THAT(apply(affine, {2}, {1, 1}), ElementsAre(0.0));
}

TEST(NodesTest, LinearWithLeadingDimensions) {
  // Two matrices of one row each.
  Linear linear{array({2, 1, 3}, {1, 1, 1, 1, 10, 100})};
  EXPECT_THAT(apply(linear, {2, 3}, {1, 2, 3, 1, 2, 3}), ElementsAre(6, 321));
}

TEST(NodesTest, IntegerAndHalfWeights) {
  Linear linear{Tensor::of<int8_t>({1, 2}, {-3, 4})};
  EXPECT_THAT(apply(linear, {2}, {1, 0.5}), ElementsAre(-1.0));
}

TEST(NodesTest, Scale) {
  EXPECT_THAT(apply(Scale{vec({2, -1})}, {2}, {3, 4}), ElementsAre(6, -4));
  EXPECT_THAT(apply(Scale{number(0.5)}, {2}, {3, 4}), ElementsAre(1.5, 2));
}

TEST(NodesTest, ThresholdIsStrict) {
  EXPECT_THAT(apply(Threshold{vec({1, 1, 1})}, {3}, {0.5, 1, 1.5}), ElementsAre(0, 0, 1));
}

TEST(NodesTest, FlattenMovesNoNumber) {
  EXPECT_THAT(apply(Flatten{whole(0), whole(-1), {}}, {2, 3}, counting(6)),
              ElementsAreArray(counting(6)));
}

static Conv1d conv1d(const Tensor &weight, const Padding &padding, int64_t stride = 1,
                     int64_t dilation = 1, int64_t groups = 1) {
  std::vector<double> bias(static_cast<size_t>(weight.shape()[0]), 0.0);
  return {{}, weight, whole(stride), padding, whole(dilation), whole(groups), vec(bias)};
}

TEST(NodesTest, Conv1dCorrelates) {
  // Not flipped: 1·1 + 10·2, ...
  Tensor kernel = array({1, 1, 2}, {1, 10});
  EXPECT_THAT(apply(conv1d(kernel, std::string("valid")), {1, 4}, {1, 2, 3, 4}),
              ElementsAre(21, 32, 43));
  EXPECT_THAT(apply(conv1d(kernel, whole(1), 2), {1, 4}, {1, 2, 3, 4}), ElementsAre(10, 32, 4));
}

TEST(NodesTest, SameWithAnEvenKernelPadsBehind) {
  // K - 1 = 1 zero in total, the smaller half, 0, in front.
  Tensor kernel = array({1, 1, 2}, {1, 10});
  EXPECT_THAT(apply(conv1d(kernel, std::string("same")), {1, 4}, {1, 2, 3, 4}),
              ElementsAre(21, 32, 43, 4));
}

TEST(NodesTest, Conv1dDilates) {
  Tensor kernel = array({1, 1, 2}, {1, 10});
  EXPECT_THAT(apply(conv1d(kernel, whole(0), 1, 3), {1, 5}, {1, 2, 3, 4, 5}), ElementsAre(41, 52));
  // same: dilation · (K - 1) = 3 zeros, 1 in front
  EXPECT_THAT(apply(conv1d(kernel, std::string("same"), 1, 3), {1, 5}, {1, 2, 3, 4, 5}),
              ElementsAre(30, 41, 52, 3, 4));
}

TEST(NodesTest, Conv1dGroups) {
  // Two groups of one channel, two outputs each.
  Tensor kernel = array({4, 1, 1}, {1, 2, 3, 4});
  EXPECT_THAT(apply(conv1d(kernel, whole(0), 1, 1, 2), {2, 2}, {1, 2, 10, 20}),
              ElementsAre(1, 2, 2, 4, 30, 60, 40, 80));
}

TEST(NodesTest, Conv2dRectangular) {
  // A kernel of 1 x 2 over 2 rows and 3 columns; stride (1, 1), padding (1, 0).
  Conv2d conv{{},
              array({1, 1, 1, 2}, {1, 10}),
              wholes({1, 1}),
              wholes({1, 0}),
              wholes({1, 1}),
              whole(1),
              vec({0.5})};
  EXPECT_THAT(apply(conv, {1, 2, 3}, {1, 2, 3, 4, 5, 6}),
              ElementsAre(0.5, 0.5, 21.5, 32.5, 54.5, 65.5, 0.5, 0.5));
}

TEST(NodesTest, Conv2dSumsOverChannels) {
  Conv2d conv{wholes({2, 2}), array({1, 2, 2, 2}, {1, 2, 3, 4, 10, 20, 30, 40}),
              whole(1),       std::string("valid"),
              whole(1),       whole(1),
              vec({0.0})};
  EXPECT_THAT(apply(conv, {2, 2, 2}, {1, 1, 1, 1, 1, 0, 0, 1}), ElementsAre(60));
}

TEST(NodesTest, SumPool2d) {
  SumPool2d pool{wholes({2, 2}), wholes({2, 1}), wholes({0, 0})};
  EXPECT_THAT(apply(pool, {1, 4, 3}, counting(12)),
              ElementsAre(1 + 2 + 4 + 5, 2 + 3 + 5 + 6, 7 + 8 + 10 + 11, 8 + 9 + 11 + 12));
}

TEST(NodesTest, AvgPool2dCountsPadding) {
  AvgPool2d pool{whole(2), whole(2), whole(1)};
  EXPECT_THAT(apply(pool, {1, 2, 2}, {4, 8, 12, 16}), ElementsAre(1, 2, 3, 4));
}

/// What a Delay passes on over time when t + 1 enters at step t, for each element.
static std::vector<std::vector<double>> delayed(const Tensor &delay, int steps, double dt) {
  std::vector<int64_t> shape = delay.shape();
  Graph graph = graphOf({{"in", input(shape)}, {"node", Delay{delay}}}, {{"in", "node"}});
  Result<Interpreter> run = Interpreter::create(graph, {dt, Integrator::Euler, Reset::ToValue});
  EXPECT_TRUE(run) << run.error().str();
  std::vector<std::vector<double>> values;
  for (int t = 0; t < steps; ++t) {
    std::vector<double> value(static_cast<size_t>(delay.size()), t + 1.0);
    EXPECT_FALSE(run->setInput("in", value));
    run->step();
    std::span<const double> out = *run->observe("node", "value");
    values.emplace_back(out.begin(), out.end());
  }
  return values;
}

TEST(NodesTest, DelayRoundsEachElementToSteps) {
  // 0, 1 (from 1.4 steps), 2 (from 1.5), 3 steps.
  std::vector<std::vector<double>> all = delayed(vec({0.0, 1.4, 1.5, 3.0}), 4, 1.0);
  EXPECT_THAT(all[0], ElementsAre(1, 0, 0, 0));
  EXPECT_THAT(all[1], ElementsAre(2, 1, 0, 0));
  EXPECT_THAT(all[2], ElementsAre(3, 2, 1, 0));
  EXPECT_THAT(all[3], ElementsAre(4, 3, 2, 1));
}

TEST(NodesTest, DelayOfAtLeastAStepInEveryElement) {
  std::vector<std::vector<double>> all = delayed(vec({1.0, 2.0}), 4, 1.0);
  EXPECT_THAT(all[0], ElementsAre(0, 0));
  EXPECT_THAT(all[1], ElementsAre(1, 0));
  EXPECT_THAT(all[2], ElementsAre(2, 1));
  EXPECT_THAT(all[3], ElementsAre(3, 2));
}

TEST(NodesTest, RefusesADelayTooLongToHold) {
  Graph graph = around(Delay{vec({1e9})}, {1}, {1});
  Result<Interpreter> run = Interpreter::create(graph, {1e-4, Integrator::Euler, Reset::ToValue});
  ASSERT_FALSE(run);
  EXPECT_EQ(
      run.error().str(),
      "error: node 'node': delay 1000000000 comes to 10000000000000 steps of 0.0001, expected "
      "at most 2^31\nnote: take a larger dt");
  EXPECT_FALSE(Interpreter::create(around(Delay{vec(std::vector<double>(600, 2e6))}, {600}, {600}),
                                   {1.0, Integrator::Euler, Reset::ToValue}));
}
