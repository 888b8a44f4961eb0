//===- QuantizedNetworksTest.cpp - compiled integers against the oracle ---===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// cpu gives the integers of the interpreter, on random networks over all primitives under random
// number formats: every output, every spike and every state of every neuron, at every step, however
// matrices are added up.
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/run/Run.h"
#include "tests/conformance/Workshop.h"
#include "tests/support/Describe.h"
#include "tests/support/RandomFormat.h"
#include "tests/support/RandomGraph.h"
#include "tests/support/RandomSemantics.h"
#include "tests/support/Recordings.h"
#include "tests/support/Shrink.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

using namespace nir;
using nir::test::Random;
using nirc::cpu::LowerOptions;

namespace {

constexpr int shards = 6, networksPerShard = 50;

/// What a network is quantized and lowered with.
struct Choices {
  uint64_t seed;
  Semantics semantics;
  NumberFormat format;
  LowerOptions lowering;
  bool isCalibrated;

  std::string str() const {
    return fmt::format("seed {}, {} in {}{}, {} bits", seed, semantics.str(), format.text(),
                       isCalibrated ? ", calibrated" : "", lowering.vectorBits) +
           (lowering.compact ? ", compact" : "");
  }
};

Choices choicesOf(uint64_t seed) {
  constexpr int64_t vectorLengths[] = {0, 128, 256, 512};
  Random random(seed + 40000);
  Semantics semantics = seed % 2 ? nir::test::randomChoices(random) : nir::test::randomSemantics();
  LowerOptions lowering{.vectorBits = vectorLengths[random.below(4)],
                        .compresses = random.chance(0.5)};
  if (random.chance(0.5)) { // what is kept for large networks
    lowering.parts = true;
    lowering.leastShared = lowering.nearBytes = 0;
  }
  if (random.chance(0.5)) { // and for many nodes
    lowering.leastEqual = lowering.leastListed = 2;
  }
  NumberFormat format = nir::test::randomFormat(random);
  if (seed % 3 == 0) { // as C has it
    lowering = {.vectorBits = 0, .compact = true};
  }
  return {seed, semantics, format, lowering, random.chance(0.5)};
}

/// The job, calibrated on its own input or not.
nirc::Job jobOf(const Graph &graph, const Choices &choices, const Recording &input) {
  nirc::Job job{&graph, "random.nir", choices.semantics, DType::F32,
                nir::test::everything(graph, choices.semantics)};
  job.quantization = nirc::QuantizationOptions{choices.format};
  if (choices.isCalibrated) {
    job.quantization->calibration = std::make_shared<nirc::Calibration>(
        nirc::Calibration{.input = input, .origin = "the input"});
  }
  return job;
}

/// A network or a format that nirc takes for none of its targets.
constexpr const char *refused = "refused";
std::string reason; ///< why the last network was refused

/// What differs between cpu and the interpreter; an error of one of them counts.
std::string disagreement(const Graph &graph, const Choices &choices) {
  constexpr int64_t length = 30, samples = 2;
  Recording input = nir::test::randomInput(graph, choices.seed, length, samples);
  nirc::Job job = jobOf(graph, choices, input);
  auto reference = (*nirc::findTarget("reference"))->compile(job);
  auto executable = nirc::cpu::compile(job, choices.lowering);
  if (!reference || !executable) {
    std::string want = reference ? "" : reference.error().str();
    std::string got = executable ? "" : executable.error().str();
    reason = want;
    return want == got ? refused : fmt::format("reference: {}\ncpu: {}", want, got);
  }
  Result<Recording> want = (*reference)->run(input, {}), got = (*executable)->run(input, {});
  if (!want || !got) {
    return (want ? got : want).error().str();
  }
  return nir::test::difference(*got, *want);
}

class QuantizedNetworks : public testing::TestWithParam<int> {};

TEST_P(QuantizedNetworks, CpuGivesTheIntegersOfTheInterpreter) {
  int refusals = 0;
  for (int i = 0; i < networksPerShard + refusals; ++i) {
    uint64_t seed = static_cast<uint64_t>(GetParam()) * 1000 + static_cast<uint64_t>(i);
    Graph graph = nir::test::randomGraph(seed);
    Choices choices = choicesOf(seed);
    std::string differs = disagreement(graph, choices);
    if (differs == refused) {
      ASSERT_LT(++refusals, networksPerShard) << "most are refused, the last one: " << reason;
    }
    if (differs.empty() || differs == refused) {
      continue;
    }
    Graph small = nir::test::shrink(graph, [&](const Graph &g) {
      std::string text = disagreement(g, choices);
      return !text.empty() && text != refused;
    });
    FAIL() << choices.str() << ": " << differs << "\nshrunk: " << disagreement(small, choices)
           << "\n"
           << nir::test::describe(small);
  }
}

/// What is recorded changes no integer: the outputs are those without a record.
TEST(QuantizedRecords, ChangeNothing) {
  const nirc::Target &reference = **nirc::findTarget("reference");
  int compared = 0;
  for (uint64_t seed = 3000; seed < 3080; ++seed) {
    Graph graph = nir::test::randomGraph(seed);
    Choices choices = choicesOf(seed);
    Recording input = nir::test::randomInput(graph, seed, 30, 2);
    nirc::Job job = jobOf(graph, choices, input);
    job.fold =
        nirc::Folding::None; // a node that is recorded is not folded, so others are quantized
    auto recorded = reference.compile(job);
    job.probes.clear();
    auto alone = reference.compile(job);
    ASSERT_EQ(bool(recorded), bool(alone)) << choices.str();
    if (!alone) {
      continue;
    }
    Result<Recording> got = (*recorded)->run(input, {}), want = (*alone)->run(input, {});
    ASSERT_EQ(bool(got), bool(want)) << choices.str();
    if (!want) {
      continue;
    }
    Recording outputs{.dtSeconds = got->dtSeconds,
                      .traces = {}}; // as many as there are without records
    for (const Trace &trace : want->traces) {
      outputs.traces.push_back(*got->find(trace.node, trace.observable));
    }
    ++compared;
    EXPECT_EQ(nir::test::difference(outputs, *want), "") << choices.str() << "\n"
                                                         << nir::test::describe(graph);
  }
  EXPECT_GT(compared, 40);
}

/// As C without a warning, and without floating point where all is integers.
TEST(QuantizedArtifacts, AreCThatCompilersTake) {
  if (!nir::test::hasGcc()) {
    GTEST_SKIP() << "no gcc";
  }
  int written = 0;
  for (uint64_t seed = 600; seed < 630; ++seed) {
    Graph graph = nir::test::randomGraph(seed);
    Choices choices = choicesOf(seed);
    nirc::Job job = jobOf(graph, choices, nir::test::randomInput(graph, seed, 30, 2));
    auto artifact = (*nirc::findTarget("cpu"))->emit(job, {.kind = "c", .name = "random"});
    if (!artifact) {
      continue; // what is refused is compared above
    }
    ++written;
    std::filesystem::path folder = std::filesystem::temp_directory_path() /
                                   fmt::format("nirc-quantized-{}-{}", getpid(), seed);
    std::filesystem::create_directories(folder);
    for (const auto &file : artifact->files) {
      std::ofstream(folder / file.name, std::ios::binary) << file.bytes;
    }
    std::string command =
        fmt::format("cd '{}' && gcc -std=c11 -fsyntax-only -Wall -Wextra -Werror random.c main.c",
                    folder.string());
    EXPECT_EQ(std::system(command.c_str()), 0) << choices.str();
    bool isInteger = choices.format.states == StateArithmetic::Integer;
    EXPECT_EQ(artifact->files[1].bytes.find("without floating point") != std::string::npos,
              isInteger)
        << choices.str();
    std::filesystem::remove_all(folder);
  }
  EXPECT_GT(written, 10);
}

INSTANTIATE_TEST_SUITE_P(Seeds, QuantizedNetworks, testing::Range(0, shards));

} // namespace
