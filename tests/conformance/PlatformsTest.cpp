//===- PlatformsTest.cpp - what the platforms spike -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every live run of ir/choices/Evidence.cpp again: the platform's own file under the plain preset,
// compared with the spikes that the platform sent (platforms/README.md says how they were made).
//
//===----------------------------------------------------------------------===//

#include "api/io/Files.h"
#include "api/io/Gzip.h"
#include "api/io/Npy.h"
#include "backends/Target.h"
#include "ir/choices/Evidence.h"
#include "ir/choices/Presets.h"
#include "ir/file/Reader.h"
#include "tests/support/Targets.h"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>
#include <unistd.h>

using namespace nir;
using nir::test::floatPlatforms;
using nir::test::Platform;

namespace {

const std::string folder = std::string(NIRC_SOURCE_DIR) + "/tests/conformance/platforms/";

Tensor npy(const std::string &name) {
  std::string path = folder + name + ".npy";
  auto bytes = nirc::readFile(path, 1 << 20, "an array");
  EXPECT_TRUE(bytes) << bytes.error().str();
  Result<Tensor> tensor = nirc::parseNpy(*bytes, path);
  EXPECT_TRUE(tensor) << tensor.error().str();
  return *tensor;
}

/// The file that spikes are of: "norse/lif" for "norse/lif-native" too.
Graph graphOf(std::string_view spikes) {
  std::string name(spikes.substr(0, spikes.find("-native")));
  std::string path = folder + name + ".nir.gz";
  auto bytes = nirc::readFile(path, 1 << 20, "a gzip file");
  EXPECT_TRUE(bytes) << bytes.error().str();
  auto unpacked = nirc::gunzip(*bytes, path, 1 << 20);
  EXPECT_TRUE(unpacked) << unpacked.error().str();
  std::string file = fmt::format("{}platforms-{}.nir", testing::TempDir(), ::getpid());
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char *>(unpacked->data()),
             static_cast<std::streamsize>(unpacked->size()));
  Result<Model> model = readInProcess(file);
  std::filesystem::remove(file);
  EXPECT_TRUE(model) << model.error().str();
  return model ? model->graph : Graph{};
}

template <typename Kind>
std::string nameOf(const Graph &graph) {
  for (const Node &node : graph.nodes) {
    if (node.as<Kind>()) {
      return node.name;
    }
  }
  ADD_FAILURE() << "no such node";
  return "";
}

/// At how many places nirc sends as many spikes as the platform did.
int64_t equalPlaces(const Evidence &run, const Tensor &want, Platform platform) {
  Graph graph = graphOf(run.spikes);
  Semantics semantics = *presetSemantics(run.preset);
  semantics.dtSeconds = run.dtSeconds;
  Tensor drive = npy("input");
  Recording input{
      run.dtSeconds,
      {{nameOf<Input>(graph), "value",
        Tensor::of<double>({1, drive.shape()[0], drive.shape()[1]}, drive.toDoubles())}}};
  auto executable = platform.target->compile({&graph, "platforms", semantics, platform.dtype, {}});
  if (!executable) {
    ADD_FAILURE() << executable.error().str();
    return -1;
  }
  Result<Recording> recording = (*executable)->run(input, {});
  EXPECT_TRUE(recording) << recording.error().str();
  const Trace *got = recording->find(nameOf<Output>(graph), "spikes");
  if (!got || got->data.size() != want.size()) {
    ADD_FAILURE() << "no spikes of the shape that was recorded";
    return -1;
  }
  int64_t equal = 0;
  for (int64_t place = 0; place < want.size(); ++place) {
    equal += got->data.at(place) == want.at(place);
  }
  return equal;
}

TEST(Platforms, EveryPresetSendsTheSpikesOfItsPlatform) {
  size_t runs = 0;
  for (const Evidence &run : evidence()) {
    if (run.spikes.empty()) {
      continue;
    }
    ++runs;
    Tensor want = npy(std::string(run.spikes));
    int64_t sent = 0;
    for (double count : want.toDoubles()) {
      sent += static_cast<int64_t>(count);
    }
    EXPECT_EQ(run.count.places, want.size()) << run.spikes;
    EXPECT_EQ(run.count.sent, sent) << run.spikes;
    for (Platform platform : floatPlatforms()) {
      EXPECT_EQ(equalPlaces(run, want, platform), run.count.equal) << fmt::format(
          "{} of {}, {} {}", run.preset, run.spikes, platform.target->name(), name(platform.dtype));
    }
  }
  EXPECT_GE(runs, 20u);
}

/// The other way round: what was recorded is named.
TEST(Platforms, NothingIsRecordedWithoutAComparison) {
  std::set<std::string> named = {"input"};
  for (const Evidence &run : evidence()) {
    named.emplace(run.spikes);
  }
  for (const auto &entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".npy") {
      std::string name = std::filesystem::relative(entry.path(), folder).replace_extension("");
      EXPECT_TRUE(named.count(name)) << name;
    }
  }
}

/// The table of docs/presets.md names presets that there are, in their order.
TEST(Platforms, EvidenceFollowsThePresets) {
  auto preset = presets().begin();
  for (const Evidence &each : evidence()) {
    while (preset != presets().end() && preset->name != each.preset) {
      ++preset;
    }
    ASSERT_NE(preset, presets().end()) << each.preset << " is not a preset, or out of order";
  }
}

} // namespace
