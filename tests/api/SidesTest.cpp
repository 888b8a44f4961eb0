//===- SidesTest.cpp - what is compared, brought to one form --------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Sides.h"

#include <gtest/gtest.h>

using namespace nirc;
using nir::Shape;
using nir::Tensor;

/// What a file of another program is by itself.
static Side saved(const char *name, Shape shape, const std::vector<float> &values) {
  Side side{name, {}, {}};
  SavedData data{name, Tensor::of<float>(shape, values), false, {}, 0.0};
  shape.insert(shape.begin(), 1);
  side.result.recording.traces = {
      {name, data.looksLikeSpikes() ? "spikes" : "value", Tensor::of<float>(shape, values)}};
  side.result.saved = data;
  return side;
}

/// A result of two samples of three steps: v of a neuron, then the Output's spikes.
static Side result() {
  Side side{"run", {}, {"out"}};
  side.result.recording = {
      1e-3,
      {{"lif", "v", Tensor::of<float>({2, 3, 1}, {.1F, .2F, .3F, .4F, .5F, .6F})},
       {"out", "spikes", Tensor::of<uint8_t>({2, 3, 1}, {0, 1, 0, 1, 0, 0})}}};
  return side;
}

static std::string fitted(Side side, int64_t slack = 0) {
  std::vector<Side> sides = {std::move(side), result()};
  if (nir::Status failed = fitSides(sides, {}, slack)) {
    return failed->message;
  }
  const nir::Trace &trace = sides[0].result.recording.traces.at(0);
  std::string text = trace.node + " " + trace.observable + " " + nir::str(trace.data.shape());
  for (double value : trace.data.toDoubles()) {
    text += value > 0.0 ? " 1" : " 0";
  }
  return text;
}

TEST(FitSides, OutputsComeFirst) {
  EXPECT_EQ(fitted(saved("a", {2, 3}, {0, 1, 0, 1, 0, 0})), "out spikes [2, 3, 1] 0 1 0 1 0 0");
  EXPECT_EQ(fitted(saved("a", {3, 2}, {0, 1, 1, 0, 0, 0})), "out spikes [2, 3, 1] 0 1 0 1 0 0");
  EXPECT_EQ(fitted(saved("a", {3, 2, 1}, {0, .5F, .5F, 0, 0, 0})), "lif v [2, 3, 1] 0 1 0 1 0 0");
  EXPECT_EQ(fitted(saved("a", {2, 4, 1}, {0, 1, 1, 0, 0, 0, 0, 1}), 1),
            "out spikes [2, 4, 1] 0 1 1 0 0 0 0 1");
  EXPECT_EQ(fitted(saved("a", {2, 2, 1}, {0, 1, 1, 0}), 1),
            "the shape [2, 2, 1] can be [B, T, ...] and [T, B, ...]");
  EXPECT_EQ(fitted(saved("a", {5, 1}, {0, 1, 1, 0, 0})), "found shape [5, 1], expected [2, 3, 1]");
}

TEST(FitSides, WithoutAResultTheyAreOfOneKind) {
  auto kindOf = [](const std::vector<float> &first, const std::vector<float> &second) {
    std::vector<Side> sides = {saved("a", {3, 1}, first), saved("b", {3, 1}, second)};
    nir::Status failed = fitSides(sides, {}, 0);
    return failed ? failed->message
                  : sides[0].result.recording.traces[0].observable + " " +
                        sides[1].result.recording.traces[0].observable;
  };
  EXPECT_EQ(kindOf({0, 1, 0}, {0, 1, 1}), "spikes spikes");
  EXPECT_EQ(kindOf({0, 1, 0}, {0, 2, 1}), "spikes spikes"); // counts
  EXPECT_EQ(kindOf({0, 3, 0}, {0, 2, 1}), "value value");
  EXPECT_EQ(kindOf({0, 0, 0}, {0, .5F, 1}), "value value"); // a membrane at rest
  EXPECT_EQ(kindOf({0, -1, 0}, {0, 1, 1}), "value value");
}
