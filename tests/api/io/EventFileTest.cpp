//===- EventFileTest.cpp - files of events --------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/EventFile.h"

#include <gtest/gtest.h>

using namespace nirc;

static std::vector<std::byte> bytesOf(std::initializer_list<int> values) {
  std::vector<std::byte> bytes;
  for (int value : values) {
    bytes.push_back(static_cast<std::byte>(value));
  }
  return bytes;
}

TEST(EventFile, ReadsPositionPolarityAndTime) {
  auto events = parseEvents(bytesOf({3, 5, 0x80, 0x01, 0x02, 33, 0, 0x01, 0, 0}), "0.bin");
  ASSERT_TRUE(events);
  ASSERT_EQ(events->size(), 2U);
  EXPECT_EQ((*events)[0].x, 3);
  EXPECT_EQ((*events)[0].y, 5);
  EXPECT_EQ((*events)[0].polarity, 1);
  EXPECT_EQ((*events)[0].microseconds, 0x102U);
  EXPECT_EQ((*events)[1].polarity, 0);
  EXPECT_EQ((*events)[1].microseconds, 0x10000U);
}

TEST(EventFile, TheClockWraps) {
  auto events = parseEvents(bytesOf({1, 1, 0, 0, 7, 0, 240, 0, 0, 0, 1, 1, 0, 0, 7}), "0.bin");
  ASSERT_EQ(events->size(), 2U);
  EXPECT_EQ((*events)[1].microseconds, 8192U + 7U);
}

TEST(EventFile, RefusesPartOfAnEvent) {
  EXPECT_EQ(parseEvents(bytesOf({1, 2, 3}), "0.bin").error().str(),
            "0.bin: error: found 3 bytes, expected a multiple of 5: an N-MNIST event has 5 bytes");
}

TEST(EventFile, CountsInBins) {
  // Two events of one pixel in bin 0, one of the other polarity in bin 1; 1 ms is the edge of a
  // bin.
  std::vector<CameraEvent> events = {{1, 0, 1, 10}, {1, 0, 1, 999}, {0, 1, 0, 1000}};
  auto tensor = binEvents(events, 1e-3, {2, 2, 2}, "0.bin");
  ASSERT_TRUE(tensor);
  EXPECT_EQ(*tensor, nir::Tensor::of<int32_t>({2, 2, 2, 2},
                                              {0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0}));
  auto merged = binEvents(events, 1e-3, {1, 2, 2}, "0.bin");
  EXPECT_EQ(*merged, nir::Tensor::of<int32_t>({2, 1, 2, 2}, {0, 2, 0, 0, 0, 0, 1, 0}));
}

TEST(EventFile, TakesOneOfSeveral) {
  auto counts = nir::Tensor::of<int32_t>({1, 2, 2}, {0, 1, 2, 300});
  EXPECT_EQ(atMostOne(counts), nir::Tensor::of<uint8_t>({1, 2, 2}, {0, 1, 1, 1}));
}

TEST(EventFile, SaysWhatDoesNotFit) {
  std::vector<CameraEvent> events = {{33, 2, 1, 10}};
  EXPECT_EQ(binEvents(events, 1e-3, {2, 16, 16}, "0.bin").error().str(),
            "0.bin: error: found an event at row 2, column 33, expected 16 rows and 16 columns as "
            "the input has");
  EXPECT_EQ(binEvents(events, 1e-3, {12}, "0.bin").error().str(),
            "0.bin: error: events of a camera do not fit an input of shape [12], expected "
            "[2, height, width] or [1, height, width]");
  EXPECT_EQ(binEvents({}, 1e-3, {2, 34, 34}, "0.bin").error().message, "the file holds no events");
  events[0].microseconds = 1U << 31;
  EXPECT_EQ(binEvents(events, 1e-9, {2, 34, 34}, "0.bin").error().notes.at(0).message,
            "--bin takes a longer bin, such as 1ms");
}
