//===- SnnInterpreterTest.cpp - clocked networks against the graphs -------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The interpreter of networks gives the bits of the interpreter of graphs, which knows nothing of
// networks: every output and every observable of every node, in float64 and float32.
//
//===----------------------------------------------------------------------===//

#include "dialects/snn/interpreter/Interpreter.h"

#include "backends/reference/steps/Interpreter.h"
#include "passes/pipeline/Pipeline.h"
#include "tests/support/Describe.h"
#include "tests/support/RandomGraph.h"
#include "tests/support/RandomSemantics.h"
#include "tests/support/Recordings.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

using namespace nir;

namespace {

constexpr int64_t steps = 30, batch = 2, longestShift = 60;

/// One graph under one semantics.
struct Trial {
  const Graph &graph;
  const Semantics &semantics;
  Recording input;
  std::vector<Probe> probes;
};

Result<Recording> throughNetwork(const Trial &trial, DType dtype, bool balanceLatency = false,
                                 int64_t steps = 0) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  nirc::DiagnosticCollector collector(context);
  nirc::NetworkOptions options{trial.semantics, dtype, trial.probes, balanceLatency};
  mlir::OwningOpRef<mlir::ModuleOp> module =
      nirc::buildNetwork(trial.graph, "random", options, context);
  if (!module) {
    return collector.takeError();
  }
  return snn::interpret(*module->getOps<snn::NetworkOp>().begin(), trial.input, {.steps = steps});
}

/// Where both differ. `compared` counts the graphs to which the semantics can be applied.
std::string disagreement(const Graph &graph, const Semantics &semantics, uint64_t seed,
                         int &compared) {
  Trial trial{graph, semantics, nir::test::randomInput(graph, seed, steps, batch),
              nir::test::everything(graph, semantics)};
  for (DType dtype : {DType::F64, DType::F32}) {
    Result<Recording> want =
        interpret(graph, semantics, trial.input, {.probes = trial.probes, .dtype = dtype});
    if (!want && dtype == DType::F64) {
      return {};
    }
    Result<Recording> got = throughNetwork(trial, dtype);
    std::string differs = !want  ? want.error().str()
                          : !got ? got.error().str()
                                 : nir::test::difference(*got, *want);
    if (!differs.empty()) {
      return fmt::format("seed {}, {}, {}: {}\n{}", seed, semantics.str(), name(dtype), differs,
                         nir::test::describe(graph));
    }
  }
  ++compared;
  return {};
}

TEST(SnnInterpreter, GivesTheBitsOfTheGraphs) {
  int compared = 0;
  constexpr Integrator integrators[] = {Integrator::Euler, Integrator::ExpEuler, Integrator::Exact};
  for (uint64_t seed = 20000; seed < 20050; ++seed) {
    Semantics semantics = nir::test::randomSemantics();
    for (NeuronRule &rule : semantics.rules) {
      rule.integrator = integrators[seed % 3];
      rule.reset = seed / 3 % 2 ? Reset::Subtract : Reset::ToValue;
    }
    ASSERT_EQ(disagreement(nir::test::randomGraph(seed), semantics, seed, compared), "");
  }
  EXPECT_EQ(compared, 50);
}

TEST(SnnInterpreter, GivesTheBitsOfTheGraphsWhateverIsChosen) {
  int compared = 0;
  for (uint64_t seed = 21000; seed < 21050; ++seed) {
    nir::test::Random random(seed);
    Semantics semantics = nir::test::randomChoices(random);
    ASSERT_EQ(disagreement(nir::test::randomGraph(seed), semantics, seed, compared), "");
  }
  EXPECT_GT(compared, 30);
}

/// Waiting populations and delays, which only balance-latency makes.
TEST(SnnInterpreter, ABalancedNetworkIsTheSequentialOneShifted) {
  int shifted = 0;
  for (uint64_t seed = 22000; seed < 22040; ++seed) {
    Semantics semantics = nir::test::randomSemantics();
    Graph graph = nir::test::randomGraph(seed, {.loops = false});
    Recording input = nir::test::randomInput(graph, seed, steps, batch);
    std::vector<Probe> probes = nir::test::everything(graph, semantics);
    Result<Recording> want = interpret(graph, semantics, input, {.probes = probes});
    ASSERT_TRUE(want) << want.error().str();
    semantics.timing = Timing::Pipelined;
    Result<Recording> late = throughNetwork({graph, semantics, input, probes}, DType::F64,
                                            /*balanceLatency=*/true, steps + longestShift);
    ASSERT_TRUE(late) << late.error().str();
    for (Trace &trace : late->traces) {
      ASSERT_LE(trace.latency, longestShift);
      shifted += trace.latency > 1;
      trace = nir::test::unshifted(trace, steps);
    }
    ASSERT_EQ(nir::test::difference(*late, *want), "") << seed << nir::test::describe(graph);
  }
  EXPECT_GT(shifted, 100); // else nothing would wait
}

} // namespace
