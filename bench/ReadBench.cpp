//===- ReadBench.cpp - what reading in a process of its own costs ---------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/file/Reader.h"

#include <benchmark/benchmark.h>
#include <string>
#include <utility>
#include <vector>

using ReadFunction = nir::Result<nir::Model> (*)(const std::string &, const nir::ReadLimits &);

static void readFile(benchmark::State &state, ReadFunction readBy, const std::string &path) {
  for (auto _ : state) {
    nir::Result<nir::Model> model = readBy(path, {});
    if (!model) {
      state.SkipWithError(model.error().str().c_str());
      return;
    }
    benchmark::DoNotOptimize(model->graph.nodes.data());
  }
}

/// `bench-read [--benchmark_...] [FILE...]`: the files, or a small example. Real time: the reading
/// process is not this one, so its processor time does not count here.
int main(int argc, char **argv) {
  benchmark::Initialize(&argc, argv);
  std::vector<std::string> files(argv + 1, argv + argc);
  if (files.empty()) {
    files.emplace_back(NIRC_EXAMPLES "/two-layers.nir");
  }
  for (const std::string &file : files) {
    std::string name = file.substr(file.rfind('/') + 1);
    for (const auto &[way, readBy] :
         {std::pair<const char *, ReadFunction>("in-process", nir::readInProcess),
          std::pair<const char *, ReadFunction>("confined", nir::read)}) {
      benchmark::RegisterBenchmark((name + "/" + way).c_str(), readFile, readBy, file)
          ->UseRealTime()
          ->Unit(benchmark::kMillisecond);
    }
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
