//===- RandomNetworksTest.cpp - compiled code against the oracle ----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every target of floats gives the interpreter's bits in float64 and in float32, on random networks
// over all primitives: every output, every spike and every state of every neuron, at every step.
//
//===----------------------------------------------------------------------===//

#include "backends/Target.h"
#include "backends/reference/steps/Interpreter.h"
#include "tests/support/Build.h"
#include "tests/support/Describe.h"
#include "tests/support/RandomGraph.h"
#include "tests/support/RandomSemantics.h"
#include "tests/support/Recordings.h"
#include "tests/support/Shrink.h"
#include "tests/support/Targets.h"

#include <algorithm>
#include <fmt/format.h>
#include <gtest/gtest.h>

using namespace nir;

namespace {

constexpr int64_t steps = 40, batch = 2;
constexpr int seedsPerShard = 50;

/// One graph under one semantics, ready for runs in any dtype.
struct Trial {
  const Graph &graph;
  const Semantics &semantics;
  Recording input;
  std::vector<Probe> probes;
};

/// What differs between a target and the interpreter; an error of either one counts.
std::string disagreementIn(DType dtype, const Trial &trial) {
  Result<Recording> want = interpret(trial.graph, trial.semantics, trial.input,
                                     {.probes = trial.probes, .dtype = dtype});
  if (!want) {
    return fmt::format("interpreted in {}: {}", name(dtype), want.error().str());
  }
  for (const nirc::Target *target : nir::test::floatTargets()) {
    std::string on = fmt::format("{} in {}: ", target->name(), name(dtype));
    auto executable =
        target->compile({&trial.graph, "random", trial.semantics, dtype, trial.probes});
    if (!executable) {
      return "compiled for " + on + executable.error().str();
    }
    Result<Recording> got = (*executable)->run(trial.input, {});
    std::string differs = got ? nir::test::difference(*got, *want) : got.error().str();
    if (!differs.empty()) {
      return "run on " + on + differs;
    }
  }
  return "";
}

/// The reference does not take this graph under this semantics. It then takes it in no dtype: a
/// refusal in float32 alone is a disagreement.
bool isRefusal(const std::string &differs) { return differs.starts_with("interpreted in float64"); }

/// The same for both dtypes: the first that is not empty.
std::string disagreement(const Graph &graph, const Semantics &semantics, uint64_t seed) {
  Trial trial{graph, semantics, nir::test::randomInput(graph, seed, steps, batch),
              nir::test::everything(graph, semantics)};
  std::string differs = disagreementIn(DType::F64, trial);
  return differs.empty() ? disagreementIn(DType::F32, trial) : differs;
}

/// Empty where both agree, which counts in `compared`, or where the reference refuses what the
/// semantics would compute.
std::string disagreementUnder(const Semantics &semantics, const Graph &graph, uint64_t seed,
                              int &compared) {
  std::string differs = disagreement(graph, semantics, seed);
  compared += differs.empty() ? 1 : 0;
  if (differs.empty() || isRefusal(differs)) {
    return {};
  }
  Graph small = nir::test::shrink(graph, [&](const Graph &g) {
    std::string text = disagreement(g, semantics, seed);
    return !text.empty() && !isRefusal(text);
  });
  return fmt::format("seed {}, {}: {}\nshrunk: {}\n{}", seed, semantics.str(), differs,
                     disagreement(small, semantics, seed), nir::test::describe(small));
}

class RandomNetworks : public testing::TestWithParam<int> {};

TEST_P(RandomNetworks, EveryTargetGivesTheBitsOfTheInterpreter) {
  constexpr Integrator integrators[] = {Integrator::Euler, Integrator::ExpEuler, Integrator::Exact};
  constexpr Reset resets[] = {Reset::ToValue, Reset::Subtract};
  int compared = 0;
  for (int i = 0; i < seedsPerShard; ++i) {
    uint64_t seed = static_cast<uint64_t>(GetParam()) * seedsPerShard + static_cast<uint64_t>(i);
    Semantics semantics = nir::test::randomSemantics();
    for (NeuronRule &rule : semantics.rules) {
      rule.integrator = integrators[seed % 3];
      rule.reset = resets[seed / 3 % 2];
    }
    Graph graph = nir::test::randomGraph(seed);
    ASSERT_EQ(disagreementUnder(semantics, graph, seed, compared), "");
  }
  EXPECT_EQ(compared, seedsPerShard);
}

/// Whatever is chosen, and whether or not it is a platform's.
TEST_P(RandomNetworks, EveryChoiceIsTheSameOnEveryTarget) {
  constexpr int choicesPerShard = 25;
  int compared = 0;
  for (int i = 0; i < choicesPerShard; ++i) {
    uint64_t seed = 5000 + static_cast<uint64_t>(GetParam()) * choicesPerShard + i;
    nir::test::Random random(seed);
    Semantics semantics = nir::test::randomChoices(random);
    ASSERT_EQ(disagreementUnder(semantics, nir::test::randomGraph(seed), seed, compared), "");
  }
  EXPECT_GT(compared, choicesPerShard / 2) << "most are refused";
}

/// Sample `at` of every trace, as a batch of its own.
Recording sampleOf(const Recording &all, int64_t at) {
  Recording one{all.dtSeconds, {}};
  for (const Trace &trace : all.traces) {
    Shape shape = trace.data.shape();
    size_t size = trace.data.sizeInBytes() / static_cast<size_t>(shape[0]);
    shape[0] = 1;
    auto [tensor, bytes] = Tensor::allocate(trace.data.dtype(), shape);
    std::copy_n(trace.data.bytes() + static_cast<size_t>(at) * size, size, bytes);
    one.traces.push_back({trace.node, trace.observable, tensor});
  }
  return one;
}

TEST(RandomBatches, ASampleIsTheSameAloneAndAmongOthers) {
  constexpr int64_t samples = 5;
  auto target = nirc::findTarget("cpu");
  Semantics semantics = nir::test::randomSemantics();
  for (uint64_t seed = 7000; seed < 7020; ++seed) {
    Graph graph = nir::test::randomGraph(seed);
    Recording input = nir::test::randomInput(graph, seed, steps, samples);
    auto executable = (*target)->compile(
        {&graph, "random", semantics, DType::F32, nir::test::everything(graph, semantics)});
    ASSERT_TRUE(executable) << executable.error().str();
    Result<Recording> together = (*executable)->run(input, {});
    ASSERT_TRUE(together) << together.error().str();
    for (int64_t i = 0; i < samples; ++i) {
      Result<Recording> alone = (*executable)->run(sampleOf(input, i), {});
      ASSERT_TRUE(alone) << alone.error().str();
      EXPECT_EQ(nir::test::difference(sampleOf(*together, i), *alone), "")
          << "seed " << seed << ", sample " << i;
    }
  }
}

/// in -> IF -> delays, with a Flatten here and there -> Linear -> out, and the steps that they
/// take. Nodes are in any order.
std::pair<Graph, int64_t> delaysInARow(nir::test::Random &random, double dt) {
  constexpr int64_t width = 2;
  std::vector<double> weight{1, 0, 0, 1};
  std::vector<nir::test::NamedParams> nodes{
      {"in", nir::test::input({width})},
      {"IF",
       IF{nir::test::vec({1 / dt, 1 / dt}), nir::test::vec({0.5, 0.5}), nir::test::vec({0, 0})}}};
  int64_t total = 0, count = random.between(2, 6);
  for (int64_t i = 0; i < count; ++i) {
    std::string name = fmt::format("middle{}", i);
    if (random.chance(0.2)) {
      nodes.push_back({name, Flatten{.start_dim = nir::test::whole(0),
                                     .end_dim = nir::test::whole(-1),
                                     .input_type = nir::test::wholes({width})}});
      continue;
    }
    int64_t steps = random.chance(0.7) ? 1 : random.between(0, 3);
    total += steps;
    double delay = static_cast<double>(steps) * dt;
    nodes.push_back({name, Delay{nir::test::vec({delay, delay})}});
  }
  nodes.push_back({"Linear", Linear{nir::test::array({width, width}, weight)}});
  nodes.push_back({"out", nir::test::output({width})});
  std::vector<std::pair<std::string, std::string>> edges;
  for (size_t i = 1; i < nodes.size(); ++i) {
    edges.emplace_back(nodes[i - 1].name, nodes[i].name);
  }
  for (size_t i = nodes.size() - 1; i > 0; --i) {
    std::swap(nodes[i], nodes[static_cast<size_t>(random.between(0, static_cast<int64_t>(i)))]);
  }
  return {nir::test::graphOf(nodes, edges), total};
}

TEST(RandomDelays, InARowAddUp) {
  Semantics semantics = nir::test::randomSemantics();
  for (uint64_t seed = 0; seed < 60; ++seed) {
    nir::test::Random random(seed);
    auto [graph, total] = delaysInARow(random, semantics.dtSeconds);
    std::vector<double> pulse(2 * steps, 0.0);
    pulse[0] = pulse[1] = 1;
    Recording input{semantics.dtSeconds, {{"in", "value", nir::test::array({1, steps, 2}, pulse)}}};
    for (const nirc::Target *target : nir::test::floatTargets()) {
      auto executable = target->compile({&graph, "row", semantics, DType::F32, {}});
      ASSERT_TRUE(executable) << executable.error().str();
      for (int threads : {1, 2}) {
        Result<Recording> got = (*executable)->run(input, {.threads = threads});
        ASSERT_TRUE(got) << got.error().str();
        const Tensor &out = got->traces[0].data;
        for (int64_t k = 0; k < out.size(); ++k) {
          ASSERT_EQ(out.at(k), k / 2 == total ? 1 : 0)
              << "seed " << seed << ", " << target->name() << ", step " << k / 2 << " of a pulse "
              << total << " steps late\n"
              << nir::test::describe(graph);
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomNetworks, testing::Range(0, 6));

} // namespace
