//===- BalanceLatencyTest.cpp - balanced networks against sequential ones -===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A pipelined network behind balance-latency gives the bits of the sequential interpreter, each
// trace later by its latency: every output, every spike and every state of every neuron.
//
//===----------------------------------------------------------------------===//

#include "backends/Target.h"
#include "backends/reference/steps/Interpreter.h"
#include "tests/support/Describe.h"
#include "tests/support/Random.h"
#include "tests/support/RandomGraph.h"
#include "tests/support/RandomSemantics.h"
#include "tests/support/Recordings.h"
#include "tests/support/Shrink.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

using namespace nir;

namespace {

constexpr int64_t steps = 30, batch = 2, longestShift = 60;

/// What came of one graph.
struct Outcome {
  std::string differs; ///< empty where the balanced network is the sequential one
  std::string refusal; ///< of the pass
  int64_t longest = 0; ///< latency of a trace
};

Outcome balance(const Graph &graph, const Semantics &sequential, uint64_t seed) {
  Recording input = nir::test::randomInput(graph, seed, steps, batch);
  std::vector<Probe> probes = nir::test::everything(graph, sequential);
  Result<Recording> want = interpret(graph, sequential, input, {.probes = probes});
  if (!want) {
    return {}; // what the semantics cannot be applied to
  }
  Semantics pipelined = sequential;
  pipelined.timing = Timing::Pipelined;
  auto target = nirc::findTarget("cpu");
  auto executable = (*target)->compile(
      {&graph, "random", pipelined, DType::F64, probes, /*balanceLatency=*/true});
  if (!executable) {
    return {.differs = {}, .refusal = executable.error().str()};
  }
  Result<Recording> late = (*executable)->run(input, {.steps = steps + longestShift});
  if (!late) {
    return {.differs = late.error().str(), .refusal = {}};
  }
  Outcome outcome;
  Recording got{late->dtSeconds, {}};
  for (const Trace &trace : late->traces) {
    outcome.longest = std::max(outcome.longest, trace.latency);
    if (trace.latency > longestShift) {
      outcome.differs = fmt::format("{} lags {} steps", trace.node, trace.latency);
      return outcome;
    }
    got.traces.push_back(nir::test::unshifted(trace, steps));
  }
  outcome.differs = nir::test::difference(got, *want);
  return outcome;
}

/// The smallest graph that shows what differs.
std::string explain(const Graph &graph, const Semantics &semantics, uint64_t seed) {
  Graph small = nir::test::shrink(
      graph, [&](const Graph &g) { return !balance(g, semantics, seed).differs.empty(); });
  return fmt::format("seed {}, {}: {}\n{}", seed, semantics.str(),
                     balance(small, semantics, seed).differs, nir::test::describe(small));
}

/// Half of the seeds take Euler, half any choices.
Semantics sequentialSemantics(uint64_t seed) {
  if (seed % 2 == 0) {
    return nir::test::randomSemantics();
  }
  nir::test::Random random(seed);
  Semantics semantics = nir::test::randomChoices(random);
  semantics.timing = Timing::Sequential;
  return semantics;
}

TEST(BalanceLatency, FeedforwardNetworksAreTheSequentialOnesShifted) {
  int shifted = 0;
  for (uint64_t seed = 9000; seed < 9200; ++seed) {
    Semantics semantics = sequentialSemantics(seed);
    Graph graph = nir::test::randomGraph(seed, {.loops = false});
    Outcome outcome = balance(graph, semantics, seed);
    ASSERT_EQ(outcome.refusal, "") << seed;
    ASSERT_EQ(outcome.differs, "") << explain(graph, semantics, seed);
    shifted += outcome.longest >= 2;
  }
  EXPECT_GT(shifted, 100); // else the graphs would show nothing
}

TEST(BalanceLatency, RecurrentNetworksAreEitherTheSameOrRefusedByTheirCycle) {
  int same = 0, refused = 0;
  for (uint64_t seed = 9200; seed < 9400; ++seed) {
    Semantics semantics = sequentialSemantics(seed);
    Graph graph = nir::test::randomGraph(seed);
    Outcome outcome = balance(graph, semantics, seed);
    ASSERT_EQ(outcome.differs, "") << explain(graph, semantics, seed);
    if (outcome.refusal.empty()) {
      ++same;
      continue;
    }
    ++refused;
    EXPECT_NE(outcome.refusal.find("': the cycle '"), std::string::npos) << outcome.refusal;
    EXPECT_NE(outcome.refusal.find("steps pipelined, expected at most"), std::string::npos)
        << outcome.refusal;
  }
  EXPECT_GT(same, 20);
  EXPECT_GT(refused, 20);
}

} // namespace
