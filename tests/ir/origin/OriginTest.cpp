//===- OriginTest.cpp - who wrote a graph ---------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/origin/Origin.h"
#include "tests/support/Build.h"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nir;
using namespace nir::test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

static Tensor single(std::vector<float> values) { return Tensor::vector(values); }

/// input -> node -> output, with the names that exporters give.
static Graph exported(Params params, int64_t size, const std::string &name = "1") {
  return graphOf({{"input", input({size})}, {name, std::move(params)}, {"output", output({size})}},
                 {{"input", name}, {name, "output"}});
}

static LIF lif(const Tensor &tau, const Tensor &r) {
  Tensor zero = Tensor::of<float>(tau.shape(), std::vector<float>(tau.size(), 0.0F));
  Tensor one = Tensor::of<float>(tau.shape(), std::vector<float>(tau.size(), 1.0F));
  return {tau, r, zero, one, {}};
}

static Origin originOf(const Graph &graph) { return nir::originOf(graph, {}); }

TEST(OriginTest, NorseWritesOneAndSeconds) {
  Origin origin = originOf(exported(lif(single({0.0025F}), single({1})), 1));
  EXPECT_THAT(origin.platforms, ElementsAre(Platform::Norse));
  EXPECT_FALSE(origin.isSure) << "a file written by hand can look like this";
  EXPECT_EQ(originText(origin),
            "as Norse writes it: r is 1 in all neurons, in float32; tau of '1' is 0.0025");
  EXPECT_EQ(timeText(origin),
            "in seconds: tau of '1' is 0.0025, less than one step or millisecond");
  EXPECT_EQ(undecidedUnit(origin), std::nullopt);
}

TEST(OriginTest, SnnTorchUndoesEuler) {
  // beta 0.9 and 0.8, alpha 0.5 and 0.55, dt 1e-4.
  CubaLIF neuron{
      vec({2e-4, 1e-4 / 0.45}), vec({1e-3, 5e-4}), vec({10, 5}), vec({0, 0}), vec({1, 1}), {},
      vec({2, 1 / 0.45})};
  Origin origin = originOf(exported(neuron, 2));
  EXPECT_THAT(origin.platforms, ElementsAre(Platform::SnnTorch));
  EXPECT_TRUE(origin.isSure);
  EXPECT_DOUBLE_EQ(origin.impliedDtSeconds.value_or(0), 1e-4);
  EXPECT_TRUE(isMadeForEuler(origin, 1e-4));
  EXPECT_FALSE(isMadeForEuler(origin, 1e-3));
  EXPECT_THAT(originText(origin), HasSubstr("r is tau/dt for dt 0.0001 in all neurons, and w_in is "
                                            "tau_syn/dt"));
}

TEST(OriginTest, OneNeuronThatDisagreesEndsTheClue) {
  Graph graph = exported(lif(vec({1e-3, 2e-3, 3e-3}), vec({10, 20, 31})), 3);
  EXPECT_THAT(originOf(graph).platforms, IsEmpty());
  EXPECT_EQ(originOf(graph).impliedDtSeconds, std::nullopt);
}

TEST(OriginTest, OneTimeConstantNeedsARoundStep) {
  EXPECT_EQ(originOf(exported(lif(vec({0.01}), vec({10})), 1)).impliedDtSeconds, 1e-3);
  EXPECT_EQ(originOf(exported(lif(vec({0.01}), vec({10})), 1)).dtStrength, Strength::Weak);
  EXPECT_EQ(originOf(exported(lif(vec({0.01}), vec({7})), 1)).impliedDtSeconds, std::nullopt);
}

TEST(OriginTest, AGainOfTauIsNoStepOfOne) {
  Origin origin = originOf(exported(lif(vec({0.02, 0.01}), vec({0.02, 0.01})), 2));
  EXPECT_EQ(origin.time.unit, TimeUnit::Seconds);
  EXPECT_EQ(origin.impliedDtSeconds, std::nullopt);
}

TEST(OriginTest, TwelveBitDecaysAreLoihis) {
  CubaLIF neuron{vec({1e-4 * 4096 / 1024}),
                 vec({1e-4 * 4096 / 128}),
                 vec({32}),
                 vec({0}),
                 vec({1}),
                 {},
                 vec({4})};
  EXPECT_THAT(originOf(exported(neuron, 1)).platforms,
              ElementsAre(Platform::SnnTorch, Platform::Lava));
  EXPECT_THAT(originText(originOf(exported(neuron, 1))), HasSubstr("as snnTorch or Lava write it"));
}

TEST(OriginTest, RockpoolJumpsAndDecays) {
  auto r = static_cast<float>(25.0 * std::exp(-1.0 / 25.0));
  Origin origin = originOf(exported(lif(single({0.0025F}), single({r})), 1));
  EXPECT_THAT(origin.platforms, ElementsAre(Platform::Rockpool));
  EXPECT_DOUBLE_EQ(origin.impliedDtSeconds.value_or(0), 1e-4);
  EXPECT_FALSE(isMadeForEuler(origin, 1e-4));
}

TEST(OriginTest, SpyxWritesTheDecayAsGain) {
  Origin origin = originOf(exported(lif(vec({0.01, 0.005}), vec({0.9, 0.8})), 2));
  EXPECT_THAT(origin.platforms, ElementsAre(Platform::Spyx));
  EXPECT_DOUBLE_EQ(origin.impliedDtSeconds.value_or(0), 1e-3);
}

TEST(OriginTest, ADecayAsGainAtStepOneCountsSteps) {
  Origin origin = originOf(exported(lif(vec({10, 5}), vec({0.9, 0.8})), 2));
  EXPECT_THAT(origin.platforms, ElementsAre(Platform::SnnTorch, Platform::Spyx));
  EXPECT_EQ(origin.time.unit, TimeUnit::Steps);
  EXPECT_EQ(origin.impliedDtSeconds, std::nullopt) << "a step has no seconds";
}

TEST(OriginTest, SpikingJellyUndoesTheStepOfIF) {
  Origin origin = originOf(exported(IF{vec({1e4}), vec({1}), vec({0})}, 1));
  EXPECT_THAT(origin.platforms, ElementsAre(Platform::SpikingJelly));
  EXPECT_FALSE(origin.time.dependsOnTime);
  EXPECT_EQ(timeText(origin), "no unit: no node has a time constant or a delay");
}

TEST(OriginTest, WhatNoExporterWritesCannotBeKnown) {
  Graph graph = graphOf({{"in", input({1})}, {"lif", lif(vec({0.01}), vec({1}))}}, {{"in", "lif"}});
  EXPECT_EQ(
      originText(originOf(graph)),
      "cannot be known: no platform is known to write so: r is 1 in all neurons, and not in "
      "float32; tau of 'lif' is 0.01; the Input is called 'in', which exporters call 'input'");
  EXPECT_EQ(originText(originOf(Graph())),
            "cannot be known: nothing in the graph is one platform's habit");
}

TEST(OriginTest, AWholeTauIsUndecided) {
  Origin origin = originOf(exported(lif(single({10}), single({1})), 1));
  EXPECT_EQ(timeText(origin),
            "cannot be known: tau of '1' is 10, in seconds, milliseconds or steps");
  Status error = undecidedUnit(origin);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->str(), "error: tau of '1' is 10, and nothing says whether in seconds, "
                          "milliseconds or steps: each gives different spikes\n"
                          "note: --time-unit s|ms|steps decides; NIR's own unit is the second, "
                          "Sinabs counts steps");
}

TEST(OriginTest, NoTimeIsLessThanAStep) {
  Origin mixed = originOf(exported(lif(vec({10, 0.5}), vec({1, 1})), 2));
  EXPECT_THAT(mixed.time.candidates, ElementsAre(TimeUnit::Seconds, TimeUnit::Milliseconds));
  Origin slow = originOf(exported(lif(vec({2, 0.001}), vec({1, 1})), 2));
  EXPECT_EQ(slow.time.unit, TimeUnit::Seconds) << "1 us is no membrane's";
}

TEST(OriginTest, WhatIsStatedComesFirst) {
  Graph graph = exported(lif(single({10}), single({1})), 1);
  Origin origin = nir::originOf(graph, {.origin = "mine", .timeUnit = TimeUnit::Milliseconds});
  EXPECT_EQ(originText(origin), "mine, as the file states");
  EXPECT_EQ(timeText(origin), "in milliseconds: as stated");
  EXPECT_EQ(undecidedUnit(origin), std::nullopt);
}

TEST(OriginTest, OnlyTheSureIsWrittenDown) {
  Origin norse = originOf(exported(lif(single({0.0025F}), single({1})), 1));
  EXPECT_EQ(completed({}, norse).origin, "");
  EXPECT_EQ(completed({}, norse).timeUnit, TimeUnit::Seconds);
  Origin torch = originOf(exported(lif(vec({1e-3, 2e-3}), vec({10, 20})), 2, "lif.w_rec"));
  EXPECT_EQ(completed({}, torch).origin, "snntorch");
  EXPECT_EQ(completed({}, torch).dtSeconds, std::nullopt) << "of one capacitance, 1e-4";
  double gain = 1.0 / 0.17, other = 1.0 / 0.23;
  Graph trained = exported(lif(vec({1e-4 * gain, 1e-4 * other}), vec({gain, other})), 2);
  EXPECT_DOUBLE_EQ(completed({}, originOf(trained)).dtSeconds.value_or(0), 1e-4);
}

TEST(OriginTest, ALoneRoundGainIsNoUnitEither) {
  EXPECT_EQ(originOf(exported(lif(vec({10}), vec({10})), 1)).time.unit, std::nullopt);
}

TEST(OriginTest, CluesOfTwoKindsLeaveNoDoubt) {
  auto r = static_cast<float>(25.0 * std::exp(-1.0 / 25.0));
  LIF neuron = lif(single({0.0025F}), single({r}));
  EXPECT_EQ(originOf(exported(neuron, 1)).dtStrength, Strength::Strong);
  EXPECT_EQ(originOf(exported(neuron, 1, "1_LIFNeuronTorch")).dtStrength, Strength::Sure);

  // The Braille network that snnTorch's authors published has r 10 and 2.2222, and w_in beside it.
  CubaLIF braille{vec({2e-4}), vec({1e-4 / 0.45}), vec({1 / 0.45}), vec({0}), vec({1}), {},
                  vec({2})};
  EXPECT_EQ(originOf(exported(braille, 1)).dtStrength, Strength::Sure);
}

TEST(OriginTest, CluesThatContradictEachOtherShowNoStep) {
  Graph graph = graphOf({{"input", input({1})},
                         {"if", IF{vec({1e4}), vec({1}), vec({0})}},
                         {"lif", lif(vec({0.0125}), vec({12.5}))},
                         {"output", output({1})}},
                        {{"input", "if"}, {"if", "lif"}, {"lif", "output"}});
  EXPECT_EQ(originOf(graph).impliedDtSeconds, std::nullopt);
}
