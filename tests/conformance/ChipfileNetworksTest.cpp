//===- ChipfileNetworksTest.cpp - chip files against the cpu's integers ----===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the generic model computes, core by core, are the bits of the cpu target: of every spike,
// state and output, on random networks under random choices and formats, on chips with random
// limits.
//
//===----------------------------------------------------------------------===//

#include "tests/support/Describe.h"
#include "tests/support/RandomFormat.h"
#include "tests/support/RandomGraph.h"
#include "tests/support/RandomLayers.h"
#include "tests/support/RandomSemantics.h"
#include "tests/support/Shrink.h"
#include "tests/support/TemporaryFolder.h"

#include "backends/chipfile/ChipTarget.h"
#include "backends/chipfile/ReadChip.h"
#include "ir/choices/Choices.h"
#include "passes/Quantization.h"

#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>

using namespace nir;
using namespace nir::test;

namespace {

struct Trial {
  uint64_t seed = 0;
  Semantics semantics;
  NumberFormat format;
  bool balances = false;
  std::string chip; ///< its file

  std::string str() const {
    return fmt::format("seed {}, {} in {}{}, {}", seed, semantics.str(), format.text(),
                       balances ? ", balanced" : "", chip);
  }
};

/// Wide enough for any format; its cores are small, so that there are many.
std::string randomChip(Random &random) {
  std::string limits;
  if (random.chance(0.5)) {
    limits += fmt::format(R"(, "synapses": {})", random.between(60, 4000));
  }
  if (random.chance(0.4)) {
    limits += fmt::format(R"(, "inputs": {})", random.between(40, 400));
  }
  if (random.chance(0.3)) {
    limits += R"(, "outputs": 60)";
  }
  if (random.chance(0.4)) {
    limits += fmt::format(R"(, "memory": {{"bytes": {}, "bits-per-state": 24,
                              "bits-per-synapse": 12, "bits-per-input": 32}})",
                          random.between(500, 9000));
  }
  return fmt::format(R"({{"nirc-chip": 1, "name": "random",
    "cores": {{"columns": {}, "rows": 30, "chips": 3, "neurons": {}{}}},
    "synapse": {{"weight-bits": 16, "delay": 4096}}}})",
                     random.between(10, 30), random.between(1, 40), limits);
}

/// Spikes take a step, and neurons spike once in it: the rest is anything.
Trial trialOf(uint64_t seed) {
  Random random(seed + 70000);
  Trial trial{seed, *semanticsOf("nir,schedule=pipelined"), *numberFormatOf("int8"), false, {}};
  while (random.chance(0.7)) {
    Semantics other = randomChoices(random);
    other.timing = Timing::Pipelined;
    for (NeuronRule &rule : other.rules) {
      rule.spikesPerStep = SpikesPerStep::Single;
      rule.afterSpike = AfterSpike::WholeStep;
    }
    if (!checkSemantics(other)) { // nothing is wrong
      trial.semantics = other;
      break;
    }
  }
  trial.semantics.dtSeconds = 1e-3;
  if (random.chance(0.8)) {
    trial.format = randomFormat(random);
    trial.format.states = StateArithmetic::Integer;
  }
  trial.balances = random.chance(0.2);
  trial.chip = randomChip(random);
  return trial;
}

nirc::Job jobOf(const Graph &graph, const Trial &trial, const Recording &input) {
  nirc::Job job;
  job.graph = &graph;
  job.file = "random.nir";
  job.semantics = trial.semantics;
  job.dtype = DType::F32;
  job.balanceLatency = trial.balances;
  auto calibration = std::make_shared<nirc::Calibration>();
  calibration->input = input;
  calibration->inputsOnly = true;
  job.quantization = nirc::QuantizationOptions{trial.format, calibration};
  job.probes = neuronsOf(graph, trial.semantics);
  return job;
}

constexpr const char *refused = "refused";
std::string reason; ///< why the last network was refused

struct Seen {
  bool isActive = false;
  size_t cores = 0;
};

/// The first limit of the chip that a core of the artifact does not keep, counted in its JSON;
/// empty where all do.
std::string brokenLimit(const nirc::chipfile::Chip &chip, const std::string &artifact) {
  auto json = nlohmann::json::parse(artifact);
  std::map<int64_t, int64_t> reached; // by source, how many cores
  for (const auto &core : json["cores"]) {
    for (const auto &row : core["rows"]) {
      ++reached[row["source"].get<int64_t>()];
    }
  }
  int64_t inputs = 0;
  for (const auto &input : json["inputs"]) {
    int64_t elements = 1;
    for (const auto &dim : input["shape"]) {
      elements *= dim.get<int64_t>();
    }
    inputs += elements;
  }
  for (const auto &core : json["cores"]) {
    int64_t neurons = 0, states = 0, synapses = 0, routes = 0;
    auto sources = static_cast<int64_t>(core["rows"].size());
    for (const auto &group : core["groups"]) {
      const auto &population = json["populations"][group["population"].get<size_t>()];
      for (const auto &range : group["neurons"]) {
        int64_t first = range[0], end = range[1];
        neurons += end - first;
        states += (end - first) * static_cast<int64_t>(population["states"].size());
        for (int64_t n = first; n < end; ++n) {
          routes += reached[inputs + population["first"].get<int64_t>() + n];
        }
      }
    }
    for (const auto &row : core["rows"]) {
      synapses += static_cast<int64_t>(row["weights"].size());
    }
    int64_t bits = 0;
    if (chip.memory) {
      bits = neurons * chip.memory->bitsPerNeuron + states * chip.memory->bitsPerState +
             synapses * chip.memory->bitsPerSynapse + sources * chip.memory->bitsPerInput;
    }
    bool keeps = neurons <= chip.neurons && synapses <= chip.synapses.value_or(synapses) &&
                 sources <= chip.inputs.value_or(sources) &&
                 routes <= chip.outputs.value_or(routes) &&
                 (!chip.memory || bits <= 8 * chip.memory->bytes);
    if (!keeps) {
      return fmt::format("a core has {} neurons, {} synapses, {} inputs, {} outputs, {} bits",
                         neurons, synapses, sources, routes, bits);
    }
  }
  return "";
}

/// The same from the artifact, as a file.
Result<Recording> runFile(const nirc::Target &target, const nirc::chipfile::Chip &chip,
                          const nirc::Job &job, const Recording &input) {
  TemporaryFolder folder;
  Result<nirc::Artifact> artifact = target.emit(job, {});
  if (!artifact) {
    return artifact.takeError();
  }
  EXPECT_EQ(brokenLimit(chip, artifact->files[0].bytes), "");
  std::string path = folder.path + "/network.json";
  std::ofstream(path) << artifact->files[0].bytes;
  EXPECT_TRUE(target.recognizes(artifact->files[0].bytes.substr(0, nirc::headOfArtifact)));
  auto loaded = target.load(path, {});
  return loaded ? (*loaded)->run(input, {}) : loaded.takeError();
}

/// What differs from the cpu's bits; empty where nothing does.
std::string failureOf(const Graph &graph, const Trial &trial, Seen &seen) {
  Recording input = spikesFor(graph, 1e-3, 60, trial.seed);
  nirc::Job job = jobOf(graph, trial, input);
  auto chip = nirc::chipfile::readChip(trial.chip);
  if (!chip) {
    return chip.error().str();
  }
  auto target = nirc::chipfile::targetOf(*chip);
  Result<Recording> want = runOn("cpu", job, input);
  auto compiled = want ? target->compile(job) : want.takeError();
  Result<Recording> got = compiled ? (*compiled)->run(input, {}) : compiled.takeError();
  if (!got) {
    reason = got.error().str();
    bool isRefusal =
        !want || got.error().code == "unsupported-by-target" || got.error().code == "does-not-fit";
    return isRefusal ? refused : reason;
  }
  std::string differs = difference(*got, *want);
  if (!differs.empty()) {
    return differs;
  }
  Result<Recording> again = runFile(*target, *chip, job, input);
  differs = again ? difference(*again, *want) : again.error().str();
  auto mapping = target->map(job, {});
  seen.cores = mapping ? mapping->cores.size() : 0;
  std::vector<double> out = want->traces[0].data.toDoubles();
  seen.isActive = std::ranges::any_of(out, [](double x) { return x != 0.0; });
  return differs.empty() ? "" : "from its file: " + differs;
}

class ChipfileNetworks : public testing::TestWithParam<int> {};

TEST_P(ChipfileNetworks, GiveTheCpusBits) {
  constexpr int count = 40;
  int refusals = 0, active = 0, many = 0;
  for (int i = 0; i < count + refusals; ++i) {
    uint64_t seed = static_cast<uint64_t>(GetParam()) * 1000 + static_cast<uint64_t>(i);
    Graph graph = Layers(seed).build();
    Trial trial = trialOf(seed);
    Seen seen;
    std::string fails = failureOf(graph, trial, seen);
    active += seen.isActive;
    many += seen.cores > 1;
    if (fails == refused) {
      ASSERT_LT(++refusals, count / 2 + 5) << "many are refused, the last one: " << reason;
    }
    if (fails.empty() || fails == refused) {
      continue;
    }
    Graph smallest = shrink(graph, [&](const Graph &g) {
      std::string text = failureOf(g, trial, seen);
      return !text.empty() && text != refused;
    });
    FAIL() << trial.str() << ": " << fails << "\nshrunk: " << failureOf(smallest, trial, seen)
           << "\n"
           << describe(smallest);
  }
  EXPECT_GT(active, count / 3);
  EXPECT_GT(many, count / 2);
}

INSTANTIATE_TEST_SUITE_P(Shards, ChipfileNetworks, testing::Range(0, 4));

} // namespace
