//===- InterpreterRoundingTest.cpp - what rounds where --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// docs/semantics.md, "Rounding", case by case, on numbers that another order or another precision
// would show.
//
//===----------------------------------------------------------------------===//

#include "backends/reference/steps/Interpreter.h"
#include "tests/support/Build.h"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

using namespace nir;
using namespace nir::test;
using testing::ElementsAre;

namespace {

const Semantics steps{1e-3, Integrator::Euler, Reset::ToValue};
constexpr float infinity = std::numeric_limits<float>::infinity();

/// What `observable` of "node" is after one step with that input.
template <typename Number>
std::vector<Number> after(const Params &params, const std::vector<double> &value,
                          const std::string &observable = "value",
                          Integrator integrator = Integrator::Euler) {
  Graph graph = graphOf({{"in", input({static_cast<int64_t>(value.size())})}, {"node", params}},
                        {{"in", "node"}});
  auto run = BasicInterpreter<Number>::create(graph, {1e-3, integrator, Reset::Subtract});
  EXPECT_TRUE(run) << run.error().str();
  Status bad = run->setInput("in", value);
  EXPECT_FALSE(bad) << bad->str();
  run->step();
  std::span<const Number> result = *run->observe("node", observable);
  return {result.begin(), result.end()};
}

TEST(RoundingTest, SumsRoundAfterEachTermInAscendingOrder) {
  // 1 + 2^-24 is a tie that goes back to 1; the other way round 2^-23 is there before the 1 is.
  Linear ascending{array({1, 3}, {1, 0x1p-24, 0x1p-24})};
  Linear descending{array({1, 3}, {0x1p-24, 0x1p-24, 1})};
  EXPECT_THAT(after<float>(ascending, {1, 1, 1}), ElementsAre(1.0f));
  EXPECT_THAT(after<float>(descending, {1, 1, 1}), ElementsAre(1.0f + 0x1p-23f));
  EXPECT_THAT(after<double>(ascending, {1, 1, 1}), ElementsAre(1.0 + 0x1p-23));
}

/// What a convolution whose kernel is as long as its input makes of it.
float afterConv1d(const std::vector<double> &kernel, double bias,
                  const std::vector<double> &value) {
  auto size = static_cast<int64_t>(kernel.size());
  Conv1d conv{
      wholes({size}), array({1, 1, size}, kernel), whole(1), Padding(whole(0)), whole(1), whole(1),
      vec({bias})};
  Graph graph = graphOf({{"in", input({1, size})}, {"node", conv}}, {{"in", "node"}});
  auto run = BasicInterpreter<float>::create(graph, steps);
  EXPECT_TRUE(run) << run.error().str();
  EXPECT_FALSE(run->setInput("in", value));
  run->step();
  return (*run->observe("node", "value"))[0];
}

TEST(RoundingTest, ConvolutionsSumInAscendingOrder) {
  EXPECT_EQ(afterConv1d({1, 0x1p-24, 0x1p-24}, 0, {1, 1, 1}), 1.0f);
  EXPECT_EQ(afterConv1d({0x1p-24, 0x1p-24, 1}, 0, {1, 1, 1}), 1.0f + 0x1p-23f);
}

TEST(RoundingTest, InputsAndParametersAreRounded) {
  EXPECT_THAT(after<float>(Scale{vec({1})}, {16777217.0}), ElementsAre(16777216.0f));
  EXPECT_THAT(after<float>(Scale{vec({0.1})}, {1}), ElementsAre(0.1f));
  EXPECT_THAT(after<float>(Threshold{vec({0.1})}, {0.1}), ElementsAre(0.0f));
  // An integer weight goes by way of float64, as all that a file holds: 2^54 + 2^30 + 1 loses its
  // last bit there, and is then halfway between two floats.
  Tensor whole = Tensor::of<int64_t>({1, 1}, {(int64_t{1} << 54) + (int64_t{1} << 30) + 1});
  EXPECT_THAT(after<float>(Linear{whole}, {1}), ElementsAre(0x1p54f));
}

TEST(RoundingTest, CoefficientsAreFoundInFloat64) {
  LIF lif{vec({4e-3}), vec({3.5}), vec({0}), vec({10}), vec({0})};
  auto wanted = static_cast<float>(-std::expm1(-(1e-3 / 4e-3)) * 3.5);
  ASSERT_NE(wanted, -std::expm1(-(1e-3f / 4e-3f)) * 3.5f) << "these would show nothing";
  EXPECT_THAT(after<float>(lif, {1}, "v", Integrator::ExpEuler), ElementsAre(wanted));
}

TEST(RoundingTest, WhatNeverSpikesTakesWholeSteps) {
  // With after-spike=rest a LIF finds its shares in the step, in float32; a LI has coefficients.
  LI li{vec({4e-3}), vec({3.5}), vec({0})};
  Semantics rest{1e-3, Integrator::ExpEuler, Reset::ToValue};
  rest[Family::LIF].afterSpike = AfterSpike::Rest;
  auto run = BasicInterpreter<float>::create(around(li, {1}, {1}), rest);
  ASSERT_TRUE(run) << run.error().str();
  ASSERT_FALSE(run->setInput("in", std::vector<double>{1}));
  run->step();
  EXPECT_EQ((*run->observe("node", "v"))[0], static_cast<float>(-std::expm1(-(1e-3 / 4e-3)) * 3.5));
}

TEST(RoundingTest, ThresholdMinusResetIsACoefficient) {
  IF neuron{vec({1}), vec({0.3}), vec({0.1})};
  auto span = static_cast<float>(0.3 - 0.1);
  ASSERT_NE(0.4f - span, 0.4f - (0.3f - 0.1f)) << "these would show nothing";
  EXPECT_THAT(after<float>(neuron, {0.4}, "v"), ElementsAre(0.4f - span));
}

TEST(RoundingTest, StatesAreRoundedEveryStep) {
  Graph graph = around(I{vec({1})}, {1}, {1});
  auto run = BasicInterpreter<float>::create(graph, steps);
  ASSERT_TRUE(run) << run.error().str();
  ASSERT_FALSE(run->setInput("in", std::vector<double>{0.1}));
  float v = 0.0f;
  for (int t = 0; t < 100; ++t) {
    run->step();
    v += 0.1f;
  }
  ASSERT_NE(v, static_cast<float>(100 * 0.1));
  EXPECT_EQ((*run->observe("node", "v"))[0], v);
}

TEST(RoundingTest, CoefficientsThatAFloatCannotHoldAreRefused) {
  Graph graph = around(I{vec({1e39})}, {1}, {1});
  EXPECT_TRUE(BasicInterpreter<double>::create(graph, steps));
  auto run = BasicInterpreter<float>::create(graph, steps);
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().node, "node");
  EXPECT_EQ(run.error().message, "a coefficient of its update at dt 0.001 is not finite in "
                                 "float32, expected parameters and dt of similar magnitude");
}

// 1e39 is infinite as a float, and infinity * 0 is NaN.
TEST(RoundingTest, InputsThatAreZeroAddNoTerm) {
  for (double zero : {0.0, -0.0}) {
    Affine affine{array({1, 2}, {1e39, 2}), vec({1})};
    EXPECT_THAT(after<float>(affine, {zero, 3}), ElementsAre(7.0f));
    EXPECT_THAT(after<float>(affine, {1, 3}), ElementsAre(infinity));
    // -0.0 + 0.0 is 0.0.
    Affine negative{array({1, 2}, {1, -1}), vec({-0.0})};
    EXPECT_TRUE(std::signbit(after<float>(negative, {zero, zero})[0]));
    EXPECT_TRUE(std::signbit(after<double>(negative, {zero, zero})[0]));
  }
  EXPECT_TRUE(std::isnan(after<float>(Linear{array({1, 2}, {1, 1})}, {std::nan(""), 1})[0]));
  EXPECT_TRUE(std::isnan(after<float>(Scale{vec({1e39})}, {0})[0]));
}

TEST(RoundingTest, InputsOfAConvolutionThatAreZeroAddNoTerm) {
  EXPECT_EQ(afterConv1d({1e39, 2, 1e39}, 1, {0, 3, -0.0}), 7.0f);
  EXPECT_EQ(afterConv1d({1e39, 2, 1e39}, 1, {0, 3, 1}), infinity);
}

TEST(RoundingTest, TracesAreOfTheRunsDtype) {
  Graph graph = around(LI{vec({7e-3}), vec({3.5}), vec({0})}, {1}, {1});
  Recording drive{1e-3, {{"in", "value", array({1, 2, 1}, {1, 2})}}};
  for (DType dtype : {DType::F32, DType::F64}) {
    Result<Recording> run =
        interpret(graph, steps, drive, {.probes = {{"node", "v"}}, .dtype = dtype});
    ASSERT_TRUE(run) << run.error().str();
    EXPECT_EQ(run->find("out", "value")->data.dtype(), dtype);
    EXPECT_EQ(run->find("node", "v")->data.dtype(), dtype);
  }
  Result<Recording> run = interpret(graph, steps, drive, {.dtype = DType::F16});
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().message, "found dtype float16, expected float32 or float64");
}

} // namespace
