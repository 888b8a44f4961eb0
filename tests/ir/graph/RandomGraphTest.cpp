//===- RandomGraphTest.cpp - the generator, and round trips of it ---------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/support/RandomGraph.h"
#include "backends/reference/steps/Interpreter.h"
#include "ir/graph/Check.h"
#include "ir/graph/FlatGraph.h"
#include "ir/graph/Schedule.h"
#include "tests/support/Describe.h"
#include "tests/support/Shrink.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <map>

using namespace nir;
using namespace nir::test;

static constexpr uint64_t seeds = 300;

namespace {

/// Counts over all random graphs: a generator that stops making something goes unnoticed otherwise.
struct Census {
  std::map<std::string, int> types, dtypes;
  int loops = 0, duplicates = 0, nested = 0, deeplyNested = 0, manyOutputs = 0;
};

} // namespace

static void count(const Graph &graph, Census &census) {
  std::vector<Diagnostic> none;
  FlatGraph flat = FlatGraph::of(graph, none);
  for (const FlatGraph::Leaf &leaf : flat.nodes) {
    ++census.types[std::string(leaf.node->type())];
    visitParams(leaf.node->params, [&](const char *, const auto &parameter) {
      if constexpr (std::is_same_v<std::decay_t<decltype(parameter)>, Tensor>) {
        ++census.dtypes[std::string(name(parameter.dtype()))];
      }
    });
  }
  census.loops += !loopsOf(graph, randomSemantics())->feedback.empty();
  census.nested += flat.scopes.size() > 1;
  census.deeplyNested += std::any_of(flat.scopes.begin(), flat.scopes.end(),
                                     [](const FlatGraph::Scope &s) { return s.parent > 0; });
  census.manyOutputs += flat.scopes[0].outputs.size() > 1;
  census.duplicates += hasDuplicates(graph);
}

TEST(RandomGraphTest, HoldsEverythingThatNirCanSay) {
  Census census;
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    SCOPED_TRACE(seed);
    Graph graph = randomGraph(seed);
    Checked checked = check(graph);
    ASSERT_TRUE(checked.ok()) << checked.diagnostics[0].str() << "\n" << describe(graph);
    count(graph, census);
  }
  for (const auto &[type, times] : census.types) {
    std::printf("%s %d  ", type.c_str(), times);
  }
  std::printf("\n%d of %d with loops, %d nested\n", census.loops, static_cast<int>(seeds),
              census.nested);
  EXPECT_EQ(census.types.size(), 18u);
  for (const auto &[type, times] : census.types) {
    EXPECT_GE(times, 20) << type;
  }
  for (const char *dtype : {"float16", "float32", "float64", "int8", "int64"}) {
    EXPECT_GE(census.dtypes[dtype], 20) << dtype;
  }
  EXPECT_GE(census.loops, 100);
  EXPECT_GE(census.duplicates, 50);
  EXPECT_GE(census.nested, 80);
  EXPECT_GE(census.deeplyNested, 10);
  EXPECT_GE(census.manyOutputs, 100);
}

TEST(RandomGraphTest, IsTheSameForTheSameSeed) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    EXPECT_TRUE(randomGraph(seed) == randomGraph(seed)) << "seed " << seed;
  }
  EXPECT_FALSE(randomGraph(1) == randomGraph(2));
}

TEST(RandomGraphTest, NeuronsSpikeNeitherNeverNorAlways) {
  int neurons = 0, lively = 0;
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    Graph graph = randomGraph(seed);
    std::vector<Diagnostic> none;
    FlatGraph flat = FlatGraph::of(graph, none);
    InterpretOptions options;
    for (size_t i = 0; i < flat.nodes.size(); ++i) {
      const Node &node = *flat.nodes[i].node;
      if (node.as<IF>() || node.as<LIF>() || node.as<CubaLIF>()) {
        options.probes.push_back({flat.path(static_cast<int32_t>(i)), "spikes"});
      }
    }
    Result<Recording> run =
        interpret(graph, randomSemantics(), randomInput(graph, seed, 60), options);
    ASSERT_TRUE(run) << "seed " << seed << ": " << run.error().str();
    for (const Probe &probe : options.probes) {
      const Trace *trace = run->find(probe.node, probe.observable);
      ASSERT_NE(trace, nullptr);
      double spikes = 0.0;
      for (double s : trace->data.toDoubles()) {
        spikes += s;
      }
      double rate = spikes / static_cast<double>(trace->data.size());
      ++neurons;
      lively += rate >= 0.05 && rate <= 0.5;
    }
  }
  std::printf("%d of %d spiking nodes spike in 5 to 50 %% of the steps\n", lively, neurons);
  EXPECT_GE(neurons, 500);
  EXPECT_GE(lively, neurons * 8 / 10);
}

TEST(RandomGraphTest, RunsStayFiniteAndRepeat) {
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    Graph graph = randomGraph(seed);
    Recording input = randomInput(graph, seed + 1000, 40, 2);
    for (Integrator integrator : {Integrator::Euler, Integrator::ExpEuler, Integrator::Exact}) {
      Semantics semantics{1e-3, integrator, seed % 2 ? Reset::Subtract : Reset::ToValue};
      Result<Recording> first = interpret(graph, semantics, input);
      Result<Recording> second = interpret(graph, semantics, input);
      ASSERT_TRUE(first) << "seed " << seed << ": " << first.error().str();
      ASSERT_TRUE(second);
      for (size_t i = 0; i < first->traces.size(); ++i) {
        EXPECT_TRUE(first->traces[i].data == second->traces[i].data) << "seed " << seed;
        for (double x : first->traces[i].data.toDoubles()) {
          ASSERT_TRUE(std::isfinite(x)) << "seed " << seed << "\n" << describe(graph);
        }
      }
    }
  }
}

TEST(RandomGraphTest, ResetReproduces) {
  for (uint64_t seed = 0; seed < 100; ++seed) {
    Graph graph = randomGraph(seed);
    // Both samples of the batch have the same data: a state that survives the reset shows.
    Recording once = randomInput(graph, seed, 30), twice;
    for (const Trace &trace : once.traces) {
      Shape shape = trace.data.shape();
      shape[0] = 2;
      auto [tensor, bytes] = Tensor::allocate(trace.data.dtype(), shape);
      size_t size = trace.data.sizeInBytes();
      std::copy_n(trace.data.bytes(), size, bytes);
      std::copy_n(trace.data.bytes(), size, bytes + size);
      twice.traces.push_back({trace.node, trace.observable, tensor});
    }
    Result<Recording> run = interpret(graph, randomSemantics(), twice);
    ASSERT_TRUE(run) << run.error().str();
    for (const Trace &trace : run->traces) {
      const std::byte *bytes = trace.data.bytes();
      size_t half = trace.data.sizeInBytes() / 2;
      EXPECT_TRUE(std::equal(bytes, bytes + half, bytes + half))
          << "seed " << seed << ", output " << trace.node;
    }
  }
}

TEST(ShrinkTest, LeavesWhatFails) {
  int shrunk = 0;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    auto hasConv = [](const Graph &graph) {
      std::vector<Diagnostic> none;
      FlatGraph flat = FlatGraph::of(graph, none);
      return std::any_of(flat.nodes.begin(), flat.nodes.end(), [](const FlatGraph::Leaf &leaf) {
        return leaf.node->as<Conv2d>() != nullptr;
      });
    };
    Graph graph = randomGraph(seed);
    if (!hasConv(graph)) {
      continue;
    }
    Graph small = shrink(graph, hasConv);
    EXPECT_TRUE(hasConv(small));
    EXPECT_TRUE(check(small).ok());
    EXPECT_LE(small.nodes.size(), 4u) << describe(small);
    ++shrunk;
  }
  EXPECT_GT(shrunk, 0);
}
