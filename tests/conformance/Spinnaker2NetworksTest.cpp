//===- Spinnaker2NetworksTest.cpp - firmware against the cpu's integers ----===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the cores' programs compute, under QEMU and on this computer, are the bits of the cpu
// target: of every spike, state and output, on random networks under random choices and formats,
// spread over a random number of cores.
//
//===----------------------------------------------------------------------===//

#include "backends/run/Tools.h"
#include "tests/support/Describe.h"
#include "tests/support/RandomFormat.h"
#include "tests/support/RandomGraph.h"
#include "tests/support/RandomLayers.h"
#include "tests/support/RandomSemantics.h"
#include "tests/support/Shrink.h"

#include "ir/choices/Choices.h"
#include "passes/Quantization.h"

#include <gtest/gtest.h>

using namespace nir;
using namespace nir::test;

namespace {

struct Choices {
  uint64_t seed = 0;
  Semantics semantics;
  NumberFormat format;
  bool balances = false;
  int64_t neuronsPerCore = 0;

  std::string str() const {
    return fmt::format("seed {}, {} in {}{}, {} neurons a core", seed, semantics.str(),
                       format.text(), balances ? ", balanced" : "", neuronsPerCore);
  }
};

/// Spikes take a step, and neurons spike once in it: the rest is anything.
Choices choicesOf(uint64_t seed) {
  Random random(seed + 90000);
  Choices choices{seed, *semanticsOf("spinnaker2"), *numberFormatOf("int8"), false, 0};
  while (random.chance(0.7)) {
    Semantics other = randomChoices(random);
    other.timing = Timing::Pipelined;
    for (NeuronRule &rule : other.rules) {
      rule.spikesPerStep = SpikesPerStep::Single;
      rule.afterSpike = AfterSpike::WholeStep;
    }
    if (!checkSemantics(other)) { // nothing is wrong
      choices.semantics = other;
      break;
    }
  }
  choices.semantics.dtSeconds = 1e-3;
  if (random.chance(0.8)) {
    choices.format = randomFormat(random);
  }
  choices.balances = random.chance(0.2);
  choices.neuronsPerCore = random.pick(std::vector<int64_t>{2, 5, 9, 20, 16384});
  return choices;
}

Graph graphOf(uint64_t seed) { return Layers(seed).build(); }

nirc::Job jobOf(const Graph &graph, const Choices &choices, const Recording &input) {
  nirc::Job job;
  job.graph = &graph;
  job.file = "random.nir";
  job.semantics = choices.semantics;
  job.dtype = DType::F32;
  job.balanceLatency = choices.balances;
  auto calibration = std::make_shared<nirc::Calibration>();
  calibration->input = input;
  calibration->inputsOnly = true;
  job.quantization = nirc::QuantizationOptions{choices.format, calibration};
  job.probes = neuronsOf(graph, choices.semantics);
  job.settings["neurons-per-core"] = std::to_string(choices.neuronsPerCore);
  return job;
}

constexpr const char *refused = "refused";
std::string reason; ///< why the last network was refused

/// What differs from the cpu's bits; empty where nothing does.
std::string failureOf(const Graph &graph, const Choices &choices,
                      const std::vector<std::string> &emulators, bool &isActive) {
  Recording input = spikesFor(graph, 1e-3, 60, choices.seed);
  nirc::Job job = jobOf(graph, choices, input);
  Result<Recording> want = runOn("cpu", job, input);
  if (!want) {
    reason = want.error().str();
    return refused;
  }
  for (const std::string &emulator : emulators) {
    job.settings["emulate"] = emulator;
    Result<Recording> got = runOn("spinnaker2", job, input);
    if (!got) {
      reason = got.error().str();
      bool isRefusal = got.error().code == "unsupported-by-target";
      return isRefusal ? refused : emulator + ": " + reason;
    }
    std::string differs = difference(*got, *want);
    if (!differs.empty()) {
      return emulator + ": " + differs;
    }
  }
  std::vector<double> out = want->traces[0].data.toDoubles();
  isActive = std::ranges::any_of(out, [](double x) { return x != 0.0; });
  return "";
}

void testNetworks(uint64_t first, int count, const std::vector<std::string> &emulators) {
  int refusals = 0, active = 0;
  for (int i = 0; i < count + refusals; ++i) {
    uint64_t seed = first + static_cast<uint64_t>(i);
    Graph graph = graphOf(seed);
    Choices choices = choicesOf(seed);
    bool isActive = false;
    std::string fails = failureOf(graph, choices, emulators, isActive);
    active += isActive;
    if (fails == refused) {
      if (std::getenv("NIRC_SPINNAKER2_VERBOSE")) {
        fmt::print("seed {} refused: {}\n", seed, reason);
      }
      ASSERT_LT(++refusals, count / 2 + 5) << "many are refused, the last one: " << reason;
    }
    if (fails.empty() || fails == refused) {
      continue;
    }
    Graph smallest = shrink(graph, [&](const Graph &g) {
      std::string text = failureOf(g, choices, emulators, isActive);
      return !text.empty() && text != refused;
    });
    FAIL() << choices.str() << ": " << fails
           << "\nshrunk: " << failureOf(smallest, choices, emulators, isActive) << "\n"
           << describe(smallest);
  }
  EXPECT_GT(active, count / 3);
}

class Spinnaker2Networks : public testing::TestWithParam<int> {};

TEST_P(Spinnaker2Networks, GiveTheCpusBitsOnThisComputer) {
  testNetworks(static_cast<uint64_t>(GetParam()) * 1000, 38, {"host"});
}

TEST_P(Spinnaker2Networks, GiveTheCpusBitsUnderQemuAndOnThisComputer) {
  if (!nirc::isOnPath("qemu-system-arm")) {
    GTEST_SKIP() << "no QEMU";
  }
  testNetworks(static_cast<uint64_t>(GetParam()) * 1000 + 500, 13, {"qemu", "host"});
}

INSTANTIATE_TEST_SUITE_P(Shards, Spinnaker2Networks, testing::Range(0, 4));

} // namespace
