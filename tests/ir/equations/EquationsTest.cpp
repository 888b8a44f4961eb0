//===- EquationsTest.cpp - updates as they are written out ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The equations are told from the rule, not from the interpreter; what ties the two is that rules
// which compute different numbers never read alike.
//
//===----------------------------------------------------------------------===//

#include "ir/equations/Equations.h"
#include "backends/reference/steps/Interpreter.h"
#include "ir/choices/Choices.h"
#include "ir/choices/Presets.h"
#include "tests/support/Build.h"
#include "tests/support/Random.h"
#include "tests/support/RandomSemantics.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>

using namespace nir;
using namespace nir::test;
using testing::ElementsAre;

namespace {

std::vector<std::string> equationsOf(const char *text, Family family) {
  Result<Semantics> semantics = semanticsOf(text);
  EXPECT_TRUE(semantics) << semantics.error().str();
  return equations((*semantics)[family], family);
}

TEST(EquationsTest, NirsAreEulerSteps) {
  EXPECT_THAT(
      equationsOf("nir", Family::IF),
      ElementsAre("v = v + r u", "s = 1 if v > v_threshold, else 0", "v = v_reset if s > 0"));
  EXPECT_THAT(equationsOf("nir", Family::LIF),
              ElementsAre("v = (1 - k) v + k r u + k v_leak", "s = 1 if v > v_threshold, else 0",
                          "v = v_reset if s > 0"));
  EXPECT_THAT(equationsOf("nir", Family::CubaLIF),
              ElementsAre("i = (1 - b) i + b w_in u", "v = (1 - a) v + a r i + a v_leak",
                          "s = 1 if v > v_threshold, else 0", "v = v_reset if s > 0"));
}

TEST(EquationsTest, UnitsAreNamedWhereTheyChange) {
  EXPECT_THAT(equationsOf("snntorch", Family::CubaLIF),
              ElementsAre("c = b w_in a r   (v is in units of c)", "i = (1 - b) i + u",
                          "v = (1 - a) v + i + a v_leak / c",
                          "s = 1 if v > v_threshold / c, else 0", "v = 0 if s > 0"));
  EXPECT_THAT(equationsOf("gain=unit,drive=impulse", Family::LIF),
              ElementsAre("c = r / tau   (v is in units of c)", "v = (1 - k) v + u + k v_leak / c",
                          "s = 1 if v > v_threshold / c, else 0", "v = v_reset / c if s > 0"));
}

TEST(EquationsTest, LateResetsStandWhereTheyAct) {
  EXPECT_THAT(equationsOf("spyx", Family::LIF),
              ElementsAre("s = 1 if v > v_threshold, else 0", "v = (1 - k) v + u",
                          "v = v - s v_threshold"));
  EXPECT_THAT(equationsOf("spyx", Family::CubaLIF),
              ElementsAre("s = 1 if v > v_threshold, else 0", "v = v - s v_threshold",
                          "i = (1 - b) i + u", "v = (1 - a) v + i"));
  EXPECT_THAT(equationsOf("snntorch-native", Family::LIF),
              ElementsAre("late = 1 if v > v_threshold, else 0", "v = (1 - k) v + u",
                          "v = v - late v_threshold", "s = 1 if v > v_threshold, else 0"));
}

TEST(EquationsTest, FloorsSpikesAndTheRestOfAStep) {
  EXPECT_THAT(equationsOf("sinabs", Family::IF),
              ElementsAre("v = v + u", "v = max(v, -v_threshold)",
                          "s = max(1, floor(v / v_threshold)) if v >= v_threshold, else 0",
                          "v = v - s v_threshold"));
  EXPECT_THAT(equationsOf("spikes-per-step=multi,reset=subtract", Family::IF),
              ElementsAre("v = v + r u",
                          "s = max(1, ceil((v - v_reset) / (v_threshold - v_reset)) - 1) if v > "
                          "v_threshold, else 0",
                          "v = v - s (v_threshold - v_reset)"));
  EXPECT_THAT(
      equationsOf("nengo-direct,IF.drive=held,after-spike=rest", Family::LIF),
      ElementsAre("v = exp(-w k) v + (1 - exp(-w k)) r u + (1 - exp(-w k)) v_leak", "v = max(v, 0)",
                  "s = 1 if v > v_threshold, else 0",
                  "w = -log(1 - (v - v_threshold) / (r u + v_leak - v_threshold)) / k if s and it "
                  "is between 0 and 1, else 1",
                  "v = 0 if s > 0"));
}

TEST(EquationsTest, OrderOfCurrentAndMembrane) {
  EXPECT_THAT(equationsOf("hxtorch", Family::CubaLIF),
              ElementsAre("v = (1 - a) v + a r i + a v_leak", "i = (1 - b) i + u",
                          "s = 1 if v > v_threshold, else 0", "v = v_reset if s > 0"));
  EXPECT_THAT(equationsOf("rockpool,ignore=v_leak+v_reset", Family::CubaLIF),
              ElementsAre("i = exp(-b) (i + u)", "v = exp(-a) v + i",
                          "s = max(1, floor(v / v_threshold)) if v >= v_threshold, else 0",
                          "v = v - s v_threshold"));
  EXPECT_THAT(equationsOf("integrator=exact", Family::CubaLIF)[1],
              "v = exp(-a) v + r q i + r w_in (1 - exp(-a) - q) u + (1 - exp(-a)) v_leak");
}

/// The bits of 60 steps of a neuron whose parameters tell all choices apart.
std::string numbers(const NeuronRule &rule, Family family) {
  Semantics semantics(1e-3);
  semantics[family] = rule;
  Params neuron = family == Family::IF ? Params(IF{vec({1.25}), vec({0.8}), vec({0.1})})
                  : family == Family::LIF
                      ? Params(LIF{vec({7e-3}), vec({3.5}), vec({0.15}), vec({0.8}), vec({0.1})})
                      : Params(CubaLIF{vec({4e-3}), vec({7e-3}), vec({3.5}), vec({0.15}),
                                       vec({0.8}), vec({0.1}), vec({1.5})});
  Result<Interpreter> run = Interpreter::create(around(neuron, {1}, {1}), semantics);
  EXPECT_TRUE(run) << run.error().str();
  Random random(3);
  std::string text;
  for (int step = 0; step < 60 && run; ++step) {
    double u = random.chance(0.3)   ? 0.0
               : random.chance(0.2) ? -1.5
               : random.chance(0.5) ? 0.5
                                    : 3.0;
    EXPECT_FALSE(run->setInput("in", std::vector<double>{u}));
    run->step();
    text += fmt::format("{:a} {};", (*run->observe("node", "v"))[0],
                        (*run->observe("node", "spikes"))[0]);
  }
  return text;
}

TEST(EquationsTest, RulesThatReadAlikeComputeTheSame) {
  for (Family family : families) {
    std::map<std::string, std::string> seen; // equations -> numbers
    size_t alike = 0;
    auto see = [&](const Semantics &semantics) {
      std::string text = fmt::format("{}", fmt::join(equations(semantics[family], family), "\n"));
      std::string found = numbers(semantics[family], family);
      auto [known, isNew] = seen.emplace(text, found);
      alike += isNew ? 0 : 1;
      EXPECT_EQ(known->second, found) << name(family) << ", " << semantics.text() << ":\n" << text;
    };
    for (const Preset &preset : presets()) {
      see(*presetSemantics(preset.name));
    }
    Random random(17);
    for (int i = 0; i < 3000; ++i) {
      see(randomChoices(random));
    }
    EXPECT_GT(seen.size(), 100u) << "the rules hardly differ";
    EXPECT_GT(alike, 100u) << "no two rules read alike, so nothing was compared";
  }
}

} // namespace
