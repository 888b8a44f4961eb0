//===- StepBench.cpp - what a step costs through the library --------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A step of a small network, in the same run: as a part of a whole recording, which is what the
// code itself takes; through a Session, with its input set and its output and v read; and out of a
// library on disk.
//
//===----------------------------------------------------------------------===//

#include "api/Program.h"

#include <benchmark/benchmark.h>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <unistd.h>

using nirc::Program;
using nirc::Session;

template <typename T>
static T take(nir::Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().str().c_str());
    std::exit(1);
  }
  return *std::move(result);
}

static Program compiled() {
  nirc::PlanOptions options;
  options.dt = "1ms";
  nirc::Model model = take(nirc::Model::open(NIRC_EXAMPLES "/two-layers.nir"));
  return take(Program::compile(take(nirc::Plan::make(model, options))));
}

static void wholeRun(benchmark::State &state) {
  Program program = compiled();
  constexpr int64_t steps = 1000;
  auto [tensor, bytes] = nir::Tensor::allocate(nir::DType::F64, {1, steps, 12});
  for (int64_t i = 0; i < tensor.size(); ++i) {
    reinterpret_cast<double *>(bytes)[i] = static_cast<double>(i % 3 == 0);
  }
  nir::Recording input{1e-3, {{"input", "value", tensor}}};
  for (auto _ : state) {
    benchmark::DoNotOptimize(program.run(input, {.threads = 1}));
  }
  state.SetItemsProcessed(state.iterations() * steps);
}
BENCHMARK(wholeRun);

static void stepped(benchmark::State &state, Session session) {
  std::vector<double> input(12), output(3), v(20);
  int64_t step = 0;
  for (auto _ : state) {
    for (size_t i = 0; i < input.size(); ++i) {
      input[i] = static_cast<double>((step + static_cast<int64_t>(i)) % 3 == 0);
    }
    ++step;
    session.setInput(0, input);
    session.step();
    session.readOutput(0, output);
    session.readState(0, v);
    benchmark::DoNotOptimize(output.data());
  }
  state.SetItemsProcessed(state.iterations());
}

static void inMemory(benchmark::State &state) { stepped(state, take(compiled().start())); }
BENCHMARK(inMemory);

static void fromFile(benchmark::State &state) {
  std::string path =
      std::filesystem::temp_directory_path() / ("nirc-step-" + std::to_string(getpid()));
  if (nir::Status failed = compiled().save(path)) {
    state.SkipWithError(failed->str().c_str());
    return;
  }
  Session session = take(take(Program::load(path)).start());
  std::filesystem::remove(path);
  stepped(state, std::move(session));
}
BENCHMARK(fromFile);

BENCHMARK_MAIN();
