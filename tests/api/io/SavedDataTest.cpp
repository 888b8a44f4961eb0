//===- SavedDataTest.cpp - what other programs saved ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/SavedData.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nirc;
using nir::Shape;
using nir::Tensor;
using testing::ElementsAre;

static SavedData saved(Shape shape) {
  std::vector<float> values;
  for (int64_t i = 0; i < nir::numElements(shape); ++i) {
    values.push_back(static_cast<float>(i));
  }
  return {"x.npy", Tensor::of<float>(std::move(shape), values), false, {}, 0.0};
}

static std::string fitted(const Shape &shape, const SavedExtent &want, Layout layout = Layout::Auto,
                          int64_t slack = 0) {
  auto tensor = fitSaved(saved(shape), want, layout, 0.0, slack);
  return tensor ? nir::str(tensor->shape()) : tensor.error().message;
}

TEST(FitSaved, TakesWhatTheShapesDecide) {
  SavedExtent batch{5, 20, {3}}, one{1, 20, {2, 2}}, neuron{1, 20, {}};
  EXPECT_EQ(fitted({5, 20, 3}, batch), "[5, 20, 3]");
  EXPECT_EQ(fitted({20, 5, 3}, batch), "[5, 20, 3]");
  EXPECT_EQ(fitted({20, 4}, one), "[1, 20, 2, 2]");
  EXPECT_EQ(fitted({20, 2, 2}, one), "[1, 20, 2, 2]");
  EXPECT_EQ(fitted({1, 20, 4}, one), "[1, 20, 2, 2]");
  EXPECT_EQ(fitted({20, 1, 4}, one), "[1, 20, 2, 2]");
  EXPECT_EQ(fitted({20}, neuron), "[1, 20]");
  EXPECT_EQ(fitted({20, 1}, neuron), "[1, 20]");
  EXPECT_EQ(fitted({20, 3}, batch), "found shape [20, 3], expected [5, 20, 3]");
  EXPECT_EQ(fitted({4, 20, 3}, batch), "found shape [4, 20, 3], expected [5, 20, 3]");
  EXPECT_EQ(fitted({20, 5}, one), "found shape [20, 5], expected [20, 2, 2]");
}

TEST(FitSaved, AsksWhereTheyDoNot) {
  SavedExtent square{7, 7, {3}}, near{7, 8, {3}};
  EXPECT_EQ(fitted({7, 7, 3}, square), "the shape [7, 7, 3] can be [B, T, ...] and [T, B, ...]");
  EXPECT_EQ(fitted({7, 7, 3}, square, Layout::BatchSteps), "[7, 7, 3]");
  EXPECT_EQ(fitted({7, 8, 3}, near, Layout::Auto, 2), "[7, 8, 3]"); // what fits exactly is meant
  EXPECT_EQ(fitted({8, 7, 3}, near, Layout::Auto, 2), "[7, 8, 3]");
  EXPECT_EQ(fitted({9, 7, 3}, near, Layout::Auto, 2), "[7, 9, 3]");
  EXPECT_EQ(fitted({11, 7, 3}, near, Layout::Auto, 2),
            "found shape [11, 7, 3], expected [7, 8, 3]");
}

TEST(FitSaved, StepsComeBeforeSamples) {
  auto tensor = fitSaved(saved({3, 2, 1}), {2, 3, {1}}, Layout::Auto, 0.0);
  ASSERT_TRUE(tensor);
  EXPECT_THAT(tensor->toDoubles(), ElementsAre(0, 2, 4, 1, 3, 5));
}

static nir::Result<SavedData> table(std::string_view text, std::string_view columns = "",
                                    Layout layout = Layout::Auto) {
  return parseTable(text, columns, layout, "x.csv");
}

TEST(ParseTable, NumbersInColumns) {
  for (const char *text : {"1,2\n3,4\n", "1;2\n3;4", "# made by\n1 \t2\r\n 3  4\r\n\n",
                           "a,b\n1,2\n3,4\n", "step,a,b\n0,1,2\n1,3,4\n", "1,2.0\n+3,4e0"}) {
    auto data = table(text);
    ASSERT_TRUE(data) << text << data.error().str();
    EXPECT_EQ(data->array.shape(), (Shape{2, 2})) << text;
    EXPECT_THAT(data->array.toDoubles(), ElementsAre(1, 2, 3, 4)) << text;
  }
  EXPECT_THAT(table("True,False\nFalse,True\n")->array.toDoubles(), ElementsAre(1, 0, 0, 1));
  const char *three = "in,v,out\n1,2,3\n4,5,6\n";
  EXPECT_THAT(table(three, "1")->array.toDoubles(), ElementsAre(2, 5));
  EXPECT_THAT(table(three, "out")->array.toDoubles(), ElementsAre(3, 6));
  EXPECT_THAT(table(three, "1-2")->array.toDoubles(), ElementsAre(2, 3, 5, 6));
}

TEST(ParseTable, SaysWhatIsWrong) {
  auto refused = [](std::string_view text, std::string_view columns = "",
                    Layout layout = Layout::Auto) {
    auto data = table(text, columns, layout);
    return data ? "no error" : data.error().str();
  };
  EXPECT_EQ(refused(""), "x.csv: error: has no line of numbers");
  EXPECT_EQ(refused("a,b\n"), "x.csv: error: has no line of numbers");
  EXPECT_EQ(refused("1,2\n3\n"), "x.csv: error: line 2: found 1 cell, expected 2");
  EXPECT_EQ(refused("1,2\n3,x\n"), "x.csv: error: line 2: a cell is not a number");
  EXPECT_EQ(refused("1,2\n", "2"), "x.csv: error: there is no column '2', there are 0 to 1");
  EXPECT_EQ(refused("a,b\n1,2\n", "c"),
            "x.csv: error: there is no column 'c', there are 0 to 1, a, b");
  EXPECT_EQ(refused("step,time\n1,2\n"), "x.csv: error: has no columns beside those of time");
  EXPECT_EQ(refused("1,2,3,4\n", "", Layout::Events),
            "x.csv: error: is not a list of spikes: expected the columns time and neuron, or "
            "sample, time and neuron");
  EXPECT_EQ(refused("time,neuron\n0.1,-1\n"),
            "x.csv: error: spike 0 is not one: sample 0, time 0.1, neuron -1");
}

TEST(ParseTable, AnyTextIsATableOrAnError) {
  const std::string letters = "0123456789.,;-+e \t\n\r#\":tneuronsample_ms";
  uint64_t bits = 1;
  for (int round = 0; round < 20000; ++round) {
    std::string text = round % 2 ? "time,neuron\n" : "";
    for (int i = 0; i < round % 40; ++i) {
      bits = bits * 6364136223846793005ULL + 1442695040888963407ULL;
      text += letters[(bits >> 33) % letters.size()];
    }
    auto data = table(text, round % 3 ? "" : "0-1", round % 5 ? Layout::Auto : Layout::Events);
    if (!data) {
      EXPECT_FALSE(data.error().message.empty());
      continue;
    }
    auto extent = extentOf(*data, Layout::Auto, 1e-3);
    if (extent && extent->steps < 100000) {
      auto fitted = fitSaved(*data, *extent, Layout::Auto, 1e-3);
      EXPECT_TRUE(fitted) << text << fitted.error().str();
    }
  }
}

/// Three spikes of two neurons in four steps of 1 ms, however a list writes them.
TEST(SpikeLists, AreCountedByStep) {
  for (const char *text :
       {"time,neuron\n0,1\n0.001,0\n0.003,1\n", "sender,time_ms\n1,0.0\n0,1.0\n1,3.0\n",
        "step,id\n0,1\n1,0\n3,1\n", "t,i\n0,1\n1,0\n3,1\n", "t,i\n0,1\n0.001,0\n0.003,1\n",
        "time_us unit\n0 1\n1000 0\n3000 1\n", "trial,t,unit\n0,0,1\n0,1,0\n0,3,1\n"}) {
    auto data = table(text);
    ASSERT_TRUE(data) << text;
    ASSERT_TRUE(data->isList) << text;
    auto grid = fitSaved(*data, {1, 4, {2}}, Layout::Auto, 1e-3);
    ASSERT_TRUE(grid) << text << grid.error().str();
    EXPECT_THAT(grid->toDoubles(), ElementsAre(0, 1, 1, 0, 0, 0, 0, 1)) << text;
    auto extent = extentOf(*data, Layout::Auto, 1e-3);
    ASSERT_TRUE(extent);
    EXPECT_EQ(extent->steps, 4);
    EXPECT_EQ(extent->shape, Shape{2});
  }
  // Times that went through float32, at every step.
  std::string text = "time,neuron\n";
  for (int step = 0; step < 1000; ++step) {
    text += std::to_string(static_cast<double>(static_cast<float>(step * 1e-3))) + ",0\n";
  }
  auto grid = fitSaved(*table(text), {1, 1000, {1}}, Layout::Auto, 1e-3);
  ASSERT_TRUE(grid) << grid.error().str();
  EXPECT_THAT(grid->toDoubles(), testing::Each(1.0));
}

TEST(SpikeLists, MayBeEmpty) {
  auto data = table("time,neuron\n");
  ASSERT_TRUE(data) << data.error().str();
  auto grid = fitSaved(*data, {1, 2, {2}}, Layout::Auto, 1e-3);
  ASSERT_TRUE(grid);
  EXPECT_THAT(grid->toDoubles(), ElementsAre(0, 0, 0, 0));
}

TEST(SpikeLists, SayWhatDoesNotFit) {
  auto refused = [](std::string_view text, double dt) {
    auto grid = fitSaved(*table(text), {1, 4, {2}}, Layout::Auto, dt);
    return grid ? "no error" : grid.error().message;
  };
  EXPECT_EQ(refused("time,neuron\n0.1,1\n", 0.0),
            "its times are in seconds, and nothing says how long a step is");
  EXPECT_EQ(refused("step,neuron\n4,1\n", 0.0),
            "found a spike of neuron 1 in step 4 of sample 0, expected 2 neurons, 4 steps and 1 "
            "sample");
  EXPECT_EQ(refused("step,neuron\n0,2\n", 0.0),
            "found a spike of neuron 2 in step 0 of sample 0, expected 2 neurons, 4 steps and 1 "
            "sample");
  EXPECT_EQ(refused("step,neuron\n-1,0\n", 0.0), "found a spike at -1, expected a time from 0 on");
}
