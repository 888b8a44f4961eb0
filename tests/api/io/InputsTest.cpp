//===- InputsTest.cpp - sources of input ----------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Inputs.h"
#include "api/io/Files.h"
#include "ir/recording/NpyBytes.h"
#include "tests/support/TemporaryFolder.h"

#include <filesystem>
#include <gtest/gtest.h>

using namespace nirc;
namespace fs = std::filesystem;

static const std::vector<InputPort> twoPorts = {{"left", {3}}, {"r=ight", {2}}};

/// Of this process alone: tests run beside each other.
static const std::string &folder() {
  static const nir::test::TemporaryFolder folder;
  return folder.path;
}

static std::string save(const char *name, const nir::Tensor &tensor) {
  std::string path = folder() + "/" + name;
  EXPECT_FALSE(writeFile(path, npyBytes(tensor)));
  return path;
}

TEST(AssignInputs, GivesEachPortItsSource) {
  auto sources = assignInputs({"r=ight=b=c.npy", "left=a.npy"}, twoPorts);
  ASSERT_TRUE(sources);
  EXPECT_EQ((*sources)[0].source, "a.npy");
  EXPECT_EQ((*sources)[1].source, "b=c.npy");
  auto alone = assignInputs({"x.npy"}, {{"input", {3}}});
  ASSERT_TRUE(alone);
  EXPECT_EQ((*alone)[0].port.node, "input");
}

TEST(AssignInputs, ListsThePortsThatExist) {
  EXPECT_EQ(assignInputs({"top=a.npy"}, twoPorts).error().message,
            "no input is called 'top', there are 'left' [3], 'r=ight' [2]");
  EXPECT_EQ(assignInputs({"a.npy"}, twoPorts).error().str(),
            "error: 'a.npy' does not say which input it is for\n"
            "note: write --input NODE=a.npy; the inputs are 'left' [3], 'r=ight' [2]");
  EXPECT_EQ(assignInputs({"left=a.npy"}, twoPorts).error().str(),
            "error: nothing is given for input 'r=ight' [2]\n"
            "note: --input r=ight=FILE, or --input r=ight=constant:0");
  EXPECT_EQ(assignInputs({"left=a", "left=b", "r=ight=c"}, twoPorts).error().message,
            "input 'left' is given twice");
}

TEST(FitToPort, TakesStepsOfThePortsShapeOrFlat) {
  InputPort port{"input", {2, 3}};
  auto fits = [&](const nir::Shape &shape, const nir::Shape &expected, bool expectBatch) {
    bool batched = false;
    auto tensor = fitToPort(nir::Tensor::allocate(nir::DType::U8, shape).first, port, batched, "f");
    ASSERT_TRUE(tensor) << nir::str(shape);
    EXPECT_EQ(tensor->shape(), expected) << nir::str(shape);
    EXPECT_EQ(batched, expectBatch) << nir::str(shape);
  };
  fits({5, 2, 3}, {1, 5, 2, 3}, false);
  fits({4, 5, 2, 3}, {4, 5, 2, 3}, true);
  fits({5, 6}, {1, 5, 2, 3}, false);
  fits({4, 5, 6}, {4, 5, 2, 3}, true);
  port = {"input", {1}};
  fits({5}, {1, 5, 1}, false);
  fits({5, 1}, {1, 5, 1}, false);
  fits({4, 5, 1}, {4, 5, 1}, true);
  port = {"input", {}};
  fits({5}, {1, 5}, false);
  fits({4, 5}, {4, 5}, true);
}

TEST(FitToPort, SaysWhatItExpected) {
  bool batched = false;
  auto refused = [&](const nir::Shape &shape, const nir::Shape &port) {
    auto tensor = fitToPort(nir::Tensor::allocate(nir::DType::U8, shape).first, {"in", port},
                            batched, "x.npy");
    return tensor ? "no error" : tensor.error().str();
  };
  EXPECT_EQ(refused({5, 2, 4}, {2, 3}),
            "x.npy: error: found shape [5, 2, 4], expected [T, 2, 3] or [batch, T, 2, 3] for input "
            "'in'");
  EXPECT_EQ(refused({0, 3}, {3}), "x.npy: error: shape [0, 3] holds no step");
}

TEST(LoadInputs, ShorterFilesGoOnWithZerosAndOneSampleIsRepeated) {
  std::string batch = save("batch.npy", nir::Tensor::of<float>({2, 2, 1}, {1, 2, 3, 4}));
  std::string longer = save("longer.npy", nir::Tensor::of<float>({3, 1}, {7, 8, 9}));
  auto inputs = loadInputs({{{"a", {1}}, batch}, {{"b", {1}}, longer}, {{"c", {1}}, "constant:2"}},
                           {.dtSeconds = 1e-3});
  ASSERT_TRUE(inputs) << inputs.error().str();
  EXPECT_TRUE(inputs->batched);
  EXPECT_EQ(inputs->batch, 2);
  EXPECT_EQ(inputs->steps, 3);
  auto values = [&](size_t i) { return inputs->recording.traces[i].data.toDoubles(); };
  EXPECT_EQ(values(0), (std::vector<double>{1, 2, 0, 3, 4, 0}));
  EXPECT_EQ(values(1), (std::vector<double>{7, 8, 9, 7, 8, 9}));
  EXPECT_EQ(values(2), (std::vector<double>{2, 2, 2, 2, 2, 2}));
}

TEST(LoadInputs, StepsCutAndExtend) {
  std::string file = save("three.npy", nir::Tensor::of<float>({3, 1}, {7, 8, 9}));
  auto load = [&](int64_t steps) {
    auto inputs = loadInputs({{{"a", {1}}, file}}, {.dtSeconds = 1e-3, .steps = steps});
    EXPECT_TRUE(inputs);
    return inputs->recording.traces[0].data.toDoubles();
  };
  EXPECT_EQ(load(2), (std::vector<double>{7, 8}));
  EXPECT_EQ(load(4), (std::vector<double>{7, 8, 9, 0}));
}

TEST(LoadInputs, BatchesMustAgree) {
  std::string two = save("two.npy", nir::Tensor::of<float>({2, 2, 1}, {1, 2, 3, 4}));
  std::string three =
      save("three-samples.npy", nir::Tensor::of<float>({3, 2, 1}, {1, 2, 3, 4, 5, 6}));
  auto inputs = loadInputs({{{"a", {1}}, two}, {{"b", {1}}, three}}, {.dtSeconds = 1e-3});
  ASSERT_FALSE(inputs);
  EXPECT_EQ(inputs.error().message, "found 3 samples, expected 2 as in " + two);
}

TEST(LoadInputs, PoissonFollowsTheSeedAndTheRate) {
  auto train = [](uint64_t seed, const char *node) {
    auto inputs = loadInputs({{{node, {10}}, "poisson:100Hz"}},
                             {.dtSeconds = 1e-3, .steps = 2000, .seed = seed});
    EXPECT_TRUE(inputs);
    return inputs->recording.traces[0].data;
  };
  nir::Tensor first = train(1, "a");
  EXPECT_EQ(first, train(1, "a"));
  EXPECT_FALSE(first == train(2, "a"));
  EXPECT_FALSE(first == train(1, "b"));
  double count = 0;
  for (double value : first.toDoubles()) {
    count += value;
  }
  // 20,000 draws at 0.1: 2,000 expected, a standard deviation of 42.
  EXPECT_NEAR(count, 2000, 170);
}

TEST(CheckGenerated, NamesWhatIsWrong) {
  auto check = [](const char *source, int64_t steps) {
    nir::Status failed =
        checkGenerated({{{"a", {1}}, source}}, {.dtSeconds = 1e-3, .steps = steps});
    return failed ? failed->str() : "no error";
  };
  EXPECT_EQ(check("constant:x", 10), "error: 'x' is not a number, expected one such as 0.5");
  EXPECT_EQ(check("poisson:2kHz", 10),
            "error: poisson:2kHz is more than one spike in a step of 1 ms\n"
            "note: a step holds at most one spike: take a smaller --dt or a lower rate");
  EXPECT_EQ(check("constant:1", 0), "error: no input says how many steps to run\n"
                                    "note: --steps N says it, as in --steps 1000");
  EXPECT_EQ(check("constant:1", 5), "no error");
}

TEST(LoadInputs, UnknownFilesAreRefused) {
  std::string path = folder() + "/x.dump";
  EXPECT_FALSE(writeFile(path, "1 2 3"));
  auto inputs = loadInputs({{{"a", {1}}, path}}, {.dtSeconds = 1e-3});
  ASSERT_FALSE(inputs);
  EXPECT_EQ(
      inputs.error().message,
      "is not an input that nirc knows: expected a .npy or .npz file, a table (.csv), images "
      "(IDX), NIRData "
      "(.nird), events (.bin, .aedat, .aedat2, .aedat4, .raw, .dat, events:FILE), constant:VALUE "
      "or poisson:RATE");
}

TEST(LoadInputs, TablesHaveARowForEachStep) {
  std::string path = folder() + "/x.csv";
  EXPECT_FALSE(writeFile(path, "in,v,w\n1,2,3\n4,5,6\n"));
  auto inputs = loadInputs({{{"a", {1}}, path + ":0"}, {{"b", {2}}, path + ":1-2"}}, {});
  ASSERT_TRUE(inputs) << inputs.error().str();
  EXPECT_EQ(inputs->recording.traces[0].data.toDoubles(), (std::vector<double>{1, 4}));
  EXPECT_EQ(inputs->recording.traces[1].data.toDoubles(), (std::vector<double>{2, 3, 5, 6}));
  EXPECT_FALSE(writeFile(path, "1\nnan\n"));
  inputs = loadInputs({{{"a", {1}}, path}}, {});
  ASSERT_FALSE(inputs);
  EXPECT_EQ(inputs.error().message,
            "found nan in step 1 of sample 0, element 0, expected a number");
}

TEST(LoadInputs, ALayoutSaysWhichDimensionIsTime) {
  std::string path = save("swapped.npy", nir::Tensor::of<float>({2, 3, 1}, {1, 2, 3, 4, 5, 6}));
  InputOptions options;
  options.layout = Layout::StepsBatch;
  auto inputs = loadInputs({{{"a", {1}}, path}}, options);
  ASSERT_TRUE(inputs) << inputs.error().str();
  EXPECT_EQ(inputs->batch, 3);
  EXPECT_EQ(inputs->steps, 2);
  EXPECT_EQ(inputs->recording.traces[0].data.toDoubles(), (std::vector<double>{1, 4, 2, 5, 3, 6}));
}

TEST(LoadInputs, TheSizeIsBoundedBeforeMemoryIsTaken) {
  auto inputs = loadInputs({{{"a", {1000000}}, "constant:1"}},
                           {.dtSeconds = 1e-3, .steps = int64_t(1) << 40});
  ASSERT_FALSE(inputs);
  EXPECT_EQ(inputs.error().notes.at(0).message, "--max-input-bytes raises the limit");
}

TEST(LoadInputs, AFolderIsABatchInTheOrderOfNames) {
  std::string set = folder() + "/set";
  fs::remove_all(set);
  fs::create_directories(set);
  save("set/b.npy", nir::Tensor::of<float>({3, 1}, {1, 2, 3}));
  save("set/a.npy", nir::Tensor::of<float>({1, 1}, {9}));
  EXPECT_FALSE(writeFile(set + "/notes.txt", "not taken"));
  for (const std::string &source : {set, set + "/", set + "/*.npy"}) {
    auto inputs = loadInputs({{{"x", {1}}, source}}, {.dtSeconds = 1e-3});
    ASSERT_TRUE(inputs) << inputs.error().str();
    EXPECT_TRUE(inputs->batched);
    EXPECT_EQ(inputs->batch, 2);
    EXPECT_EQ(inputs->steps, 3);
    EXPECT_EQ(inputs->shortest, 1);
    EXPECT_EQ(inputs->samples, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(inputs->recording.traces[0].data.toDoubles(),
              (std::vector<double>{9, 0, 0, 1, 2, 3}));
  }
}

TEST(LoadInputs, AFolderMustBeOfOneKind) {
  std::string set = folder() + "/mixed";
  fs::remove_all(set);
  fs::create_directories(set);
  auto refused = [&](const std::string &source) {
    auto inputs = loadInputs({{{"x", {1}}, source}}, {.dtSeconds = 1e-3});
    return inputs ? "no error" : inputs.error().message;
  };
  EXPECT_EQ(refused(set), "the folder has no .npy or .npz file, and none of events (.bin, .aedat, "
                          ".aedat2, .aedat4, .raw, .dat, events:FILE)");
  EXPECT_EQ(refused(set + "/*.npy"), "no file is called so, and none matches it as a pattern");
  save("mixed/a.npy", nir::Tensor::of<float>({2, 2, 1}, {9, 8, 7, 6}));
  EXPECT_EQ(refused(set), "found a batch of 2, expected one sample in each file of " + set);
  save("mixed/a.npy", nir::Tensor::of<float>({1, 1}, {9}));
  save("mixed/b.npy", nir::Tensor::of<double>({1, 1}, {9}));
  EXPECT_EQ(refused(set), "found dtype float64, expected float32 as in " + set + "/a.npy");
  EXPECT_FALSE(writeFile(set + "/c.bin", ""));
  EXPECT_EQ(refused(set), "the folder has .bin and .npy files, expected one kind");
  EXPECT_TRUE(isEventFile(set + "/*.bin"));
  EXPECT_FALSE(isEventFile(set + "/*.npy"));
}
