//===- Baselines.cpp - what nirc is compared with, as benchmarks ----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "bench/Baselines.h"

#include "backends/run/Team.h"
#include "bench/Cases.h"
#include "bench/Loops.h"

#include <benchmark/benchmark.h>
#include <cstring>
#include <map>

using namespace nirc;
using namespace nirc::bench;

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

static void timeLoop(benchmark::State &state, const LoopNetwork &net, Loop loop, double activity,
                     int64_t steps) {
  nir::Tensor input = bernoulli(activity, 1, steps, net.neurons);
  const auto *in = input.as<uint8_t>().data();
  std::vector<uint8_t> out(steps * net.neurons);
  LoopState loopState(net.neurons);
  for (auto _ : state) {
    loop(net, loopState, in, steps, out.data());
    benchmark::DoNotOptimize(out.data());
  }
  if (std::memcmp(out.data(), in, out.size()) != 0) {
    state.SkipWithError("the spikes are not those of the input");
    return;
  }
  int64_t fanOut = net.sparseTargets.empty() ? net.neurons : net.rowStart.back() / net.neurons;
  report(state, 1, steps, recurrentSpikes(input) * fanOut);
}

void bench::registerLoops(const std::string &name, const SharedNetwork &network, bool sparse) {
  auto made = std::make_shared<LoopNetwork>();
  auto loops = [made, network, sparse]() -> const LoopNetwork & {
    if (made->neurons == 0) {
      *made = loopNetworkOf(network());
      sparse ? made->makeSparse() : made->makeByInput();
    }
    return *made;
  };
  struct Form {
    const char *name;
    Loop loop;
    int64_t stepsOf1024; ///< a run of some 10 ms
  };
  std::vector<Form> forms = {
      {"textbook", textbookLoop, 16}, {"vector", vectorLoop, 64}, {"events", eventLoop, 256}};
  if (sparse) {
    forms = {{"sparse", sparseLoop, 512}};
  }
  for (double activity : activities) {
    for (const Form &form : forms) {
      if (activity == 0.0 && form.loop != eventLoop && form.loop != sparseLoop) {
        continue;
      }
      auto run = [=](benchmark::State &state) {
        const LoopNetwork &net = loops();
        int64_t steps = std::max<int64_t>(4, form.stepsOf1024 * 1024 / net.neurons);
        timeLoop(state, net, form.loop, activity, steps);
      };
      benchmark::RegisterBenchmark(caseName(form.name, name, activity).c_str(), run)
          ->MeasureProcessCPUTime()
          ->UseRealTime()
          ->Unit(benchmark::kMillisecond);
    }
  }
}

//===----------------------------------------------------------------------===//
// Bandwidth
//===----------------------------------------------------------------------===//

void bench::registerBandwidth() {
  struct Level {
    const char *name;
    int64_t bytes; ///< for each thread: less than this level, more than the one below
  };
  // x86-64 servers since 2017 have 32 to 48 kB, 1 to 2 MB, and some MB a core.
  for (const Level &level : {Level{"L1", int64_t(1) << 14}, Level{"L2", int64_t(1) << 19},
                             Level{"L3", int64_t(1) << 22}, Level{"memory", int64_t(1) << 28}}) {
    auto run = [level](benchmark::State &state) {
      std::vector<uint64_t> buffer(level.bytes / 8, 1);
      int64_t repeats = std::max<int64_t>(1, (int64_t(1) << 20) / level.bytes);
      for (auto _ : state) {
        for (int64_t i = 0; i < repeats; ++i) {
          benchmark::DoNotOptimize(sumOf(buffer.data(), level.bytes / 8));
        }
      }
      state.SetBytesProcessed(state.iterations() * repeats * level.bytes);
    };
    for (int threads : {1, 2}) {
      benchmark::RegisterBenchmark((std::string("read/") + level.name).c_str(), run)
          ->Threads(threads)
          ->UseRealTime();
    }
  }
}

//===----------------------------------------------------------------------===//
// Meetings
//===----------------------------------------------------------------------===//

void bench::registerMeeting() {
  benchmark::RegisterBenchmark("meet/cores:2", [](benchmark::State &state) {
    constexpr int64_t meetings = 10000;
    for (auto _ : state) {
      MeetingPoint point;
      inParallel(2, [&](int64_t, int64_t parts) {
        for (int64_t i = 0; i < meetings; ++i) {
          point.meet(parts);
        }
      });
    }
    using Counter = benchmark::Counter;
    state.counters["meeting_seconds"] =
        Counter(meetings, Counter::kIsIterationInvariantRate | Counter::kInvert);
  })->UseRealTime();
}
