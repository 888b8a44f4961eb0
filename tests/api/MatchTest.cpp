//===- MatchTest.cpp - whose spikes these are -----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Match.h"

#include "api/io/Files.h"
#include "ir/choices/Choices.h"
#include "ir/choices/Presets.h"
#include "ir/recording/NpyBytes.h"
#include "tests/support/Build.h"
#include "tests/support/ReferenceData.h"
#include "tests/support/TemporaryFolder.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>
#include <optional>

using namespace nir;
using namespace nir::test;
using namespace nirc;
using testing::Contains;
using testing::HasSubstr;

namespace fs = std::filesystem;

namespace {

nirc::Network networkWith(const Graph &graph) {
  ModelFile file{"match.nir", "nir", {}};
  file.model.graph = graph;
  return networkOf(std::move(file));
}

nirc::Choices choicesFor(const nirc::Network &network, double dtSeconds, std::string semantics) {
  ExecutionOptions options;
  options.choices.semantics = std::move(semantics);
  options.choices.dt = fmt::format("{}", dtSeconds);
  nir::Result<nirc::Choices> choices = choose(options, network);
  EXPECT_TRUE(choices) << choices.error().str();
  return *choices;
}

MatchReport matched(const nirc::Network &network, const Inputs &inputs,
                    const std::vector<ExpectedSource> &sources, const MatchOptions &options = {}) {
  nirc::Choices base = choicesFor(network, inputs.recording.dtSeconds, "nir");
  takeQuickTarget(network, inputs, base);
  auto expected = loadExpected(sources, network, inputs, options, uint64_t(1) << 30);
  if (!expected) {
    ADD_FAILURE() << expected.error().str();
    return {};
  }
  auto report = match(network, base, inputs, *std::move(expected), options, {});
  if (!report) {
    ADD_FAILURE() << report.error().str();
    return {};
  }
  return *std::move(report);
}

std::vector<std::string> namesOf(const MatchReport &report) {
  std::vector<std::string> names;
  for (const Candidate *candidate : report.best()) {
    names.push_back(candidate->semantics);
  }
  return names;
}

//===----------------------------------------------------------------------===//
// What the platforms recorded
//===----------------------------------------------------------------------===//

using RecordedTraces = nir::test::ReferenceData;

/// Every trace of the NIR paper, by its own name: "lif_norse.csv" is Norse's.
TEST_F(RecordedTraces, AreFoundToBeOfTheirPlatforms) {
  nirc::Network network = networkWith(graph("lif_norse.nir"));
  std::string traces = folder + "/nir-paper/traces/";
  InputOptions how;
  how.dtSeconds = 1e-4;
  // Sinabs recorded what comes out of its gain: the input of all is that of Norse's file.
  auto inputs = loadInputs({{network.inputs().front(), traces + "lif_norse.csv:0"}}, how);
  ASSERT_TRUE(inputs) << inputs.error().str();
  size_t count = 0;
  for (const fs::directory_entry &entry : fs::directory_iterator(traces)) {
    std::string file = entry.path().string(), name = entry.path().stem().string();
    SCOPED_TRACE(name);
    ASSERT_TRUE(name.starts_with("lif_"));
    std::string platform = name.substr(4, name.find('_', 4) - 4);
    std::vector<ExpectedSource> sources = {{"1", "spikes", file + ":2"}};
    if (!name.ends_with("_fixed")) { // whose v are the chip's integers
      sources.push_back({"1", "v", file + ":1"});
    }
    MatchReport report = matched(network, *inputs, sources);
    EXPECT_TRUE(report.matches());
    EXPECT_THAT(namesOf(report), Contains(testing::StartsWith(platform)));
    EXPECT_EQ(report.candidates.front().shift, 0);
    ++count;
  }
  EXPECT_GE(count, 5u);
}

//===----------------------------------------------------------------------===//
// What nirc recorded
//===----------------------------------------------------------------------===//

/// Four inputs through six neurons to three, with no two platforms alike: r is not 1, and v_reset
/// is not 0.
Graph twoLayers() {
  std::vector<double> first, second;
  for (int i = 0; i < 24; ++i) {
    first.push_back(0.9 * ((i * 7) % 11) - 2.0);
  }
  for (int i = 0; i < 18; ++i) {
    second.push_back(1.3 * ((i * 5) % 7) - 2.4);
  }
  auto lif = [](int64_t n) {
    std::vector<double> ones(static_cast<size_t>(n), 1.0), taus, reset, r;
    for (int64_t i = 0; i < n; ++i) {
      taus.push_back(4e-3 + 1e-3 * static_cast<double>(i));
      reset.push_back(0.125);
      r.push_back(1.5);
    }
    return LIF{vec(taus), vec(r), vec(std::vector<double>(ones.size(), 0.0)), vec(ones),
               vec(reset)};
  };
  return graphOf(
      {{"in", input({4})},
       {"fc1", Linear{array({6, 4}, first)}},
       {"lif1", lif(6)},
       {"fc2", Linear{array({3, 6}, second)}},
       {"lif2", lif(3)},
       {"out", output({3})}},
      {{"in", "fc1"}, {"fc1", "lif1"}, {"lif1", "fc2"}, {"fc2", "lif2"}, {"lif2", "out"}});
}

constexpr int64_t samples = 4, steps = 60;

Inputs someInputs() {
  Inputs inputs;
  inputs.batched = true;
  inputs.batch = samples;
  inputs.steps = steps;
  std::vector<float> values;
  uint64_t bits = 4711;
  for (int64_t i = 0; i < samples * steps * 4; ++i) {
    bits = bits * 6364136223846793005ULL + 1442695040888963407ULL;
    values.push_back(bits >> 62 == 0 ? 1.0F : 0.0F);
  }
  inputs.recording = {1e-3, {{"in", "value", Tensor::of<float>({samples, steps, 4}, values)}}};
  return inputs;
}

class MatchOfTwoLayers : public testing::Test {
protected:
  /// What a run under the semantics gives, [samples, steps, n], as a framework saves it.
  Tensor record(const std::string &semantics, const Probe &probe) const {
    nirc::Choices choices = choicesFor(network, 1e-3, semantics);
    choices.probes = {probe};
    if (choices.semantics.timing == Timing::Events) {
      choices.target = *findTarget("reference");
      choices.dtype = DType::F64;
    }
    auto executed = execute(network, choices, inputs, {});
    EXPECT_TRUE(executed) << executed.error().str();
    const Trace *trace = executed->recording.find(probe.node, probe.observable);
    std::vector<float> values;
    for (double value : trace->data.toDoubles()) {
      values.push_back(static_cast<float>(value));
    }
    return Tensor::of<float>(trace->data.shape(), values);
  }

  std::string save(const Tensor &tensor) const {
    std::string path = folder.path + "/saved.npy";
    EXPECT_FALSE(writeFile(path, npyBytes(tensor)));
    return path;
  }

  TemporaryFolder folder;
  nirc::Network network = networkWith(twoLayers());
  Inputs inputs = someInputs();
};

TEST_F(MatchOfTwoLayers, EveryPresetIsFoundInItsOwnSpikes) {
  for (const Preset &preset : presets()) {
    SCOPED_TRACE(preset.name);
    Tensor spikes = record(std::string(preset.name), {"lif2", "spikes"});
    MatchReport report = matched(network, inputs, {{"", "", save(spikes)}}, {.varied = 1});
    EXPECT_TRUE(report.matches());
    EXPECT_THAT(namesOf(report), Contains(std::string(preset.name)));
    EXPECT_GT(report.expected.at(0).spikes, 20.0);
  }
}

TEST_F(MatchOfTwoLayers, OneChoiceMoreIsFound) {
  Tensor spikes = record("nir,reset=subtract", {"lif2", "spikes"});
  MatchReport report = matched(network, inputs, {{"out", "", save(spikes)}});
  EXPECT_TRUE(report.matches());
  EXPECT_NE(report.candidates.front().changed, "");
  EXPECT_EQ(report.candidates.front().shift, 0);
  EXPECT_THAT(namesOf(report), Contains("nir,reset=subtract"));
}

TEST_F(MatchOfTwoLayers, StepsBeforeSamplesAndAShift) {
  Tensor spikes = record("snntorch", {"lif2", "spikes"});
  std::string swapped = save(swapFirstTwo(spikes));
  MatchReport report = matched(network, inputs, {{"", "", swapped}}, {.varied = 1});
  EXPECT_THAT(namesOf(report), Contains("snntorch")); // 60 steps of 4 samples: shapes decide
  // A step late; two, and it would be the pipelined network of two layers.
  std::vector<float> late(static_cast<size_t>(spikes.size()));
  for (int64_t i = 0; i < spikes.size(); ++i) {
    late[static_cast<size_t>(i)] = i / 3 % steps == 0 ? 0.0F : static_cast<float>(spikes.at(i - 3));
  }
  std::string path = save(Tensor::of<float>(spikes.shape(), late));
  report = matched(network, inputs, {{"", "", path}}, {.varied = 1});
  EXPECT_TRUE(report.matches());
  EXPECT_EQ(report.candidates.front().shift, 1);
  EXPECT_THAT(namesOf(report), Contains("snntorch"));
  report = matched(network, inputs, {{"", "", path}}, {.maxShift = 0, .varied = 1});
  EXPECT_FALSE(report.matches());
}

TEST_F(MatchOfTwoLayers, AMembranePotentialOfTheOutput) {
  Tensor v = record("spyx", {"lif2", "v"});
  MatchReport report = matched(network, inputs, {{"", "", save(v)}});
  ASSERT_EQ(report.expected.size(), 1u);
  EXPECT_EQ(report.expected[0].probe.node, "lif2");
  EXPECT_EQ(report.expected[0].probe.observable, "v");
  EXPECT_THAT(report.expected[0].note, HasSubstr("no spikes, so v of 'lif2'"));
  EXPECT_TRUE(report.matches());
  EXPECT_EQ(report.candidates.front().shift, 0);
  EXPECT_THAT(namesOf(report), Contains("spyx"));
}

TEST_F(MatchOfTwoLayers, WhatIsNoRecordingOfTheNodeIsRefused) {
  auto refused = [&](const ExpectedSource &source) {
    auto expected = loadExpected({source}, network, inputs, {}, 1 << 20);
    return expected ? "no error" : expected.error().message;
  };
  std::string path = save(Tensor::of<float>({3, 5}, std::vector<float>(15)));
  EXPECT_EQ(refused({"", "", path}), "found shape [3, 5], expected [4, 60, 3]");
  EXPECT_EQ(refused({"lif3", "", path}), "no node is called 'lif3'");
  path = save(Tensor::of<float>({4, 60, 3}, std::vector<float>(720, 0.5F)));
  EXPECT_EQ(refused({"lif2", "i", path}), "node 'lif2' has no 'i', it has spikes, v");
  EXPECT_EQ(refused({"lif2", "spikes", path}),
            "is not of spikes: expected whole numbers, none below 0");
  std::vector<float> values(720);
  values[3 * 60 + 5] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(refused({"", "", save(Tensor::of<float>({4, 60, 3}, values))}),
            "found nan in step 1 of sample 1, element 2, expected a number");
}

/// v after six steps of a LIF with tau = 4 dt and a constant input.
template <typename Number>
double afterSix(double input) {
  Number v = 0;
  for (int step = 0; step < 6; ++step) {
    v = Number(0.75) * v + Number(0.25) * static_cast<Number>(input);
  }
  return static_cast<double>(v);
}

/// Two neurons whose thresholds are what v is in float32 after six steps: in float64 the first one
/// is above it by then and the second one below it, whatever `spike-when` is.
TEST(MatchOfAPrecision, IsFoundWhereFloat32Differs) {
  std::optional<double> above, below;
  for (int i = 1; i < 200; ++i) {
    double input = 1.0 + 0.01 * i;
    bool isAbove = afterSix<double>(input) > afterSix<float>(input);
    bool isBelow = afterSix<double>(input) < afterSix<float>(input);
    above = isAbove ? input : above;
    below = isBelow ? input : below;
  }
  ASSERT_TRUE(above && below);
  std::vector<double> thresholds = {afterSix<float>(*above), afterSix<float>(*below)};
  LIF neuron{vec({4e-3, 4e-3}), vec({1.0, 1.0}), vec({0.0, 0.0}), vec(thresholds), vec({0.0, 0.0})};
  nirc::Network network = networkWith(around(neuron, {2}, {2}));
  constexpr int64_t count = 12;
  std::vector<double> drive, expected, v = {0.0, 0.0};
  for (int64_t step = 0; step < count; ++step) {
    for (size_t i : {0, 1}) {
      drive.push_back(i == 0 ? *above : *below);
      v[i] = 0.75 * v[i] + 0.25 * drive.back();
      expected.push_back(v[i] > thresholds[i] ? 1.0 : 0.0);
      v[i] = v[i] > thresholds[i] ? 0.0 : v[i];
    }
  }
  Inputs inputs;
  inputs.steps = count;
  inputs.recording = {1e-3, {{"in", "value", Tensor::of<double>({1, count, 2}, drive)}}};
  TemporaryFolder folder;
  std::string path = folder.path + "/double.npy";
  ASSERT_FALSE(writeFile(path, npyBytes(Tensor::of<double>({count, 2}, expected))));
  MatchOptions options{.maxShift = 0, .varied = 0};
  EXPECT_FALSE(matched(network, inputs, {{"node", "spikes", path}}, options).matches());
  options.otherDType = DType::F64;
  MatchReport report = matched(network, inputs, {{"node", "spikes", path}}, options);
  EXPECT_TRUE(report.matches());
  EXPECT_EQ(report.dtype, DType::F64);
  EXPECT_THAT(namesOf(report), Contains("nir"));
}

TEST(ExpectedSource, NamesMayHoldWhatSplitsThem) {
  Graph graph = around(IF{vec({1.0}), vec({1.0}), vec({0.0})}, {1}, {1});
  nirc::Network network = networkWith(graph);
  auto of = [&](const char *argument) {
    ExpectedSource source = expectedSourceOf(argument, network);
    return source.node + "|" + source.observable + "|" + source.file;
  };
  EXPECT_EQ(of("a=b.npy"), "||a=b.npy");
  EXPECT_EQ(of("node=b=c.npy"), "node||b=c.npy");
  EXPECT_EQ(of("node:v=x.csv:2"), "node|v|x.csv:2");
}

} // namespace
