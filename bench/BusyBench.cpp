//===- BusyBench.cpp - threads that share steps beside other work ---------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs of one thread, of two, and of two that never go on with one, by turns: beside a process that
// keeps a core busy, and without it.
//
//===----------------------------------------------------------------------===//

#include "bench/Cases.h"

#include "backends/cpu/run/Run.h"
#include "backends/run/Clock.h"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <fmt/format.h>
#include <memory>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace nirc;
using namespace nirc::bench;

namespace {

/// A process that does nothing but keep a core busy, as long as this object lives.
class BusyProcess {
public:
  BusyProcess() : child(fork()) {
    if (child == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL); // whatever ends the program
      for (std::atomic<uint64_t> number = 0;; ++number) {
      }
    }
  }
  BusyProcess(const BusyProcess &) = delete;
  BusyProcess &operator=(const BusyProcess &) = delete;
  ~BusyProcess() {
    if (child > 0) {
      kill(child, SIGKILL);
      waitpid(child, nullptr, 0);
    }
  }

private:
  pid_t child;
};

/// A way to run: how many threads, and what each turn reached, in steps a second.
struct Way {
  std::string_view name;
  int threads;
  std::unique_ptr<Executable> executable;
  std::vector<double> rates = {};
};

} // namespace

static double best(const std::vector<double> &values) {
  return *std::max_element(values.begin(), values.end());
}

static double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.empty() ? 0.0 : values[values.size() / 2];
}

template <typename T>
static T must(nir::Result<T> result) {
  if (!result) {
    fmt::print(stderr, "{}\n", result.error().str());
    std::exit(1);
  }
  return *std::move(result);
}

static double stepsPerSecond(Way &way, const nir::Recording &input, int64_t steps, double seconds) {
  auto start = Clock::now();
  int64_t done = 0;
  do {
    must(way.executable->run(input, {.threads = way.threads}));
    done += steps;
  } while (secondsSince(start) < seconds);
  return static_cast<double>(done) / secondsSince(start);
}

/// Prints a line of JSON, which bench/table.py reads.
static void measure(const Network &network, double activity, int64_t batch, bool isBusy, int turns,
                    double seconds) {
  Patience endless;
  endless.shortest = std::chrono::hours(1);
  auto compiled = [&](const Patience &patience) {
    return must(cpu::compile({.graph = &network.graph,
                              .file = network.name,
                              .semantics = network.semantics,
                              .probes = {}},
                             {.compresses = true, .expands = true, .parts = true}, patience));
  };
  std::vector<Way> ways;
  ways.push_back({"one", 1, compiled({})});
  ways.push_back({"two", 2, compiled({})});
  ways.push_back({"always two", 2, compiled(endless)});
  constexpr int64_t neurons = 4096;
  int64_t steps = batch == 1 ? 128 : 16;
  nir::Recording input = driving(network, bernoulli(activity, batch, steps, neurons));
  for (Way &way : ways) {
    stepsPerSecond(way, input, steps, 0.05); // memory is new
  }
  std::vector<double> two, always;
  {
    std::unique_ptr<BusyProcess> neighbour = isBusy ? std::make_unique<BusyProcess>() : nullptr;
    for (int turn = 0; turn < turns; ++turn) {
      for (Way &way : ways) {
        way.rates.push_back(stepsPerSecond(way, input, steps, seconds));
      }
      two.push_back(ways[1].rates.back() / ways[0].rates.back());
      always.push_back(ways[2].rates.back() / ways[0].rates.back());
    }
  }
  fmt::print(
      "{{\"case\": \"{}/activity:{:.0f}/batch:{}{}\", \"one\": {:.0f}, \"two\": {:.0f}, "
      "\"always_two\": {:.0f}, \"two_over_one\": {:.3f}, \"always_two_over_one\": {:.3f}}}\n",
      network.name, 100 * activity, batch, isBusy ? "/busy" : "", best(ways[0].rates),
      best(ways[1].rates), best(ways[2].rates), median(two), median(always));
  std::fflush(stdout);
}

/// `bench-busy [TURNS [SECONDS]]`
int main(int argc, char **argv) {
  int turns = argc > 1 ? static_cast<int>(std::strtol(argv[1], nullptr, 10)) : 9;
  double seconds = argc > 2 ? std::strtod(argv[2], nullptr) : 0.5;
  Network network = denseNetwork(4096);
  for (bool isBusy : {true, false}) {
    for (double activity : {0.01, 0.05, 0.2}) {
      measure(network, activity, 1, isBusy, turns, seconds);
    }
    measure(network, 0.01, 32, isBusy, turns, seconds);
  }
}
