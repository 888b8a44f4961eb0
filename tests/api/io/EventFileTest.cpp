//===- EventFileTest.cpp - files of events --------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/EventFile.h"

#include <gtest/gtest.h>

using namespace nirc;

using Events = std::vector<nir::Event>;

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

TEST(EventFile, ATableOfEventsIsKnownByItsColumns) {
  EXPECT_TRUE(looksLikeEventTable("t,x,y,p\n1,2,3,1\n"));
  EXPECT_TRUE(looksLikeEventTable("x; y; polarity; timestamp [us]\r\n"));
  EXPECT_TRUE(looksLikeEventTable("%geometry:640,480\n"));
  EXPECT_TRUE(looksLikeEventTable("10 9 5 1\n20 4 6 0\n20 7 2 1\n30 4"));
  EXPECT_FALSE(looksLikeEventTable("step,time,v\n"));
  EXPECT_FALSE(looksLikeEventTable("0.1,0.2,0.3,0.4\n0.3,0.1,0.2,0.3\n"));
  EXPECT_FALSE(looksLikeEventTable(""));
}

TEST(EventFile, ReadsByNameAndByContent) {
  auto csv = bytesOf("t_us,x,y,p\n5000,3,5,1\n5010,4,5,0\n");
  auto read = readEventFile(csv, "csv", "x", {2, 8, 8}, 1000);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->events, (Events{{5000, 3, 5, 1}, {5010, 4, 5, 0}}));
  EXPECT_TRUE(read->remarks.empty());
  EXPECT_EQ(text({read->facts}),
            "2 events over 10 µs, no size of the sensor in the file, times in µs");
  EXPECT_EQ(readEventFile(csv, "cvs", "x", {2, 8, 8}, 1000).error().message,
            "no format of events is called 'cvs', there are aedat2, aedat3, aedat4, evt2, evt21, "
            "evt3, dat, nmnist, npy, npz, csv, shd");
  EXPECT_FALSE(readEventFile(csv, "", "x", {2, 8, 8}, 1000));
}

/// One rule for all formats: a clock that did not start with the recording starts at its first
/// event.
TEST(EventFile, TimeZero) {
  auto times = [](std::string_view first, std::string_view second, TimeZero rule) {
    std::string table = "t_us,x\n" + std::string(first) + ",0\n" + std::string(second) + ",0\n";
    auto read = readEventFile(bytesOf(table), "csv", "x", {1, 1, 1}, 1000, {.timeZero = rule});
    EXPECT_TRUE(read) << read.error().str();
    // Each second event is earlier, which is a remark of its own.
    EXPECT_EQ(read->remarks.size(),
              1U + (rule == TimeZero::Auto && read->events[1].microseconds == 0));
    return std::pair(read->events[0].microseconds, read->events[1].microseconds);
  };
  using Pair = std::pair<int64_t, int64_t>;
  EXPECT_EQ(times("1000020", "1000000", TimeZero::Auto), Pair(1000020, 1000000));
  EXPECT_EQ(times("1000021", "1000001", TimeZero::Auto), Pair(20, 0));
  EXPECT_EQ(times("1605537493718365", "1605537493718345", TimeZero::Auto), Pair(20, 0)); // 2020
  EXPECT_EQ(times("15", "-5", TimeZero::Auto), Pair(20, 0));
  EXPECT_EQ(times("15", "-5", TimeZero::File), Pair(15, -5));
  EXPECT_EQ(times("7000000", "5000000", TimeZero::File), Pair(7000000, 5000000));
  EXPECT_EQ(times("7", "5", TimeZero::First), Pair(2, 0));
  EXPECT_EQ(times("9223372036854775807", "-9223372036854775808", TimeZero::Auto),
            Pair(INT64_MAX, 0));
}

TEST(EventFile, SaysWhatTheReaderNoticed) {
  // EVT 2.0: an event before the first time, two events of which the second is earlier, a byte too
  // many. The upper bits of the time are 0x20000, that is 2^17 * 64 µs = 8.388608 s.
  std::string evt2 = "% evt 2.0\n% geometry 8x8\n% end\n";
  evt2 += std::string("\2\x08\0\x14\0\0\2\x80\2\x08\0\x14\1\0\x40\0?", 17);
  auto read = readEventFile(bytesOf(evt2), "", "x.raw", {2, 8, 8}, 1000);
  ASSERT_TRUE(read) << read.error().str();
  EXPECT_EQ(read->events, (Events{{15, 1, 2, 1}, {0, 0, 1, 0}}));
  std::string said;
  for (const nir::Diagnostic &remark : read->remarks) {
    said += remark.str() + "\n";
  }
  EXPECT_EQ(said,
            "x.raw: note: 1 event is earlier than the one before: each counts at its own time\n"
            "x.raw: warning: 1 event is left out: marked invalid, outside of the sensor, or before "
            "the first time\n"
            "x.raw: warning: the last 1 byte is too few for a record, and left out\n"
            "x.raw: note: the file was cut, or the recording did not end in order\n"
            "x.raw: note: the run starts at the first event, at 8.388609 s on the file's clock\n"
            "x.raw: note: --time-zero file keeps the file's clock\n");
  EXPECT_EQ(text({read->facts}), "2 events over 15 µs, sensor 8x8, times in µs");
  EXPECT_EQ(readEventFile(bytesOf(evt2), "", "x.raw", {2, 34, 34}, 1000)->sensor.width, 8);
}

TEST(EventFile, WrapsAreCounted) {
  // N-MNIST: an overflow, then an event at 6 + 2^13 µs.
  auto read = readEventFile(bytesOf(std::string("\0\xF0\0\0\0\1\2\x80\0\6", 10)), "nmnist", "x.bin",
                            {2, 34, 34}, 1000);
  ASSERT_TRUE(read) << read.error().str();
  EXPECT_EQ(read->events, (Events{{8198, 1, 2, 1}}));
  EXPECT_EQ(read->remarks.at(0).message,
            "the counter of the time started again 1 time: later times go on from there");
}

TEST(EventFile, RemarksOfManyFilesAreOne) {
  nir::Diagnostic cut{nir::Severity::Warning, "a", {}, "the last 3 bytes are too few", {}};
  nir::Diagnostic other{nir::Severity::Note, "b", {}, "another", {}};
  EventRemarks remarks;
  remarks.add({cut});
  cut.file = "b";
  cut.message = "the last 4 bytes are too few";
  remarks.add({cut, other});
  auto said = remarks.take();
  ASSERT_EQ(said.size(), 2U);
  EXPECT_EQ(said[0].str(),
            "a: warning: the last 3 bytes are too few\na: note: 1 other file has the same");
  EXPECT_EQ(said[1].str(), "b: note: another");
}

TEST(EventFile, FactsOfManyFiles) {
  EXPECT_EQ(text(std::vector<EventFacts>()), "");
  std::vector<EventFacts> files = {{"a", 3112, 298100, {34, 34}, nir::EventUnit::Microseconds},
                                   {"b", 4325, 12500000, {34, 34}, nir::EventUnit::Microseconds}};
  EXPECT_EQ(text(files), "3112 to 4325 events over 298.1 ms to 12.5 s, sensor 34x34, times in µs");
  files[1].sensor = {};
  files[1].unit = nir::EventUnit::Seconds;
  EXPECT_EQ(text(files), "3112 to 4325 events over 298.1 ms to 12.5 s, sensors of several sizes, "
                         "times in several units");
}
