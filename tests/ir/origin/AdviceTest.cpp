//===- AdviceTest.cpp - warnings about choices of steps -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/origin/Advice.h"
#include "ir/choices/Choices.h"
#include "tests/support/Build.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nir;
using namespace nir::test;
using testing::ElementsAre;
using testing::IsEmpty;

static std::vector<std::string> advice(const Graph &graph, const Stepping &stepping) {
  std::vector<std::string> all;
  for (const Diagnostic &diagnostic : adviceOn(graph, stepping)) {
    all.push_back(diagnostic.str());
  }
  return all;
}

static LIF lif(double tau, double leak = 0.0) {
  return {vec({tau}), vec({1}), vec({leak}), vec({1}), {}};
}
static Graph lifGraph(double tau, double leak = 0.0) { return around(lif(tau, leak), {1}, {1}); }
static Graph delayGraph(const std::vector<double> &delays) {
  auto n = static_cast<int64_t>(delays.size());
  return around(Delay{vec(delays)}, {n}, {n});
}

TEST(AdviceTest, SaysNothingOfAnOrdinaryGraph) {
  EXPECT_THAT(advice(lifGraph(0.01), {.dtSeconds = 1e-3}), IsEmpty());
  EXPECT_THAT(advice(delayGraph({0.0006, 0.0}), {.dtSeconds = 1e-4}), IsEmpty())
      << "0.0006 / 0.0001 is 5.999... in floating point";
}

TEST(AdviceTest, DelayBetweenSteps) {
  EXPECT_THAT(
      advice(delayGraph({1e-3, 1.4e-3}), {.dtSeconds = 1e-3}),
      ElementsAre("warning: node 'node': delay 0.0014 s is 1.4 steps of 0.001 s, expected a "
                  "whole number\nnote: it runs as 1 step: what passes arrives 0.0004 s too "
                  "early"));
  EXPECT_THAT(
      advice(delayGraph({1.1e-3, 2.5e-3}), {.dtSeconds = 1e-3}),
      ElementsAre("warning: node 'node': delay 0.0025 s is 2.5 steps of 0.001 s, expected a "
                  "whole number, the farthest off of 2 such elements\nnote: it runs as 3 "
                  "steps: what passes arrives 0.0005 s too late"));
  EXPECT_THAT(advice(delayGraph({1.4e-3}), {}), IsEmpty()) << "no step, no error of rounding";
}

TEST(AdviceTest, StepsTooLongForEuler) {
  EXPECT_THAT(
      advice(lifGraph(0.01), {.dtSeconds = 6e-3}),
      ElementsAre("warning: node 'node': dt/tau is 0.6 (0.006 s / 0.01 s), expected at most "
                  "0.5: under euler the decay of a step is far from exp(-dt/tau)\nnote: it "
                  "keeps 0.4 of the state where 0.549 is exact; --integrator exp-euler "
                  "decays exactly; euler needs --dt 0.005 or less"));
  EXPECT_THAT(
      advice(lifGraph(0.01), {.dtSeconds = 15e-3}),
      ElementsAre("warning: node 'node': dt/tau is 1.5 (0.015 s / 0.01 s), expected at most "
                  "1: under euler each step overshoots rest and changes sign\nnote: "
                  "--integrator exp-euler decays exactly; euler needs --dt 0.005 or less"));
  EXPECT_THAT(
      advice(lifGraph(0.01), {.dtSeconds = 20e-3}),
      ElementsAre("error: node 'node': dt/tau is 2 (0.02 s / 0.01 s), expected less than 2: "
                  "under euler the state grows without bound\nnote: --integrator exp-euler "
                  "decays exactly; euler needs --dt 0.005 or less"));
}

TEST(AdviceTest, ExponentialStepsMayBeLong) {
  EXPECT_THAT(advice(lifGraph(0.01), {.dtSeconds = 1.0, .semantics = {1.0, Integrator::ExpEuler}}),
              IsEmpty());
  EXPECT_THAT(advice(lifGraph(0.01), {.dtSeconds = 1.0, .semantics = {1.0, Integrator::Exact}}),
              IsEmpty());
}

TEST(AdviceTest, EulerIsRightForWhatWasMadeForIt) {
  EXPECT_THAT(advice(lifGraph(0.01), {.dtSeconds = 6e-3, .isMadeForEuler = true}), IsEmpty());
  EXPECT_EQ(advice(lifGraph(0.01), {.dtSeconds = 15e-3, .isMadeForEuler = true}).size(), 1U);
}

TEST(AdviceTest, BothTimeConstantsOfACurrentBasedNeuron) {
  CubaLIF neuron{vec({1e-3}), vec({1e-2}), vec({1}), vec({0}), vec({1}), {}, vec({1})};
  std::vector<std::string> found = advice(around(neuron, {1}, {1}), {.dtSeconds = 8e-3});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_THAT(found[0], testing::StartsWith("error: node 'node': dt/tau_syn is 8"));
  EXPECT_THAT(found[1], testing::StartsWith("warning: node 'node': dt/tau_mem is 0.8"));
}

TEST(AdviceTest, TonicFiring) {
  EXPECT_THAT(advice(lifGraph(0.01, 1.2), {}),
              ElementsAre("note: node 'node': v_leak 1.2 is above v_threshold 1\nnote: the neuron "
                          "fires again and again without any input"));
}

TEST(AdviceTest, StartAboveTheThreshold) {
  LIF neuron{vec({0.01, 0.01}), vec({1, 1}), vec({-65, -65}), vec({-50, -50}), vec({-65, -65})};
  EXPECT_THAT(
      advice(around(neuron, {2}, {2}), {}),
      ElementsAre("warning: node 'node': v starts at 0, and v_threshold is -50 in 2 of 2 neurons: "
                  "they spike in step 0, without any input\nnote: as in numbers in mV, "
                  "rest is at -65: --start v_leak starts there; or with -65 taken from v_leak, "
                  "v_reset and v_threshold, which is "
                  "15 then, the network is the same and starts at rest"));
  Graph zero = around(IF{vec({1}), vec({0}), vec({-1})}, {1}, {1});
  EXPECT_THAT(advice(zero, {}), IsEmpty()) << "v > v_threshold does not hold at 0";
  Stepping orEqual;
  orEqual.semantics[Family::IF].spikeWhen = SpikeWhen::GreaterOrEqual;
  EXPECT_EQ(advice(zero, orEqual).size(), 1U);
}

/// What is said of a file in mV follows from the numbers that the semantics reads, not from those
/// that the file has.
TEST(AdviceTest, VoltagesAreThoseOfTheSemantics) {
  Graph inMillivolts =
      around(LIF{vec({0.01}), vec({1}), vec({-65}), vec({-50}), vec({-65})}, {1}, {1});
  auto under = [](const char *text) {
    Stepping stepping;
    stepping.semantics = *semanticsOf(text);
    return stepping;
  };
  EXPECT_THAT(advice(inMillivolts, under("nir,start=v_leak")), IsEmpty());
  EXPECT_THAT(
      advice(inMillivolts, under("nir,start=v_leak,ignore=v_leak")),
      ElementsAre("note: node 'node': v_leak is read as 0, which is above v_threshold -50\n"
                  "note: the neuron fires again and again without any input",
                  "warning: node 'node': v starts at 0, and v_threshold is -50: it spikes in step "
                  "0, without any input\nnote: as in numbers in mV, v_leak is -65, and this "
                  "semantics reads v_leak as 0: with -65 taken from v_leak, v_reset and "
                  "v_threshold, which is 15 then, the network is the same and starts at rest"));
  EXPECT_THAT(
      advice(inMillivolts, under("nir,start=v_leak,floor=0")),
      ElementsAre("warning: node 'node': v starts at 0, and v_threshold is -50: it spikes in step "
                  "0, without any input\nnote: as in numbers in mV, v_leak is -65, and this "
                  "semantics keeps v at 0 or above: with -65 taken from v_leak, v_reset and "
                  "v_threshold, which is 15 then, the network is the same and starts at rest"));
  EXPECT_THAT(
      advice(inMillivolts, under("nir,start=v_leak,ignore=v_reset")),
      ElementsAre("warning: node 'node': v_reset is 0, expected less than v_threshold, -50\nnote: "
                  "this semantics reads v_reset, -65, as 0: with it taken from v_leak, v_reset and "
                  "v_threshold, which is 15 then, the network is the same"));
}

TEST(AdviceTest, NeuronsThatRestAtDifferentVoltages) {
  LIF neuron{vec({0.01, 0.01}), vec({1, 1}), vec({-65, 0}), vec({-50, 1}), vec({-65, 0})};
  EXPECT_THAT(advice(around(neuron, {2}, {2}), {}),
              ElementsAre("warning: node 'node': v starts at 0, and v_threshold is -50 in 1 of 2 "
                          "neurons: it spikes in step 0, without any input\nnote: as in numbers in "
                          "mV, rest is at -65: --start v_leak starts there; or with each neuron's "
                          "v_leak taken from v_leak, v_reset and v_threshold, the network is the "
                          "same and starts at rest"));
}

TEST(AdviceTest, AResetAtTheThreshold) {
  LIF neuron{vec({1e-2, 1e-2}), vec({1, 1}), vec({0, 0}), vec({1, 1}), vec({0, 1})};
  EXPECT_THAT(advice(around(neuron, {2}, {2}), {}),
              ElementsAre("warning: node 'node': v_reset is 1, expected less than v_threshold, 1, "
                          "in neuron 1 of 2\nnote: a neuron that resets to its threshold or above "
                          "may spike in every step from then on"));
  Stepping resetsToZero;
  resetsToZero.semantics[Family::LIF].ignore.vReset = true;
  EXPECT_THAT(advice(around(neuron, {2}, {2}), resetsToZero), IsEmpty());
  LIF without{vec({1e-2}), vec({1}), vec({-65}), vec({-50}), {}};
  Stepping atRest;
  atRest.semantics[Family::LIF].start = Start::VLeak;
  EXPECT_THAT(
      advice(around(without, {1}, {1}), atRest),
      ElementsAre("warning: node 'node': v_reset is 0, expected less than v_threshold, "
                  "-50\nnote: a node without v_reset resets to 0: as in numbers in mV, give "
                  "it a v_reset, or take v_leak, -65, from v_leak and v_threshold, which is "
                  "15 then"));
}

TEST(AdviceTest, EdgesThatAreThereSeveralTimes) {
  Graph graph = lifGraph(0.01);
  graph.edges.push_back(graph.edges.front());
  EXPECT_THAT(advice(graph, {}),
              ElementsAre("warning: node 'node': 2 edges come from 'in', and under nir each "
                          "counts\nnote: --duplicate-edges once counts one, as most platforms do"));
  Stepping norse;
  norse.semantics = *semanticsOf("norse");
  EXPECT_THAT(advice(graph, norse),
              ElementsAre("warning: node 'node': 2 edges come from 'in', and under norse one "
                          "counts\nnote: --duplicate-edges each counts all of them"));
}

TEST(AdviceTest, AThresholdBelowZero) {
  EXPECT_THAT(advice(around(Threshold{vec({0.5, -1})}, {2}, {2}), {}),
              ElementsAre("note: node 'node': threshold -1 is below 0\nnote: it passes on a spike "
                          "in every step without any input"));
}

TEST(AdviceTest, ParametersThatASemanticsIgnores) {
  LIF neuron{vec({0.01}), vec({3}), vec({0.25}), vec({1}), vec({0})};
  Semantics semantics = *semanticsOf("nir,ignore=r+v_leak+v_reset");
  std::vector<Diagnostic> found = ignoredParameters(around(neuron, {1}, {1}), semantics);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].str(),
            "note: node 'node': the semantics nir,ignore=r+v_leak+v_reset reads r as 1, where it "
            "is 3, and v_leak as 0, where it is 0.25, here\nnote: --semantics "
            "nir,IF.ignore=r+v_leak+v_reset,CubaLIF.ignore=r+v_leak+v_reset reads the file's "
            "numbers");
  EXPECT_THAT(ignoredParameters(around(neuron, {1}, {1}), *semanticsOf("nir")), IsEmpty());
  EXPECT_THAT(ignoredParameters(around(lif(0.01), {1}, {1}), semantics), IsEmpty());
}

TEST(AdviceTest, IFBesideLIF) {
  Graph graph = graphOf({{"in", input({1})},
                         {"a", IF{vec({1}), vec({1}), {}}},
                         {"b", lif(0.01)},
                         {"out", output({1})}},
                        {{"in", "a"}, {"a", "b"}, {"b", "out"}});
  EXPECT_THAT(
      advice(graph, {}),
      ElementsAre("warning: the graph has both IF ('a') and LIF ('b')\nnote: a spike counts "
                  "the same for the first at every dt, and for the second in proportion to "
                  "dt: another step changes their balance"));
}
