//===- ReadResultsTest.cpp - results, written and read back ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/ReadResults.h"
#include "api/io/Files.h"
#include "api/io/Results.h"
#include "ir/recording/NpyBytes.h"
#include "tests/support/Random.h"
#include "tests/support/TemporaryFolder.h"

#include <filesystem>
#include <gtest/gtest.h>

using namespace nirc;
namespace fs = std::filesystem;

static constexpr uint64_t plenty = 1 << 20;

/// Of this process alone: tests run beside each other.
static const std::string &folder() {
  static const nir::test::TemporaryFolder folder;
  return folder.path;
}

/// Three steps of a [2, 2] node whose name needs quotes, and a voltage that no short decimal is.
static Results example(int64_t batch) {
  Results results;
  results.batched = batch > 1;
  results.provenance = {{"model", "a: b.nir"}, {"dtype", "float32"}, {"dt", 0.001},
                        {"steps", 3},          {"batch", batch},     {"outputs", {"a,\"b.c"}}};
  results.recording.dtSeconds = 0.001;
  std::vector<uint8_t> spikes(static_cast<size_t>(batch * 3 * 4));
  std::vector<float> voltages(static_cast<size_t>(batch * 3));
  for (size_t i = 0; i < spikes.size(); ++i) {
    spikes[i] = i % 3 == 0;
  }
  for (size_t i = 0; i < voltages.size(); ++i) {
    voltages[i] = 0.1F / static_cast<float>(i + 3);
  }
  results.recording.traces = {
      {"a,\"b.c", "spikes", nir::Tensor::of<uint8_t>({batch, 3, 2, 2}, spikes)},
      {"lif", "v", nir::Tensor::of<float>({batch, 3, 1}, voltages)}};
  return results;
}

/// Both have the same values at the same places, whatever the dtype of the spikes.
static void expectSame(const ReadResult &read, const Results &written, bool shapes) {
  EXPECT_EQ(read.recording.dtSeconds, written.recording.dtSeconds);
  EXPECT_EQ(read.batched, written.batched);
  EXPECT_EQ(read.provenance.value("dt", 0.0), 0.001);
  EXPECT_EQ(read.provenance.value("model", ""), "a: b.nir");
  EXPECT_EQ(read.provenance["outputs"], written.provenance["outputs"]);
  ASSERT_EQ(read.recording.traces.size(), written.recording.traces.size());
  for (const nir::Trace &trace : written.recording.traces) {
    const nir::Trace *found = read.recording.find(trace.node, trace.observable);
    ASSERT_TRUE(found) << trace.node;
    EXPECT_EQ(found->data.toDoubles(), trace.data.toDoubles()) << trace.node;
    if (shapes) {
      EXPECT_EQ(found->data.shape(), trace.data.shape()) << trace.node;
    }
  }
}

TEST(ReadResults, EveryFormComesBack) {
  for (int64_t batch : {1, 2, 3}) {
    SCOPED_TRACE(testing::Message() << "batch " << batch);
    Results written = example(batch);
    for (const char *name : {"x.csv", "x.nird", "run/"}) {
      SCOPED_TRACE(name);
      std::string path = folder() + "/" + name;
      ASSERT_FALSE(writeResults(written, *resultFormOf(path), path));
      auto read = readResults(path, {plenty});
      ASSERT_TRUE(read) << read.error().str();
      expectSame(*read, written, std::string(name) != "x.nird");
    }
    written.recording.traces.pop_back();
    std::string path = folder() + "/x.npy";
    ASSERT_FALSE(writeResults(written, ResultForm::Npy, path));
    auto read = readResults(path, {plenty});
    ASSERT_TRUE(read) << read.error().str();
    expectSame(*read, written, true);
  }
}

TEST(ReadResults, AnArrayAloneIsOneSample) {
  std::string path = folder() + "/alone.npy";
  ASSERT_FALSE(writeFile(path, npyBytes(nir::Tensor::of<float>({2, 3}, {1, 2, 3, 4, 5, 6}))));
  auto read = readResults(path, {plenty});
  ASSERT_TRUE(read) << read.error().str();
  EXPECT_EQ(read->recording.dtSeconds, 0.0);
  EXPECT_EQ(read->recording.traces[0].node, "alone");
  EXPECT_EQ(read->recording.traces[0].observable, "value");
  EXPECT_EQ(read->recording.traces[0].data.shape(), (nir::Shape{1, 2, 3}));
}

TEST(ReadResults, SaysWhatIsNoResult) {
  std::string path = folder() + "/broken";
  fs::remove_all(path);
  auto refused = [](const std::string &path) {
    auto read = readResults(path, {plenty});
    return read ? "no error" : read.error().message;
  };
  EXPECT_EQ(refused(path), "there is no such file or folder");
  fs::create_directories(path);
  auto describe = [&](const char *text) {
    EXPECT_FALSE(writeFile(path + "/run.json", text));
    return refused(path);
  };
  EXPECT_EQ(describe("[1"), "is not a JSON object such as `nirc run -o` writes");
  EXPECT_EQ(describe("{}"), "lists no files, as `nirc run -o DIR/` does");
  EXPECT_EQ(describe(R"({"files": [{"file": "../x.npy"}]})"),
            "found the file name '../x.npy', expected one of a file beside it");
  EXPECT_EQ(describe(R"({"files": [7]})"),
            "found the file name '', expected one of a file beside it");
  EXPECT_EQ(describe(R"({"files": [{"file": "x.npy"}], "batch": 1e300, "dt": "x"})"),
            "cannot open the file: No such file or directory");
  ASSERT_FALSE(writeFile(path + "/x.npy", npyBytes(nir::Tensor::of<float>({1, 0}, {}))));
  EXPECT_EQ(describe(R"({"files": [{"file": "x.npy"}]})"),
            "found shape [1, 0], expected [T, ...] or [batch, T, ...] of at least one step and "
            "element");
}

TEST(ParseCsv, SaysWhereTheTextIsWrong) {
  auto refused = [](const char *text) {
    auto read = parseCsv(text, "x.csv");
    return read ? "no error" : read.error().str();
  };
  EXPECT_EQ(refused("# a: 1\nstep,time,a.v[0]\n0,0,1.5\n"), "no error");
  EXPECT_EQ(refused(""),
            "x.csv: error: line 1: expected the columns step, time, NODE.OBSERVABLE[0], "
            "...");
  EXPECT_EQ(refused("step,time,v\n0,0,1\n"),
            "x.csv: error: line 1: expected the columns step, time, NODE.OBSERVABLE[0], ...");
  EXPECT_EQ(refused("step,time,a.v[0]\n0,0\n"), "x.csv: error: line 2: found 2 cells, expected 3");
  EXPECT_EQ(refused("# a: 1\nstep,time,a.v[0]\n0,0,1\n1,0,one\n"),
            "x.csv: error: line 4: a cell of a.v is not a number");
  EXPECT_EQ(refused("step,time,a.v[0]\n0,0,\"1\n"),
            "x.csv: error: line 2: found 0 cells, expected 3");
  EXPECT_EQ(refused("sample,step,time,a.v[0]\n9223372036854775807,0,0,1\n"),
            "x.csv: error: line 2: found 1 row, expected as many for each of 2 samples");
  EXPECT_EQ(refused("step,time,a.v[99999999][99999999][9223372036854775807]\n0,0,1\n"), "no error");
}

TEST(ParseCsv, AnyTextIsAResultOrAnError) {
  std::string whole = csvText(example(2));
  const std::string letters = "0123456789,\"\n#[].-e:samplestep\0\xff";
  size_t read = 0;
  for (uint64_t seed = 0; seed < 3000; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    nir::test::Random random(seed);
    std::string text = whole;
    for (int64_t damage = random.between(1, 4); damage > 0 && !text.empty(); --damage) {
      auto at = static_cast<size_t>(random.below(static_cast<int64_t>(text.size())));
      switch (random.below(3)) {
      case 0:
        text[at] = letters[static_cast<size_t>(random.below(static_cast<int64_t>(letters.size())))];
        break;
      case 1:
        text.erase(at, static_cast<size_t>(random.between(1, 40)));
        break;
      default:
        text.insert(at, text.substr(static_cast<size_t>(random.below(8)), 30));
      }
    }
    auto result = parseCsv(text, "x.csv");
    if (!result) {
      EXPECT_FALSE(result.error().message.empty());
      continue;
    }
    ++read;
    for (const nir::Trace &trace : result->recording.traces) {
      EXPECT_GT(trace.data.size(), 0);
    }
  }
  EXPECT_GT(read, 100U); // damage to a comment or a digit leaves a result
}
