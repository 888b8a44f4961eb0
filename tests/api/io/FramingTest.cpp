//===- FramingTest.cpp - from events to steps -----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Framing.h"

#include <gtest/gtest.h>

using namespace nirc;

using Events = std::vector<nir::Event>;

static EventFraming framing(std::string_view frames, std::string_view polarity = "") {
  EventFraming framing;
  EXPECT_FALSE(takeFrames(frames, framing));
  if (!polarity.empty()) {
    EXPECT_FALSE(takePolarity(polarity, framing));
  }
  return framing;
}

static std::vector<double> frames(const Events &events, const EventFraming &framing,
                                  const nir::Shape &signal, double dt = 1e-3) {
  auto tensor = frameEvents(events, framing, {}, dt, signal, "x");
  EXPECT_TRUE(tensor) << tensor.error().str();
  return tensor ? tensor->toDoubles() : std::vector<double>();
}

static std::string message(const Events &events, const EventFraming &framing,
                           const nir::Shape &signal, const SensorArea &sensor = {}) {
  auto tensor = frameEvents(events, framing, sensor, 1e-3, signal, "x");
  EXPECT_FALSE(tensor);
  return tensor ? "" : tensor.error().message;
}

TEST(FrameEvents, CountsInSteps) {
  // Two events of one pixel in step 0, one of the other polarity in step 1; 1 ms is the edge of a
  // step.
  Events events = {{10, 1, 0, 1}, {999, 1, 0, 1}, {1000, 0, 1, 0}};
  auto tensor = frameEvents(events, {}, {}, 1e-3, {2, 2, 2}, "0.bin");
  ASSERT_TRUE(tensor);
  EXPECT_EQ(*tensor, nir::Tensor::of<int32_t>({2, 2, 2, 2},
                                              {0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0}));
  auto merged = frameEvents(events, {}, {}, 1e-3, {1, 2, 2}, "0.bin");
  EXPECT_EQ(*merged, nir::Tensor::of<int32_t>({2, 1, 2, 2}, {0, 2, 0, 0, 0, 0, 1, 0}));
}

TEST(FrameEvents, TakesOneOfSeveral) {
  auto counts = nir::Tensor::of<int32_t>({1, 2, 2}, {0, 1, 2, 300});
  EXPECT_EQ(atMostOne(counts), nir::Tensor::of<uint8_t>({1, 2, 2}, {0, 1, 1, 1}));
}

TEST(FrameEvents, Polarities) {
  // Pixel 0 sees on, on, off; pixel 1 sees off.
  Events events = {{0, 0, 0, 1}, {1, 0, 0, 1}, {2, 0, 0, 0}, {3, 1, 0, 0}};
  using Values = std::vector<double>;
  EXPECT_EQ(frames(events, framing("time"), {2, 1, 2}), (Values{1, 1, 2, 0}));
  EXPECT_EQ(frames(events, framing("time", "both"), {2, 1, 2}), (Values{1, 1, 2, 0}));
  EXPECT_EQ(frames(events, framing("time", "on"), {1, 1, 2}), (Values{2, 0}));
  EXPECT_EQ(frames(events, framing("time", "off"), {1, 1, 2}), (Values{1, 1}));
  EXPECT_EQ(frames(events, framing("time", "signed"), {1, 1, 2}), (Values{1, -1}));
  EXPECT_EQ(frames(events, framing("time", "merged"), {1, 1, 2}), (Values{3, 1}));
  EXPECT_EQ(message(events, framing("time", "signed"), {2, 1, 2}),
            "found an input of 2 channels, expected one as --polarity signed needs");
  EXPECT_EQ(message(events, framing("time", "both"), {1, 1, 2}),
            "found an input of 1 channel, expected two as --polarity both needs");
}

/// By count time decides, not the order of the file; the last step has what is left.
TEST(FrameEvents, ByCount) {
  Events events = {{50, 0, 0, 1}, {10, 1, 0, 1}, {900000, 2, 0, 1}, {60, 0, 0, 1}, {70, 2, 0, 1}};
  EXPECT_EQ(frames(events, framing("count:2"), {1, 1, 3}),
            (std::vector<double>{1, 1, 0, 1, 0, 1, 0, 0, 1}));
  EXPECT_EQ(frames(events, framing("count:5"), {1, 1, 3}), (std::vector<double>{2, 1, 2}));
}

/// In steps of 1 ms an event at 1.25 ms gives 3/4 to step 1 and 1/4 to step 2.
TEST(FrameEvents, VoxelsInStepsOfTheRun) {
  Events events = {{0, 0, 0, 1}, {1250, 1, 0, 1}, {1500, 0, 0, 0}};
  EXPECT_EQ(frames(events, framing("voxel", "signed"), {1, 1, 2}),
            (std::vector<double>{1, 0, -0.5, 0.75, -0.5, 0.25}));
  EXPECT_EQ(frames(Events{{2000, 0, 0, 1}}, framing("voxel"), {1, 1, 1}),
            (std::vector<double>{0, 0, 1}));
}

/// Zhu et al. 2019: 5 steps over 100 to 500 µs, so that one step is 100 µs.
TEST(FrameEvents, VoxelsOverTheRecording) {
  Events events = {{100, 0, 0, 1}, {250, 0, 0, 1}, {420, 0, 0, 0}, {500, 0, 0, 1}};
  std::vector<double> values = frames(events, framing("voxel:5", "signed"), {1, 1, 1});
  ASSERT_EQ(values.size(), 5U);
  EXPECT_DOUBLE_EQ(values[0], 1);
  EXPECT_DOUBLE_EQ(values[1], 0.5);
  EXPECT_DOUBLE_EQ(values[2], 0.5);
  EXPECT_NEAR(values[3], -0.8, 1e-12);
  EXPECT_NEAR(values[4], 1 - 0.2, 1e-12);
  EXPECT_EQ(frames(Events{{7, 0, 0, 1}}, framing("voxel:2"), {1, 1, 1}),
            (std::vector<double>{1, 0}));
  EXPECT_EQ(frames(events, framing("voxel:1"), {1, 1, 1}), (std::vector<double>{4}));
}

TEST(FrameEvents, FlatInputs) {
  Events events = {{0, 1, 0, 0}, {0, 0, 1, 1}};
  // A sensor of 2x2, both polarities: off pixel (1, 0) is element 1, on pixel (0, 1) is 4 + 2.
  auto flat = frameEvents(events, {}, {2, 2}, 1e-3, {8}, "x");
  ASSERT_TRUE(flat) << flat.error().str();
  EXPECT_EQ(*flat, nir::Tensor::of<int32_t>({1, 8}, {0, 1, 0, 0, 0, 0, 1, 0}));
  // A cochlea has channels alone.
  auto cochlea = frameEvents({{0, 2, 0, 1}, {0, 2, 0, 1}}, {}, {}, 1e-3, {4}, "x");
  EXPECT_EQ(*cochlea, nir::Tensor::of<int32_t>({1, 4}, {0, 0, 2, 0}));
  EXPECT_EQ(frames(events, {}, {2, 2}), (std::vector<double>{0, 1, 1, 0}));
}

TEST(FrameEvents, SaysWhatDoesNotFit) {
  Events events = {{10, 33, 2, 1}};
  EXPECT_EQ(frameEvents(events, {}, {}, 1e-3, {2, 16, 16}, "0.bin").error().str(),
            "0.bin: error: found an event at row 2, column 33, expected 16 rows and 16 columns as "
            "the input has\n0.bin: note: --crop WIDTHxHEIGHT+LEFT+TOP takes a part of the sensor");
  EXPECT_EQ(message(events, {}, {3, 5, 5}),
            "events of a camera do not fit an input of shape [3, 5, 5], expected [2, height, "
            "width] or [1, height, width]");
  EXPECT_EQ(message(events, {}, {2, 16, 16}, {34, 40}),
            "found a sensor of 40 rows and 34 columns, expected 16 rows and 16 columns as the "
            "input has");
  EXPECT_EQ(message({}, {}, {2, 34, 34}), "the file holds no events");
  events[0].microseconds = int64_t(1) << 31;
  EXPECT_EQ(frameEvents(events, {}, {}, 1e-9, {2, 34, 34}, "x").error().notes.at(0).message,
            "--bin takes a longer bin, such as 1ms");
  for (const char *how : {"time", "voxel", "count:1", "voxel:3"}) {
    events[0].microseconds = INT64_MAX;
    auto tensor = frameEvents(events, framing(how), {}, 1e-9, {2, 34, 34}, "x");
    EXPECT_EQ(bool(tensor), how[0] == 'c' || how[5] == ':') << how;
  }
  EXPECT_EQ(message(events, framing("voxel:1000000000"), {2, 34, 34}),
            "1000000000 steps of shape [2, 34, 34] are too many");
  events[0].microseconds = -5;
  EXPECT_EQ(message(events, {}, {2, 34, 34}), "found an event at -5 µs, expected none before 0");
}

TEST(CropEvents, MovesWhatItKeeps) {
  Events events = {{0, 9, 20, 1}, {1, 10, 20, 1}, {2, 13, 22, 0}, {3, 14, 22, 0}};
  EventFraming framing;
  ASSERT_FALSE(takeCrop("4x3+10+20", framing));
  auto sensor = cropEvents(framing, 34, 34, events);
  ASSERT_TRUE(sensor) << sensor.error().str();
  EXPECT_EQ(sensor->width, 4);
  EXPECT_EQ(sensor->height, 3);
  EXPECT_EQ(events, (Events{{1, 0, 0, 1}, {2, 3, 2, 0}}));
  EXPECT_EQ(cropEvents(framing, 13, 34, events).error().message,
            "found a sensor of 13x34, expected one that holds --crop 4x3+10+20");
}

TEST(CropEvents, AStatedSensorMustBeTheFiles) {
  Events events;
  EventFraming framing;
  ASSERT_FALSE(takeSensor("346x260", framing));
  EXPECT_EQ(cropEvents(framing, 0, 0, events)->width, 346);
  EXPECT_EQ(cropEvents(framing, 346, 260, events)->height, 260);
  EXPECT_EQ(cropEvents(framing, 240, 180, events).error().message,
            "found a sensor of 240x180, expected 346x260 as --sensor says");
}

TEST(FramingText, ReadsWhatItWrites) {
  EventFraming all;
  EXPECT_EQ(text(all), "");
  EXPECT_FALSE(takeFrames("count:5000", all));
  EXPECT_FALSE(takePolarity("signed", all));
  EXPECT_FALSE(takeTimeZero("first", all));
  EXPECT_FALSE(takeSensor("346x260", all));
  EXPECT_FALSE(takeCrop("128x128+10+20", all));
  EXPECT_EQ(text(all), "--frames count:5000 --polarity signed --time-zero first --sensor 346x260 "
                       "--crop 128x128+10+20");
  EXPECT_EQ(text(framing("voxel")), "--frames voxel");
  EXPECT_EQ(text(framing("voxel:5")), "--frames voxel:5");
}

TEST(FramingText, SaysWhatThereIs) {
  EventFraming none;
  for (const char *text : {"", "times", "count", "count:0", "count:-1", "count:2x", "time:3",
                           "voxel:", "count:99999999999999"}) {
    auto failed = takeFrames(text, none);
    ASSERT_TRUE(failed) << text;
    EXPECT_EQ(failed->message, "found '" + std::string(text) +
                                   "', expected time, count:EVENTS, voxel or voxel:STEPS");
  }
  EXPECT_EQ(takePolarity("ON", none)->message,
            "found 'ON', expected one of both, on, off, signed, merged");
  EXPECT_EQ(takeTimeZero("", none)->message, "found '', expected one of first, file");
  for (const char *text : {"346", "346x", "0x3", "346x260+1", "346,260", "99999x1"}) {
    EXPECT_TRUE(takeSensor(text, none)) << text;
    EXPECT_FALSE(none.sensor);
  }
  for (const char *text :
       {"128x128", "128x128+1", "128x128-1+1", "128x128+1+1x", "128x128+70000+1"}) {
    EXPECT_EQ(takeCrop(text, none)->message,
              "found '" + std::string(text) + "', expected WIDTHxHEIGHT+LEFT+TOP as 128x128+10+20");
  }
}
