//===- CpuBench.cpp - how fast nirc runs a network ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "bench/Baselines.h"
#include "bench/Cases.h"
#include "bench/Events.h"
#include "bench/Published.h"

#include "backends/Target.h"
#include "backends/run/Clock.h"
#include "ir/file/Reader.h"

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <map>

using namespace nirc;
using namespace nirc::bench;

namespace {

/// A network, compiled once for all cases.
struct Compiled {
  Network network;
  std::optional<QuantizationOptions> quantization;
  std::unique_ptr<Executable> executable;

  Compiled(Network made, std::optional<QuantizationOptions> quantization)
      : network(std::move(made)), quantization(std::move(quantization)) {}
  nir::Status compile() {
    nir::Result<const Target *> target = findTarget("cpu");
    if (!target) {
      return target.takeError();
    }
    auto result = (*target)->compile({.graph = &network.graph,
                                      .file = network.name,
                                      .semantics = network.semantics,
                                      .probes = {},
                                      .quantization = quantization});
    if (!result) {
      return result.takeError();
    }
    executable = *std::move(result);
    return std::nullopt;
  }
};

/// Makes its network when a case of it is run: `--benchmark_filter` leaves most of them out.
class LazyNetwork {
public:
  /// In that number format; in float32 where it is empty.
  explicit LazyNetwork(std::function<Network()> make, std::string_view format = {})
      : make(std::move(make)) {
    if (!format.empty()) {
      quantization = QuantizationOptions{*nir::numberFormatOf(format)};
    }
  }
  const Network &network() { return compiled().network; }
  Compiled &compiled() {
    if (!made) {
      made = std::make_unique<Compiled>(make(), quantization);
      must(made->compile());
    }
    return *made;
  }
  /// Ends the program: a benchmark that cannot be prepared says why, once.
  static void must(const nir::Status &failed) {
    if (failed) {
      fmt::print(stderr, "{}\n", failed->str());
      std::exit(1);
    }
  }

private:
  std::function<Network()> make;
  std::optional<QuantizationOptions> quantization;
  std::unique_ptr<Compiled> made;
};

} // namespace

template <typename T>
static T must(nir::Result<T> result) {
  if (!result) {
    LazyNetwork::must(result.takeError());
  }
  return *std::move(result);
}

/// Times runs of `input`. The result of the last is left in `last`.
static bool timeRuns(benchmark::State &state, Executable &executable, const nir::Recording &input,
                     int threads, nir::Recording &last) {
  for (auto _ : state) {
    nir::Result<nir::Recording> result = executable.run(input, {.threads = threads});
    if (!result) {
      state.SkipWithError(result.error().str().c_str());
      return false;
    }
    last = *std::move(result);
  }
  return true;
}

static void registerCase(const std::string &name, int64_t batch,
                         const std::function<void(benchmark::State &, int threads)> &run) {
  for (int threads : {1, 2}) {
    benchmark::RegisterBenchmark(fmt::format("{}/batch:{}/cores:{}", name, batch, threads).c_str(),
                                 [run, threads](benchmark::State &state) { run(state, threads); })
        ->MeasureProcessCPUTime()
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond);
  }
}

//===----------------------------------------------------------------------===//
// Networks of a known activity
//===----------------------------------------------------------------------===//

/// As `who`: "nirc" in float32, "nirc-int8" in that number format.
static std::shared_ptr<LazyNetwork> registerRecurrent(std::string_view who, std::string_view format,
                                                      const std::string &name, int64_t neurons,
                                                      int64_t fanOut,
                                                      const std::function<Network()> &make) {
  auto lazy = std::make_shared<LazyNetwork>(make, format);
  for (double activity : activities) {
    for (int64_t batch : {1, 32}) {
      // Some 10 ms of synapses at 5 %, and enough steps that the start does not count.
      int64_t steps = std::max<int64_t>(16, (batch == 1 ? 524288 : 65536) / neurons);
      registerCase(caseName(std::string(who), name, activity), batch,
                   [=](benchmark::State &state, int threads) {
                     nir::Tensor spikes = bernoulli(activity, batch, steps, neurons);
                     Compiled &compiled = lazy->compiled();
                     nir::Recording last;
                     if (!timeRuns(state, *compiled.executable, driving(compiled.network, spikes),
                                   threads, last)) {
                       return;
                     }
                     const nir::Tensor &out = last.traces.front().data;
                     if (std::memcmp(out.bytes(), spikes.bytes(), spikes.sizeInBytes()) != 0) {
                       state.SkipWithError("the spikes are not those of the input");
                       return;
                     }
                     report(state, batch, steps, recurrentSpikes(spikes) * fanOut);
                   });
    }
  }
  return lazy;
}

static void registerRecurrent(const std::string &name, int64_t neurons, int64_t fanOut,
                              const std::function<Network()> &make) {
  auto lazy = registerRecurrent("nirc", "", name, neurons, fanOut, make);
  registerRecurrent("nirc-int8", "int8", name, neurons, fanOut, make);
  registerLoops(name, [lazy]() -> const Network & { return lazy->network(); }, fanOut != neurons);
}

//===----------------------------------------------------------------------===//
// Published networks
//===----------------------------------------------------------------------===//

static int64_t sumOf(const nir::Tensor &counts) {
  int64_t sum = 0;
  for (int64_t i = 0; i < counts.size(); ++i) {
    sum += counts.intAt(i);
  }
  return sum;
}

static double shareActive(const nir::Tensor &signal) {
  int64_t active = 0;
  for (int64_t i = 0; i < signal.size(); ++i) {
    active += signal.intAt(i) != 0;
  }
  return static_cast<double>(active) / static_cast<double>(signal.size());
}

/// From the file to the first step, as `nirc run` goes, and the seconds of each part.
static void timeFirstStep(benchmark::State &state, const Published &published,
                          const std::string &data) {
  nir::Tensor values = must(publishedInput(published, data, 1));
  double reading = 0.0, compiling = 0.0, stepping = 0.0;
  for (auto _ : state) {
    Clock::time_point start = Clock::now();
    Compiled fresh(must(readPublished(published, data)), std::nullopt);
    reading += secondsSince(start);
    start = Clock::now();
    LazyNetwork::must(fresh.compile());
    compiling += secondsSince(start);
    start = Clock::now();
    must(fresh.executable->run(driving(fresh.network, values), {.steps = 1}));
    stepping += secondsSince(start);
  }
  for (const auto &[part, seconds] :
       {std::pair("read", reading), std::pair("compile", compiling), std::pair("step", stepping)}) {
    state.counters[part] = benchmark::Counter(seconds, benchmark::Counter::kAvgIterations);
  }
}

static void registerPublished(const Published &published, const std::string &data) {
  auto lazy = std::make_shared<LazyNetwork>([=] { return must(readPublished(published, data)); });
  for (int64_t batch : {int64_t(1), published.batch}) {
    auto eventsOf = std::make_shared<int64_t>(-1);
    registerCase(
        std::string("nirc/") + published.name, batch, [=](benchmark::State &state, int threads) {
          Compiled &compiled = lazy->compiled();
          nir::Tensor values = must(publishedInput(published, data, batch));
          nir::Recording input = driving(compiled.network, values), last;
          if (*eventsOf < 0) {
            *eventsOf = must(synapticEvents(compiled.network, input));
          }
          if (!timeRuns(state, *compiled.executable, input, threads, last)) {
            return;
          }
          report(state, batch, published.steps, *eventsOf);
          state.counters["input_activity"] = shareActive(values);
          state.counters["output_spikes"] = static_cast<double>(sumOf(last.traces.front().data));
        });
  }
  benchmark::RegisterBenchmark(
      (std::string("first-step/") + published.name).c_str(),
      [=](benchmark::State &state) { timeFirstStep(state, published, data); })
      ->UseRealTime()
      ->Unit(benchmark::kMillisecond);
}

/// `bench-cpu [--benchmark_...]`. The reference data is looked for in $NIRC_REFERENCE_DATA.
int main(int argc, char **argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 2;
  }
  const char *given = std::getenv("NIRC_REFERENCE_DATA");
  std::string data = given ? given : NIRC_REFERENCE_DATA;
  if (std::filesystem::exists(data)) {
    for (const Published &published : publishedNetworks()) {
      registerPublished(published, data);
    }
  } else {
    fmt::print(stderr, "no reference data at {}: the published networks are left out\n", data);
  }
  for (int64_t neurons : {1024, 4096}) {
    registerRecurrent(fmt::format("dense-{}", neurons), neurons, neurons,
                      [=] { return denseNetwork(neurons); });
  }
  registerRecurrent("sparse-10000", 10000, 1000, [] { return sparseNetwork(10000, 1000); });
  registerBandwidth();
  registerMeeting();
  benchmark::RunSpecifiedBenchmarks();
  // Compiled networks go before LLVM's own statics, not with the library's list of benchmarks.
  benchmark::ClearRegisteredBenchmarks();
  benchmark::Shutdown();
}
