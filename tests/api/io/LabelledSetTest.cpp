//===- LabelledSetTest.cpp - samples with their classes -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/LabelledSet.h"

#include "api/io/Files.h"
#include "ir/recording/NpyBytes.h"

#include <filesystem>
#include <gtest/gtest.h>

using namespace nirc;
namespace fs = std::filesystem;

namespace {
class LabelledSets : public testing::Test {
protected:
  void SetUp() override {
    // Tests run beside each other.
    std::string test = testing::UnitTest::GetInstance()->current_test_info()->name();
    folder = testing::TempDir() + "nirc-labelled-" + test + "/";
    fs::remove_all(folder);
    fs::create_directories(folder);
  }
  std::string save(const std::string &name, const nir::Tensor &array) {
    fs::create_directories(fs::path(folder + name).parent_path());
    EXPECT_FALSE(writeFile(folder + name, nir::npyBytes(array)));
    return folder + name;
  }
  /// Numbers 0, 1, ... of a shape.
  static nir::Tensor counted(const nir::Shape &shape) {
    std::vector<float> values;
    for (int64_t i = 0; i < nir::numElements(shape); ++i) {
      values.push_back(static_cast<float>(i));
    }
    return nir::Tensor::of<float>(shape, values);
  }
  static nir::Tensor labels(const std::vector<int64_t> &values) {
    return nir::Tensor::vector<int64_t>(values);
  }
  nir::Result<LabelledSet> open(const std::string &source, const std::string &labels,
                                const InputOptions &options = {.dtSeconds = 1e-3}) {
    return openLabelled({{"input", {3}}, source}, labels, options, heard);
  }
  std::string messageOf(const std::string &source, const std::string &labels,
                        const InputOptions &options = {.dtSeconds = 1e-3}) {
    nir::Result<LabelledSet> set = open(source, labels, options);
    return set ? "no error" : set.error().message;
  }
  std::vector<double> shown(const LabelledSet &set, int64_t first, int64_t number) {
    nir::Result<nir::Recording> recording = set.show(first, number, 0, heard);
    EXPECT_TRUE(recording);
    return recording ? recording->traces.front().data.toDoubles() : std::vector<double>();
  }

  std::string folder;
  Heard heard;
};
} // namespace

TEST_F(LabelledSets, LabelsTellSamplesFromSteps) {
  std::string x = save("x.npy", counted({2, 4, 3}));
  nir::Result<LabelledSet> batchFirst = open(x, save("two.npy", labels({5, 6})));
  ASSERT_TRUE(batchFirst);
  EXPECT_EQ(batchFirst->steps, 4);
  EXPECT_TRUE(batchFirst->samples->remarks.empty());
  EXPECT_EQ(shown(*batchFirst, 1, 1)[0], 12); // [1, 0, 0]
  nir::Result<LabelledSet> stepsFirst = open(x, save("four.npy", labels({0, 1, 2, 3})));
  ASSERT_TRUE(stepsFirst);
  EXPECT_EQ(stepsFirst->count(), 4);
  EXPECT_EQ(stepsFirst->steps, 2);
  EXPECT_EQ(stepsFirst->samples->remarks.size(), 1U);
  EXPECT_EQ(shown(*stepsFirst, 1, 1), (std::vector<double>{3, 4, 5, 15, 16, 17}));
  EXPECT_EQ(messageOf(x, save("five.npy", labels({0, 0, 0, 0, 0}))),
            "found 5 labels, expected 2, one a sample of " + x);
  std::string square = save("square.npy", counted({4, 4, 3}));
  EXPECT_EQ(messageOf(square, folder + "four.npy"),
            "found shape [4, 4, 3], which is 4 samples of 4 steps, or 4 steps of 4 samples");
  InputOptions said{.dtSeconds = 1e-3, .layout = Layout::StepsBatch};
  EXPECT_EQ(messageOf(square, folder + "four.npy", said), "no error");
}

TEST_F(LabelledSets, ValuesWithoutSteps) {
  std::string x = save("x.npy", counted({2, 3})), y = save("y.npy", labels({1, 0}));
  EXPECT_EQ(messageOf(x, y),
            "nothing says for how many steps a sample is shown: no --steps, and the model has no "
            "metadata nirc/steps");
  nir::Result<LabelledSet> set = open(x, y, {.dtSeconds = 1e-3, .fileSteps = 2});
  ASSERT_TRUE(set);
  EXPECT_EQ(shown(*set, 1, 1), (std::vector<double>{3, 4, 5, 3, 4, 5}));
  EXPECT_EQ(messageOf(x, y, {.dtSeconds = 1e-3, .fileEncoding = "pixel", .fileSteps = 2}),
            "there is no encoding 'pixel', there are direct, rate, latency, latency:TAU, delta and "
            "delta:THRESHOLD");
  // With one label it is one sample of two steps.
  nir::Result<LabelledSet> one = open(x, save("one.npy", labels({1})));
  ASSERT_TRUE(one);
  EXPECT_EQ(one->steps, 2);
}

TEST_F(LabelledSets, FoldersAreClasses) {
  for (const char *name : {"set/10/a", "set/9/b", "set/9/c", "set/9/10", "set/9/9"}) {
    save(std::string(name) + ".npy", counted({2, 3}));
  }
  save("set/.hidden/x.npy", counted({2, 3}));
  nir::Result<LabelledSet> numbers = open(folder + "set", "");
  ASSERT_TRUE(numbers) << numbers.error().message;
  // One of each class in turn.
  EXPECT_EQ(numbers->labels.values, (std::vector<int64_t>{9, 10, 9, 9, 9}));
  std::vector<std::string> names;
  for (int64_t i = 0; i < numbers->count(); ++i) {
    names.push_back(numbers->nameOf(i));
  }
  EXPECT_EQ(names, (std::vector<std::string>{"9/9", "10/a", "9/10", "9/b", "9/c"}));
  save("words/dog/1.npy", counted({2, 3}));
  save("words/cat/2.npy", counted({4, 3}));
  nir::Result<LabelledSet> words = open(folder + "words", "folders");
  ASSERT_TRUE(words);
  EXPECT_EQ(words->labels.names, (std::vector<std::string>{"cat", "dog"}));
  EXPECT_EQ(words->labels.values, (std::vector<int64_t>{0, 1}));
  EXPECT_EQ(words->steps, 0);
  ASSERT_FALSE(measureSteps(*words, 0, 2));
  EXPECT_EQ(words->steps, 4);
  EXPECT_EQ(words->shortest, 2);
  std::vector<double> both = shown(*words, 0, 2);
  EXPECT_EQ(both.size(), 24U);
  EXPECT_EQ(both[12 + 5], 5);
  EXPECT_EQ(both[12 + 6], 0); // past the end of the shorter one
  EXPECT_EQ(messageOf(folder + "words", "names"), "no error");
  std::string lone = save("x.npy", counted({2, 3}));
  EXPECT_EQ(messageOf(lone, "folders"),
            "--labels folders: the input is no folder with a folder for each class");
}

/// Images keep their shape or lose it, with dimensions of 1 or without, whatever else they could
/// be.
TEST_F(LabelledSets, ImagesAreValuesWhateverTheirShape) {
  InputOptions images{.dtSeconds = 1e-3, .fileSteps = 2, .arraysAreValues = true};
  auto first = [&](const nir::Shape &shape, const nir::Shape &port) {
    std::string x = save("x.npy", counted(shape)), y = save("y.npy", labels({0, 0, 0, 0, 0}));
    nir::Result<LabelledSet> set = openLabelled({{"input", port}, x}, y, images, heard);
    EXPECT_TRUE(set) << nir::str(shape) << ": " << (set ? "" : set.error().message);
    return set ? shown(*set, 1, 1) : std::vector<double>();
  };
  std::vector<double> expected{6, 7, 8, 9, 10, 11, 6, 7, 8, 9, 10, 11};
  using Shapes = std::vector<std::pair<nir::Shape, nir::Shape>>;
  for (const auto &[shape, port] : Shapes{{{5, 2, 3}, {6}},
                                          {{5, 1, 2, 3}, {6}},
                                          {{5, 1, 6}, {6}},
                                          {{5, 6}, {1, 2, 3}},
                                          {{5, 2, 3}, {1, 2, 3}},
                                          {{5, 2, 3, 1}, {2, 3}},
                                          {{5, 1, 6}, {1, 6}}}) {
    EXPECT_EQ(first(shape, port), expected) << nir::str(shape) << " for " << nir::str(port);
  }
  // Channels last are no channels first.
  std::string x = save("last.npy", counted({5, 3, 2}));
  EXPECT_FALSE(openLabelled({{"input", {2, 3}}, x}, folder + "y.npy", images, heard));
}

TEST_F(LabelledSets, LabelsAreWholeNumbersOneASample) {
  std::string x = save("x.npy", counted({2, 4, 3}));
  EXPECT_EQ(messageOf(x, save("half.npy", nir::Tensor::vector<double>({0.5, 1}))),
            "found label 0.5 of sample 0, expected a whole number from 0 on");
  EXPECT_EQ(messageOf(x, save("less.npy", labels({0, -1}))),
            "found label -1 of sample 1, expected a whole number from 0 on");
  EXPECT_EQ(messageOf(x, save("hot.npy", counted({2, 10}))),
            "found shape [2, 10], expected a label a sample, [samples]");
  EXPECT_EQ(messageOf(x, save("column.npy", nir::Tensor::of<float>({2, 1}, {3, 4}))), "no error");
  ASSERT_FALSE(writeFile(folder + "y.csv", "file,class\n0,7\n1,8\n"));
  nir::Result<LabelledSet> table = open(x, folder + "y.csv:class");
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_EQ(table->labels.values, (std::vector<int64_t>{7, 8}));
  EXPECT_NE(messageOf(x, "").find("nothing says the class of each sample"), std::string::npos);
  EXPECT_NE(messageOf(x, "names").find("neither a folder nor a pattern"), std::string::npos);
}
