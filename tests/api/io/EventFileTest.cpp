//===- EventFileTest.cpp - files of events --------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/EventFile.h"

#include <gtest/gtest.h>

using namespace nirc;

static std::vector<std::byte> bytesOf(std::string_view text) {
  std::span<const std::byte> bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

TEST(EventFile, WhatASourceSays) {
  EventSource source = eventSourceOf("events-csv:a:b.csv");
  EXPECT_TRUE(source.named);
  EXPECT_EQ(source.path, "a:b.csv");
  EXPECT_EQ(source.format, "csv");
  source = eventSourceOf("events:x.npy");
  EXPECT_TRUE(source.named);
  EXPECT_EQ(source.path, "x.npy");
  EXPECT_EQ(source.format, "");
  EXPECT_FALSE(eventSourceOf("events-2020.aedat4").named);
  EXPECT_TRUE(isEventPath("events-2020.aedat4"));
  EXPECT_FALSE(isEventPath("x.npy"));
  EXPECT_TRUE(isArrayOfFields(bytesOf("\x93NUMPY\1 ''{'descr': [('t', '<i8')]")));
  EXPECT_FALSE(isArrayOfFields(bytesOf("\x93NUMPY\1 ''{'descr': '<f4', 'x': [1]")));
}

TEST(EventFile, ReadsByNameAndByContent) {
  auto csv = bytesOf("t_us,x,y,p\n5000,3,5,1\n5010,4,5,0\n");
  auto events = readEventFile(csv, "csv", "x", {2, 8, 8}, 1000);
  ASSERT_TRUE(events);
  EXPECT_EQ(*events, (std::vector<nir::Event>{{5000, 3, 5, 1}, {5010, 4, 5, 0}}));
  EXPECT_EQ(readEventFile(csv, "cvs", "x", {2, 8, 8}, 1000).error().message,
            "no format of events is called 'cvs', there are aedat2, aedat3, aedat4, evt2, evt21, "
            "evt3, dat, nmnist, npy, npz, csv");
  EXPECT_FALSE(readEventFile(csv, "", "x", {2, 8, 8}, 1000));
}

/// The clock of a camera runs since it was switched on: time 0 is the earliest event.
TEST(EventFile, ACamerasClockStartsAtItsFirstEvent) {
  std::string evt2 = "% evt 2.0\n% geometry 8x8\n% end\n";
  evt2 += std::string("\5\0\0\x80\2\x08\0\x14\1\0\x40\0", 12);
  auto events = readEventFile(bytesOf(evt2), "", "x.raw", {2, 8, 8}, 1000);
  ASSERT_TRUE(events) << events.error().str();
  EXPECT_EQ(*events, (std::vector<nir::Event>{{15, 1, 2, 1}, {0, 0, 1, 0}}));
  EXPECT_EQ(readEventFile(bytesOf(evt2), "", "x.raw", {2, 34, 34}, 1000).error().message,
            "found a sensor of 8 rows and 8 columns, expected 34 rows and 34 columns as the input "
            "has");
}

TEST(EventFile, CountsInBins) {
  // Two events of one pixel in bin 0, one of the other polarity in bin 1; 1 ms is the edge of a
  // bin.
  std::vector<nir::Event> events = {{10, 1, 0, 1}, {999, 1, 0, 1}, {1000, 0, 1, 0}};
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
  std::vector<nir::Event> events = {{10, 33, 2, 1}};
  EXPECT_EQ(binEvents(events, 1e-3, {2, 16, 16}, "0.bin").error().str(),
            "0.bin: error: found an event at row 2, column 33, expected 16 rows and 16 columns as "
            "the input has");
  EXPECT_EQ(binEvents(events, 1e-3, {12}, "0.bin").error().str(),
            "0.bin: error: events of a camera do not fit an input of shape [12], expected "
            "[2, height, width] or [1, height, width]");
  EXPECT_EQ(binEvents({}, 1e-3, {2, 34, 34}, "0.bin").error().message, "the file holds no events");
  events[0].microseconds = int64_t(1) << 31;
  EXPECT_EQ(binEvents(events, 1e-9, {2, 34, 34}, "0.bin").error().notes.at(0).message,
            "--bin takes a longer bin, such as 1ms");
  events[0].microseconds = INT64_MAX;
  EXPECT_FALSE(binEvents(events, 1e-9, {2, 34, 34}, "0.bin"));
  events[0].microseconds = -5;
  EXPECT_EQ(binEvents(events, 1e-3, {2, 34, 34}, "0.bin").error().message,
            "found an event at -5 µs, expected none before 0");
}
