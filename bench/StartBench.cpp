//===- StartBench.cpp - to the first step of many nodes -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/Target.h"

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <random>

using namespace nir;

/// Neurons one after the other, each with its weight; all numbers differ.
static Graph chainOf(int64_t nodes) {
  std::mt19937 random(1);
  auto one = [&](float low, float high) {
    return Tensor::vector<float>({std::uniform_real_distribution<float>(low, high)(random)});
  };
  Graph graph;
  Tensor shape = Tensor::vector<int64_t>({1});
  graph.nodes = {{"in", Input{shape}, {}}, {"out", Output{shape}, {}}};
  std::string last = "in";
  for (int64_t i = 0; i < nodes / 2; ++i) {
    std::string weight = fmt::format("w{}", i), neuron = fmt::format("n{}", i);
    Tensor matrix(DType::F32, {1, 1}, one(0.5F, 3.0F).share());
    graph.nodes.push_back({weight, Linear{matrix}, {}});
    graph.nodes.push_back({neuron,
                           LIF{one(0.005F, 0.03F), one(0.5F, 2.0F), one(-0.1F, 0.1F),
                               one(0.3F, 1.0F), one(-0.1F, 0.1F)},
                           {}});
    graph.edges.push_back({last, weight});
    graph.edges.push_back({weight, neuron});
    last = neuron;
  }
  graph.edges.push_back({last, "out"});
  return graph;
}

static void compile(benchmark::State &state) {
  Graph graph = chainOf(state.range(0));
  Semantics semantics;
  semantics.dtSeconds = 1e-3;
  Result<const nirc::Target *> target = nirc::findTarget("cpu");
  for (auto _ : state) {
    auto executable = (*target)->compile({&graph, "chain", semantics, DType::F32, {}});
    if (!executable) {
      state.SkipWithError(executable.error().str().c_str());
      return;
    }
    benchmark::DoNotOptimize(executable->get());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK(compile)->RangeMultiplier(10)->Range(10, 10000)->Unit(benchmark::kMillisecond);

BENCHMARK_MAIN();
