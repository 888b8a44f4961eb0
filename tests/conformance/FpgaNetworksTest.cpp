//===- FpgaNetworksTest.cpp - designs against the integer interpreter -----===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The Verilog that fpga writes gives the integers of the interpreter, on random networks over all
// primitives under random number formats: every event of every output and record, at every step,
// and every state at the end, with pauses on the streams. What runs is the artifact, by its own
// Makefile.
//
//===----------------------------------------------------------------------===//

#include "backends/Target.h"
#include "tests/support/Describe.h"
#include "tests/support/RandomFormat.h"
#include "tests/support/RandomGraph.h"
#include "tests/support/RandomSemantics.h"
#include "tests/support/Recordings.h"
#include "tests/support/Shrink.h"
#include "tests/support/TemporaryFolder.h"

#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>

using namespace nir;
using nir::test::Random;

namespace {

/// A whole number of the environment, as NIRC_FPGA_NETWORKS=200: a run of all tests has a few
/// networks.
uint64_t settingOf(const char *name, uint64_t otherwise) {
  const char *text = std::getenv(name);
  constexpr int decimal = 10;
  return text ? std::strtoull(text, nullptr, decimal) : otherwise;
}

struct Choices {
  uint64_t seed;
  Semantics semantics;
  NumberFormat format;
  bool isCalibrated;

  std::string str() const {
    return fmt::format("seed {}, {} in {}{}", seed, semantics.str(), format.text(),
                       isCalibrated ? ", calibrated" : "");
  }
};

Choices choicesOf(uint64_t seed) {
  Random random(seed + 70000);
  Semantics semantics = seed % 2 ? nir::test::randomChoices(random) : nir::test::randomSemantics();
  NumberFormat format = nir::test::randomFormat(random);
  format.states = StateArithmetic::Integer; // float32 has no circuit
  return {seed, semantics, format, random.chance(0.5)};
}

constexpr const char *refused = "refused";
std::string reason; ///< why the last network was refused

std::string contentOf(const std::string &path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// What the artifact's own test says; empty where it passes.
std::string failureOf(const Graph &graph, const Choices &choices) {
  constexpr int64_t length = 30;
  Recording input = nir::test::randomInput(graph, choices.seed, length);
  nirc::Job job{&graph, "random.nir", choices.semantics, DType::F32,
                nir::test::everything(graph, choices.semantics)};
  job.quantization = nirc::QuantizationOptions{choices.format};
  if (choices.isCalibrated) {
    job.quantization->calibration = std::make_shared<nirc::Calibration>(
        nirc::Calibration{.input = input, .origin = "the input"});
  }
  auto artifact = (*nirc::findTarget("fpga"))->emit(job, {.name = "random"});
  if (!artifact) {
    reason = artifact.error().str();
    return refused;
  }
  nir::test::TemporaryFolder folder;
  for (const nirc::Artifact::File &file : artifact->files) {
    std::filesystem::path path = std::filesystem::path(folder.path) / file.name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << file.bytes;
  }
  std::string command =
      fmt::format("cd {0}/sim && make -s lint icarus OFTEN=1 > log 2>&1", folder.path);
  if (std::system(command.c_str()) == 0) {
    return "";
  }
  return contentOf(folder.path + "/sim/log").substr(0, 3000);
}

TEST(FpgaNetworks, DesignsGiveTheIntegersOfTheInterpreter) {
  if (std::system("iverilog -V > /dev/null 2>&1") != 0 ||
      std::system("verilator --version > /dev/null 2>&1") != 0) {
    GTEST_SKIP() << "no Icarus Verilog or no Verilator";
  }
  uint64_t start = settingOf("NIRC_FPGA_FIRST", 0);
  int count = static_cast<int>(settingOf("NIRC_FPGA_NETWORKS", 16)), refusals = 0;
  for (int i = 0; i < count + refusals; ++i) {
    uint64_t seed = start + static_cast<uint64_t>(i);
    nir::test::RandomGraphOptions small{.maxNodes = 14, .maxElements = 24};
    Graph graph = nir::test::randomGraph(seed, small);
    Choices choices = choicesOf(seed);
    std::string fails = failureOf(graph, choices);
    if (fails == refused) {
      if (std::getenv("NIRC_FPGA_VERBOSE")) {
        fmt::print("seed {} refused: {}\n", seed, reason);
      }
      ASSERT_LT(++refusals, 2 * count + 10) << "most are refused, the last one: " << reason;
    }
    if (fails.empty() || fails == refused) {
      continue;
    }
    Graph smallest = nir::test::shrink(graph, [&](const Graph &g) {
      std::string text = failureOf(g, choices);
      return !text.empty() && text != refused;
    });
    FAIL() << choices.str() << ": " << fails << "\nshrunk: " << failureOf(smallest, choices) << "\n"
           << nir::test::describe(smallest);
  }
}

} // namespace
