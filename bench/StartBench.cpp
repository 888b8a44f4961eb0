//===- StartBench.cpp - to the first step of many nodes -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "bench/Networks.h"

#include "backends/Target.h"

#include <benchmark/benchmark.h>

using namespace nir;

static void compile(benchmark::State &state) {
  nirc::bench::Network network = nirc::bench::chainNetwork(state.range(0));
  Result<const nirc::Target *> target = nirc::findTarget("cpu");
  for (auto _ : state) {
    auto executable =
        (*target)->compile({&network.graph, network.name, network.semantics, DType::F32, {}});
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
