//===- WebNetworksTest.cpp - WebAssembly against runs ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A module gives the bits of `nirc run` on random networks, in floats and in integers: every output
// and everything that can be recorded, of a run and of single steps. One process of Node.js
// compares all of them (Inputs/compare.mjs).
//
//===----------------------------------------------------------------------===//

#include "backends/Target.h"
#include "backends/run/Tools.h"
#include "ir/recording/NpyBytes.h"
#include "tests/support/RandomFormat.h"
#include "tests/support/RandomGraph.h"
#include "tests/support/RandomSemantics.h"
#include "tests/support/Recordings.h"
#include "tests/support/TemporaryFolder.h"

#include <array>
#include <cstdio>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace nir;
using nir::test::Random;
using Json = nlohmann::ordered_json;

namespace {

constexpr int64_t steps = 30, batch = 2;

void writeBytes(const std::string &path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

/// Networks as folders, and what Node.js compares them with.
class WebFolder {
public:
  /// Whether the target takes the job.
  bool add(const nirc::Job &job, const Recording &input, const std::string &what);
  /// What Node.js says of all of them.
  std::string compare() const;
  int64_t count = 0;

private:
  nir::test::TemporaryFolder place;
  std::string words;
  const nirc::Target *cpu = *nirc::findTarget("cpu");
};

bool WebFolder::add(const nirc::Job &job, const Recording &input, const std::string &what) {
  auto executable = cpu->compile(job);
  auto artifact = cpu->emit(job, {.kind = "wasm", .name = "net"});
  if (!executable) { // a choice that this network does not go with
    EXPECT_FALSE(artifact) << what;
    return false;
  }
  if (!artifact && artifact.error().str().find("WebAssembly has no") != std::string::npos) {
    return false; // exponentials in a step
  }
  EXPECT_TRUE(artifact) << what << ": " << artifact.error().str();
  auto want = (*executable)->run(input, {});
  EXPECT_TRUE(want) << what;
  if (!artifact || !want) {
    return false;
  }
  std::string folder = fmt::format("{}/{}", place.path, count++);
  std::filesystem::create_directory(folder);
  for (const nirc::Artifact::File &file : artifact->files) {
    writeBytes(folder + "/" + file.name, file.bytes);
  }
  Json report = {{"steps", steps}, {"batch", batch}, {"outputs", Json::array()}, {"files", {}}};
  for (size_t i = 0; i < want->traces.size(); ++i) {
    const Trace &trace = want->traces[i];
    std::string name = fmt::format("{}.npy", i);
    writeBytes(folder + "/" + name, nir::npyBytes(trace.data));
    report["files"].push_back(
        {{"file", name}, {"node", trace.node}, {"observable", trace.observable}});
  }
  for (const nirc::PortInfo &output : (*executable)->info().outputs) {
    report["outputs"].push_back(output.node);
  }
  words += fmt::format(" -- {0}/net.mjs {0}", folder);
  report["inputs"] = Json::array();
  for (const Trace &trace : input.traces) {
    std::string name = fmt::format("{}/in{}.npy", folder, report["inputs"].size());
    writeBytes(name, nir::npyBytes(trace.data));
    report["inputs"].push_back({{"node", trace.node}, {"file", name}});
  }
  writeBytes(folder + "/run.json", report.dump());
  writeBytes(folder + "/what", what);
  return true;
}

std::string WebFolder::compare() const {
  std::string command =
      fmt::format("node {}/tests/web/wasm/Inputs/compare.mjs{} 2>&1", NIRC_SOURCE_DIR, words);
  FILE *pipe = popen(command.c_str(), "r");
  std::string said;
  std::array<char, 4096> buffer;
  while (size_t size = pipe ? fread(buffer.data(), 1, buffer.size(), pipe) : 0) {
    said.append(buffer.data(), size);
  }
  int code = pipe ? pclose(pipe) : -1;
  return code == 0 ? "" : said;
}

TEST(WebNetworks, GiveTheBitsOfARun) {
  if (!nirc::isOnPath("node") || !nirc::isOnPath("wasm-ld-22")) {
    GTEST_SKIP() << "no node, or no wasm-ld-22";
  }
  // Another seed for every run of the test would find more, and nobody could repeat it.
  const char *given = std::getenv("NIRC_TEST_SEED");
  uint64_t first = given ? std::strtoull(given, nullptr, 10) : 0;
  constexpr uint64_t networks = 6;
  SCOPED_TRACE(fmt::format("seeds {} to {}, of NIRC_TEST_SEED", first, first + networks - 1));
  WebFolder folder;
  int64_t floats = 0, integers = 0;
  for (uint64_t seed = first; seed < first + networks; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Random random(seed + 15000);
    Semantics semantics =
        seed % 2 ? nir::test::randomChoices(random) : nir::test::randomSemantics();
    Graph graph = nir::test::randomGraph(seed);
    Recording input = nir::test::randomInput(graph, seed, steps, batch);
    std::vector<Probe> probes = nir::test::everything(graph, semantics);
    for (DType dtype : {DType::F32, DType::F64}) {
      floats += folder.add({&graph, "random.nir", semantics, dtype, probes}, input,
                           fmt::format("seed {} in {}", seed, nir::name(dtype)));
    }
    nirc::Job job{&graph, "random.nir", semantics, DType::F32, probes};
    bool isAdded = false;
    for (int i = 0; i < 8 && !isAdded; ++i) { // not every format goes with every network
      job.quantization = nirc::QuantizationOptions{nir::test::randomFormat(random)};
      job.quantization->calibration = std::make_shared<nirc::Calibration>(
          nirc::Calibration{.input = input, .origin = "the input"});
      isAdded = folder.add(job, input, fmt::format("seed {} in integers", seed));
    }
    integers += isAdded;
  }
  EXPECT_GE(floats, 8);
  EXPECT_GE(integers, 4);
  EXPECT_EQ(folder.compare(), "");
}

} // namespace
