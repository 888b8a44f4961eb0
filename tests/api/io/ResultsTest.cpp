//===- ResultsTest.cpp - results in each format ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Results.h"
#include "api/io/Files.h"
#include "api/io/Inputs.h"
#include "api/io/NirDataFile.h"
#include "api/io/Npy.h"
#include "ir/file/NirData.h"
#include "tests/support/TemporaryFolder.h"

#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nirc;
namespace fs = std::filesystem;

/// Of this process alone: tests run beside each other.
static const std::string &folder() {
  static const nir::test::TemporaryFolder folder;
  return folder.path;
}

static std::string content(const std::string &path) {
  auto bytes = readFile(path, 1 << 20);
  return bytes ? std::string(reinterpret_cast<const char *>(bytes->data()), bytes->size())
               : bytes.error().str();
}

static nir::Tensor load(const std::string &path) {
  auto bytes = readFile(path, 1 << 20);
  auto tensor = parseNpy(*bytes, path);
  EXPECT_TRUE(tensor);
  return *tensor;
}

/// Two samples of two steps of two neurons, and one voltage.
static Results example(bool batched) {
  Results results;
  results.batched = batched;
  results.provenance = {{"nirc", "0.1"}, {"dt", 0.001}};
  results.recording.dtSeconds = 0.001;
  int64_t batch = batched ? 2 : 1;
  std::vector<uint8_t> spikes = {1, 0, 0, 1, 1, 1, 0, 0};
  std::vector<float> voltages = {0.1F, 0.2F, -1.5F, 4};
  spikes.resize(static_cast<size_t>(batch * 4));
  voltages.resize(static_cast<size_t>(batch * 2));
  results.recording.traces = {{"out", "spikes", nir::Tensor::of({batch, 2, 2}, spikes)},
                              {"a/b", "v", nir::Tensor::of({batch, 2, 1}, voltages)}};
  return results;
}

TEST(ResultForm, FollowsTheEnding) {
  EXPECT_EQ(*resultFormOf("x.npy"), ResultForm::Npy);
  EXPECT_EQ(*resultFormOf("a.b/x.csv"), ResultForm::Csv);
  EXPECT_EQ(*resultFormOf("x.nird"), ResultForm::NirData);
  EXPECT_EQ(*resultFormOf("x.npy/"), ResultForm::Folder);
  EXPECT_EQ(*resultFormOf("out"), ResultForm::Folder);
  EXPECT_EQ(*resultFormOf("."), ResultForm::Folder);
  EXPECT_EQ(
      resultFormOf("x.txt").error().str(),
      "x.txt: error: found the ending '.txt', expected .npy, .npz, .csv, .nird, or a folder as in "
      "'x.txt/'");
}

TEST(Results, CsvHasARowAStep) {
  EXPECT_EQ(csvText(example(false)), "# nirc: 0.1\n# dt: 0.001\n"
                                     "step,time,out.spikes[0],out.spikes[1],a/b.v[0]\n"
                                     "0,0,1,0,0.1\n"
                                     "1,0.001,0,1,0.2\n");
  EXPECT_EQ(csvText(example(true)), "# nirc: 0.1\n# dt: 0.001\n"
                                    "sample,step,time,out.spikes[0],out.spikes[1],a/b.v[0]\n"
                                    "0,0,0,1,0,0.1\n"
                                    "0,1,0.001,0,1,0.2\n"
                                    "1,0,0,1,1,-1.5\n"
                                    "1,1,0.001,0,0,4\n");
}

TEST(Results, CsvQuotesNames) {
  Results results;
  results.recording.traces = {{"a,\"b\"", "v", nir::Tensor::of<float>({1, 1, 1}, {1})}};
  EXPECT_EQ(csvText(results), "step,time,\"a,\"\"b\"\".v[0]\"\n0,0,1\n");
}

TEST(Results, FolderHasAFileATrace) {
  std::string path = folder() + "/run/";
  fs::remove_all(path);
  EXPECT_FALSE(writeResults(example(false), ResultForm::Folder, path));
  EXPECT_EQ(load(path + "out.spikes.npy"), nir::Tensor::of<uint8_t>({2, 2}, {1, 0, 0, 1}));
  EXPECT_EQ(load(path + "a%2Fb.v.npy"), nir::Tensor::of<float>({2, 1}, {0.1F, 0.2F}));
  auto run = nlohmann::json::parse(content(path + "run.json"));
  EXPECT_EQ(run["nirc"], "0.1");
  EXPECT_EQ(run["files"][1]["file"], "a%2Fb.v.npy");
  EXPECT_EQ(run["files"][1]["node"], "a/b");
  EXPECT_EQ(std::distance(fs::directory_iterator(path), {}), 3);
}

TEST(Results, SpikesWithTimesAreEvents) {
  Results results = example(true);
  results.recording.times = {{"out", 2, 2, 0.002, {{0, 0, 0.0}, {0, 1, 0.00125}, {1, 1, 0.0003}}}};
  std::string path = folder() + "/times/";
  fs::remove_all(path);
  EXPECT_FALSE(writeResults(results, ResultForm::Folder, path));
  EXPECT_EQ(content(path + "out.times.csv"),
            "sample,time,neuron\n0,0,0\n0,0.00125,1\n1,0.0003,1\n");
  EXPECT_EQ(nlohmann::json::parse(content(path + "run.json"))["files"][2]["file"], "out.times.csv");
  results.batched = false;
  EXPECT_FALSE(writeResults(results, ResultForm::Folder, path));
  EXPECT_EQ(content(path + "out.times.csv"), "time,neuron\n0,0\n0.00125,1\n0.0003,1\n");

  path = folder() + "/times.nird";
  EXPECT_FALSE(writeResults(results, ResultForm::NirData, path));
  auto data = nir::readData(path);
  ASSERT_TRUE(data) << data.error().str();
  const auto &out = std::get<nir::NIRNodeData>(data->find("out")->data).observables;
  ASSERT_EQ(out.size(), 1U);
  const auto *events = std::get_if<nir::EventData>(&out[0].data);
  ASSERT_NE(events, nullptr);
  EXPECT_EQ(events->idx, nir::Tensor::of<int64_t>({2, 2}, {0, 1, 1, -1}));
  EXPECT_EQ(events->time.at(1), 0.00125);
  EXPECT_TRUE(std::isinf(events->time.at(3)));
  EXPECT_EQ(events->neurons, 2);
  EXPECT_EQ(events->endSeconds, 0.002);
  // As an input they are on the grid again.
  InputOptions options;
  options.dtSeconds = 0.001;
  auto spikes = readNirDataInput(path, {"out", {2}}, options);
  ASSERT_TRUE(spikes) << spikes.error().str();
  EXPECT_EQ(spikes->toDoubles(), (std::vector<double>{1, 0, 0, 1, 0, 1, 0, 0}));
}

TEST(Results, ABatchStays) {
  std::string path = folder() + "/batch.npy";
  Results results = example(true);
  results.recording.traces.pop_back();
  EXPECT_FALSE(writeResults(results, ResultForm::Npy, path));
  EXPECT_EQ(load(path).shape(), (nir::Shape{2, 2, 2}));
  EXPECT_EQ(nlohmann::json::parse(content(path + ".json"))["dt"], 0.001);
}

TEST(Results, NirDataComesBackAsInput) {
  std::string path = folder() + "/x.nird";
  EXPECT_FALSE(writeResults(example(true), ResultForm::NirData, path));
  auto data = nir::readData(path);
  ASSERT_TRUE(data) << data.error().str();
  EXPECT_THAT(data->provenance, testing::UnorderedElementsAre(testing::Pair("nirc", "0.1"),
                                                              testing::Pair("dt", "0.001")));
  InputOptions options{.dtSeconds = 0.001};
  auto spikes = readNirDataInput(path, {"out", {2}}, options);
  ASSERT_TRUE(spikes) << spikes.error().str();
  EXPECT_EQ(spikes->toInts(), (std::vector<int64_t>{1, 0, 0, 1, 1, 1, 0, 0}));
  EXPECT_EQ(readNirDataInput(path, {"input", {2}}, options).error().message,
            "holds no recording of 'input', it has 'out', 'a/b'");
  options.dtSeconds = 0.002;
  EXPECT_EQ(readNirDataInput(path, {"out", {2}}, options).error().message,
            "found steps of 0.001 s, expected 0.002 s as the run has");
}
