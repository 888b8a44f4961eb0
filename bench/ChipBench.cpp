//===- ChipBench.cpp - how fast a chip's model runs a network -------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "bench/Cases.h"
#include "bench/Published.h"

#include "backends/Target.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>

using namespace nirc;
using namespace nirc::bench;

template <typename T>
static T must(nir::Result<T> result) {
  if (!result) {
    fmt::print(stderr, "{}\n", result.error().str());
    std::exit(1);
  }
  return *std::move(result);
}

/// What drives it, at most one spike a step, as chips take it.
static nir::Tensor spikesOf(const Published &published, const std::string &data, int64_t batch) {
  nir::Tensor counts = must(publishedInput(published, data, batch));
  auto [spikes, bytes] = nir::Tensor::allocate(nir::DType::U8, counts.shape());
  std::transform(counts.bytes(), counts.bytes() + counts.size(), bytes,
                 [](std::byte count) { return std::min(count, std::byte(1)); });
  return spikes;
}

static void runOn(benchmark::State &state, std::string_view target, const Published &published,
                  const std::string &data, int64_t batch, int threads) {
  Network network = must(readPublished(published, data));
  nir::Recording input = driving(network, spikesOf(published, data, batch));
  auto calibration = std::make_shared<Calibration>();
  calibration->input = input;
  calibration->inputsOnly = true;
  auto executable = must(must(findTarget(target))
                             ->compile({.graph = &network.graph,
                                        .file = network.name,
                                        .semantics = network.semantics,
                                        .probes = {},
                                        .quantization = QuantizationOptions{
                                            must(nir::numberFormatOf(target)), calibration}}));
  for (auto _ : state) {
    must(executable->run(input, {.threads = threads}));
  }
  report(state, batch, published.steps, 0);
}

/// `bench-chip [--benchmark_...]`. The reference data is looked for in $NIRC_REFERENCE_DATA.
int main(int argc, char **argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 2;
  }
  const char *given = std::getenv("NIRC_REFERENCE_DATA");
  std::string data = given ? given : NIRC_REFERENCE_DATA;
  if (!std::filesystem::exists(data)) {
    fmt::print(stderr, "no reference data at {}\n", data);
    return 1;
  }
  const std::string target = "loihi2"; // its semantics and its number format are called the same
  const Published all[] = {{"cnn_sinabs", "loihi2", 1e-3, 300, 8},
                           {"braille_noDelay_noBias_subtract", "loihi2", 1e-4, 256, 140}};
  for (const Published &published : all) {
    for (int64_t batch : {int64_t(1), published.batch}) {
      for (int threads : {1, 2}) {
        std::string name =
            fmt::format("{}/{}/batch:{}/cores:{}", target, published.name, batch, threads);
        auto run = [=](benchmark::State &state) {
          runOn(state, target, published, data, batch, threads);
        };
        benchmark::RegisterBenchmark(name.c_str(), run)
            ->MeasureProcessCPUTime()
            ->UseRealTime()
            ->Unit(benchmark::kMillisecond);
      }
    }
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
