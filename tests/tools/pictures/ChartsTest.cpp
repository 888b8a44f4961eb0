//===- ChartsTest.cpp - what charts draw of recordings --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/pictures/charts/Confusion.h"
#include "tools/pictures/charts/Front.h"
#include "tools/pictures/charts/Ranges.h"
#include "tools/pictures/charts/Roofline.h"
#include "tools/pictures/charts/Run.h"
#include "tools/pictures/draw/Writers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nirc;
using testing::HasSubstr;
using testing::Not;

namespace {

/// What the group with this beginning holds, up to its end.
std::string group(const std::string &svg, const std::string &beginning) {
  size_t at = svg.find("<g class=\"" + beginning);
  return at == std::string::npos ? "" : svg.substr(at, svg.find("</g>", at) - at);
}

int64_t count(const std::string &text, char c) { return std::count(text.begin(), text.end(), c); }

nir::Recording recordingOf(int64_t steps, int64_t neurons,
                           const std::function<uint8_t(int64_t, int64_t)> &spikes) {
  std::vector<uint8_t> values;
  for (int64_t step = 0; step < steps; ++step) {
    for (int64_t neuron = 0; neuron < neurons; ++neuron) {
      values.push_back(spikes(step, neuron));
    }
  }
  nir::Recording recording{1e-3, {}};
  recording.traces.push_back(
      {"lif", "spikes", nir::Tensor::of<uint8_t>({1, steps, neurons}, values)});
  return recording;
}

std::string rasterOf(const nir::Recording &recording) {
  RunPicture run;
  run.recording = &recording;
  run.outputs = {"out"};
  run.caption = "Net.";
  return svgOf(rasterFigure(run, {}));
}

TEST(Raster, HasAMarkForEverySpike) {
  nir::Recording recording =
      recordingOf(100, 4, [](int64_t step, int64_t neuron) { return step % 10 == 2 * neuron; });
  recording.traces.push_back({"out", "spikes", recording.traces[0].data});
  std::string svg = rasterOf(recording);
  std::string marks = group(svg, "spikes\" data-node=\"lif\"");
  EXPECT_THAT(marks, HasSubstr("data-neurons=\"4\" data-spikes=\"40\""));
  EXPECT_EQ(count(marks, 'M'), 40);
  EXPECT_THAT(svg, HasSubstr(">4 neurons, 40 spikes, 100 Hz<")); // 40 in 0.1 s of 4
  EXPECT_THAT(svg, HasSubstr(">time (ms)<"));
  EXPECT_THAT(svg, Not(HasSubstr("data-node=\"out\""))); // the same spikes once more
}

TEST(Raster, AMillionSpikesAreASmallFile) {
  nir::Recording recording = recordingOf(2000, 1000, [](int64_t step, int64_t neuron) {
    return (step * 7919 + neuron * 104729) % 2 == 0;
  });
  std::string svg = rasterOf(recording);
  EXPECT_THAT(svg, HasSubstr("data-spikes=\"1000000\""));
  EXPECT_THAT(svg, HasSubstr("class=\"spikes density\""));
  EXPECT_THAT(svg, HasSubstr("a dot stands for all spikes"));
  EXPECT_LT(svg.size(), 200000U);
}

TEST(Raster, NothingIsNoFault) {
  nir::Recording none{1e-3, {}};
  EXPECT_THAT(rasterOf(none), HasSubstr("</svg>"));
  EXPECT_THAT(rasterOf(recordingOf(1, 1, [](int64_t, int64_t) { return 0; })),
              HasSubstr("1 neuron, 0 spikes, 0 Hz"));
  EXPECT_THAT(rasterOf(recordingOf(0, 3, [](int64_t, int64_t) { return 0; })), HasSubstr("</svg>"));
}

TEST(Voltages, DrawThresholdsAndTheNeuronsWithMostSpikes) {
  nir::Recording recording = recordingOf(
      50, 6, [](int64_t step, int64_t neuron) { return neuron > 0 && step % neuron == 0; });
  std::vector<float> v(50 * 6, 0.25F);
  recording.traces.push_back({"lif", "v", nir::Tensor::of<float>({1, 50, 6}, v)});
  RunPicture run;
  run.recording = &recording;
  run.thresholds.emplace("lif", nir::Tensor::scalar(1.0F));
  std::string svg = svgOf(voltageFigure(run, {}));
  for (const char *neuron : {"1", "2", "3"}) { // with 50, 25 and 17 spikes
    std::string voltage =
        group(svg, std::string("voltage\" data-node=\"lif\" data-neuron=\"") + neuron + "\"");
    EXPECT_THAT(voltage, HasSubstr("stroke-dasharray"));
  }
  EXPECT_THAT(svg, Not(HasSubstr("data-neuron=\"4\"")));
  EXPECT_EQ(count(group(svg, "spikes\" data-node=\"lif\" data-neuron=\"2\""), 'M'), 25);
}

TEST(Voltages, WhatIsNotFiniteIsAGap) {
  nir::Recording recording{1e-3, {}};
  recording.traces.push_back(
      {"lif", "v",
       nir::Tensor::of<double>({1, 5, 1}, {0.0, 1.0, std::numeric_limits<double>::quiet_NaN(), 1.0,
                                           std::numeric_limits<double>::infinity()})});
  RunPicture run;
  run.recording = &recording;
  std::string svg = svgOf(voltageFigure(run, {}));
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
  EXPECT_THAT(svg, Not(HasSubstr("inf")));
}

TEST(Rates, AreSpikesASecondAndNeuron) {
  nir::Recording recording = recordingOf(60, 2, [](int64_t step, int64_t) { return step < 30; });
  RunPicture run;
  run.recording = &recording;
  std::string svg = svgOf(rateFigure(run, {}));
  // Bins of a step: 1 spike of each neuron in 1 ms is 1000 Hz, and no tick is above 1050.
  EXPECT_THAT(svg, HasSubstr(">1000<"));
  EXPECT_THAT(svg, HasSubstr("in bins of 1 ms"));
  EXPECT_THAT(svg, HasSubstr(">rate (Hz)<"));
}

TEST(Confusion, HasASquareForEveryPair) {
  ConfusionPicture picture{{"cat", "dog", "<cow>"}, {5, 1, 0, 0, 7, 2, 0, 0, 0}, "Net."};
  std::string svg = svgOf(confusionFigure(picture, {.isDark = true}));
  EXPECT_THAT(svg, HasSubstr("data-class=\"dog\" data-answer=\"&lt;cow&gt;\" data-count=\"2\""));
  EXPECT_THAT(svg, HasSubstr(">7</text>"));
  EXPECT_THAT(svg, HasSubstr(">taken for<"));
  ConfusionPicture large;
  large.classes.assign(300, "c");
  large.counts.assign(300 * 300, 1);
  EXPECT_LT(svgOf(confusionFigure(large, {})).size(), 200000U);
}

TEST(Front, MarksTheFrontAndTheProposal) {
  FrontPicture picture;
  picture.points = {
      {100, 50, "2/8", true, false}, {200, 90, "4/8", true, true}, {300, 80, "8/8", false, false}};
  picture.scoreTitle = "accuracy (%)";
  picture.floatScore = 91.0;
  picture.proposed = "int8,weight-bits=4";
  std::string svg = svgOf(frontFigure(picture, {}));
  EXPECT_THAT(svg, HasSubstr("class=\"point front proposed\" data-format=\"4/8\" "
                             "data-bytes=\"200\" data-score=\"90\""));
  EXPECT_THAT(svg, HasSubstr("class=\"point\" data-format=\"8/8\""));
  EXPECT_THAT(svg, HasSubstr(">200 B<"));
  EXPECT_THAT(svgOf(frontFigure({}, {})), HasSubstr("No format could be run."));
}

TEST(Ranges, HaveARowForEachAndLimitsOfLargeNumbers) {
  RangesPicture picture;
  constexpr int64_t most = std::numeric_limits<int64_t>::max();
  picture.rows = {
      {"fc", "weights", RangesPicture::Row::Kind::Weights, -100, 90, -127, 127, 8, ""},
      {"fc", "sums", RangesPicture::Row::Kind::Signal, -most, most, -most, most, 64, "full"}};
  std::string svg = svgOf(rangesFigure(picture, {}));
  EXPECT_THAT(svg, HasSubstr("data-what=\"weights\" data-least=\"-100\" data-most=\"90\""));
  EXPECT_THAT(svg, HasSubstr("Full: can reach its limits."));
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
}

TEST(Roofline, HasADotForEachConnection) {
  RooflinePicture picture;
  picture.roof = {{16384, 1e11}, {134217728, 1e10}};
  picture.nodes = {{"fc1", 1000, 5e9, 0.7}, {"fc2", 2000, 6e9, 0.3}};
  std::string svg = svgOf(rooflineFigure(picture, {}));
  EXPECT_THAT(svg, HasSubstr("class=\"node\" data-node=\"fc1\""));
  EXPECT_THAT(svg, HasSubstr(">10 GB/s<"));
}

} // namespace
