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

INSTANTIATE_TEST_SUITE_P(Seeds, RandomNetworks, testing::Range(0, 6));

} // namespace
