//===- AedatTest.cpp - AEDAT 2.0 and 3 ------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/ir/recording/events/Writers.h"

#include <gtest/gtest.h>

using namespace nir;
using namespace nir::events;

TEST(Aedat2, Dvs128) {
  Writer file = aedat2("ch.unizh.ini.jaer.chip.retina.DVS128");
  file.big(4, 3 << 8 | 5 << 1 | 0).big(4, 10); // raw x 5, y 3; polarity 0 is brighter
  file.big(4, 127 << 8 | 0 << 1 | 1).big(4, 12);
  file.big(4, 0x8000).big(4, 13);      // an external event
  file.big(4, 0x80000002U).big(4, 14); // a special one
  auto list = readAedat2(file.bytes);
  ASSERT_TRUE(list) << list.error().str();
  EXPECT_EQ(list->events, (std::vector<Event>{{10, 122, 124, 1}, {12, 127, 0, 0}}));
  EXPECT_EQ(list->width, 128);
  EXPECT_EQ(list->height, 128);
  auto stored = readAedat2(file.bytes, {.storedAxes = true});
  EXPECT_EQ(stored->events, (std::vector<Event>{{10, 5, 3, 1}, {12, 0, 127, 0}}));
}

TEST(Aedat2, Davis) {
  Writer file = aedat2("eu.seebetter.ini.chips.davis.Davis346red");
  file.big(4, 2U << 22 | 7 << 12 | 1 << 11).big(4, 100);
  file.big(4, 2U << 22 | 7 << 12 | 1 << 10).big(4, 101);  // special
  file.big(4, 1U << 31 | 2U << 22 | 7 << 12).big(4, 102); // a pixel of a frame
  file.big(4, 259U << 22 | 345 << 12).big(4, 99);
  auto list = readAedat2(file.bytes);
  ASSERT_TRUE(list) << list.error().str();
  EXPECT_EQ(list->events, (std::vector<Event>{{100, 338, 257, 1}, {99, 0, 0, 0}}));
  EXPECT_EQ(list->backward, 1);
}

TEST(Aedat2, V2eMarksNoiseWithTheBitOfSpecialEvents) {
  Writer file;
  file.text("#!AER-DAT2.0\r\n# created by v2e\r\n# AEChip: x.Davis346\r\n# End of Preferences\r\n");
  file.big(4, 2U << 22 | 7 << 12 | 1 << 11 | 1 << 10).big(4, 1);
  EXPECT_EQ(readAedat2(file.bytes)->events.size(), 1U);
}

TEST(Aedat2, TheClockWraps) {
  Writer file = aedat2("DVS128");
  for (uint32_t time : {0x7FFFFFFFU, 0x80000000U, 0xFFFFFFFFU, 0U, 0x7FFFFFFFU, 0x80000001U}) {
    file.big(4, 0).big(4, time);
  }
  std::vector<int64_t> times;
  auto list = readAedat2(file.bytes);
  for (const Event &event : list->events) {
    times.push_back(event.microseconds);
  }
  constexpr int64_t turn = int64_t(1) << 32, half = turn / 2;
  EXPECT_EQ(times, (std::vector<int64_t>{half - 1, half, turn - 1, turn, turn + half - 1,
                                         turn + half + 1}));
  EXPECT_EQ(list->backward, 0);
  EXPECT_EQ(list->wraps, 2);
}

/// A small fall is not a wrap of the clock.
TEST(Aedat2, StepsBackwardAreKept) {
  Writer file = aedat2("DVS128");
  file.big(4, 0).big(4, 5).big(4, 0).big(4, 0);
  auto list = readAedat2(file.bytes);
  EXPECT_EQ(list->events[1].microseconds, 0);
  EXPECT_EQ(list->backward, 1);
}

/// An old file has no line that ends its header, and its first address starts with '#'.
TEST(Aedat2, ARecordIsNotALineOfTheHeader) {
  Writer file;
  file.text("#!AER-DAT2.0\n# AEChip: Davis640\n");
  uint32_t address = 0x23000000U | 9 << 12; // y = 0x23000000 >> 22 = 140
  file.big(4, address).big(4, 0x0A000001U).big(4, address).big(4, 0x0A000002U);
  auto list = readAedat2(file.bytes);
  ASSERT_TRUE(list) << list.error().str();
  EXPECT_EQ(list->events,
            (std::vector<Event>{{0x0A000001, 630, 339, 0}, {0x0A000002, 630, 339, 0}}));
}

TEST(Aedat2, WithoutAChip) {
  Writer file;
  file.text("#!AER-DAT2.0\r\n");
  Writer wide = file;
  file.big(4, 3 << 8 | 5 << 1).big(4, 1);
  EXPECT_EQ(readAedat2(file.bytes)->width, 128);
  wide.big(4, 2U << 22).big(4, 1);
  EXPECT_EQ(readAedat2(wide.bytes).error().notes.at(0).message,
            "write the line '# AEChip: DAVIS346' (or DAVIS240, DAVIS640) behind the first one");
  EXPECT_EQ(readAedat2(wide.bytes, {.width = 240, .height = 180})->events[0].y, 177);
}

TEST(Aedat2, SaysWhatDoesNotFit) {
  Writer file = aedat2("x.Davis240C");
  file.big(4, 200U << 22).big(4, 1);
  EXPECT_EQ(readEvents(file.bytes, EventFormat::Aedat2, "a.aedat").error().str().substr(0, 84),
            "a.aedat: error: found an event at x 0, y 200 in byte 103, expected a sensor of 240x1");
  EXPECT_EQ(readAedat2(aedat2("x.CochleaAMS1c").bytes).error().message,
            "found the chip 'x.CochleaAMS1c', expected DVS128, DAVIS240, DAVIS346 or DAVIS640");
}

TEST(Aedat3, PolarityEvents) {
  Writer file = aedat3();
  file.add(aedat3Packet(2, 12, 0, 1, 1)).text("a frame here"); // skipped
  file.add(aedat3Packet(1, 8, 0, 2, 2));
  aedat3Event(file, true, true, 127, 3, 1000);
  aedat3Event(file, false, true, 1, 1, 1001);                               // marked invalid
  file.add(aedat3Packet(0, 8, 0, 1, 1)).little(4, 1).little(4, 0x7FFFFFFF); // the clock wraps
  file.add(aedat3Packet(1, 8, 1, 1, 1));
  aedat3Event(file, true, false, 0, 127, 5);
  auto list = readAedat3(file.bytes);
  ASSERT_TRUE(list) << list.error().str();
  EXPECT_EQ(list->events, (std::vector<Event>{{1000, 127, 3, 1}, {0x80000005LL, 0, 127, 0}}));
  EXPECT_EQ(list->leftOut, 1);
  EXPECT_EQ(list->skippedPackets, 1);
  EXPECT_EQ(list->width, 128);
}

TEST(Aedat3, Version0CountsRowsFromBelow) {
  Writer file;
  file.text("#!AER-DAT3.0\r\n#Format: RAW\r\n#Source 1: DAVIS240C\r\n");
  file.add(aedat3Packet(1, 8, 0, 1, 1));
  aedat3Event(file, true, true, 2, 0, 7);
  EXPECT_EQ(readAedat3(file.bytes)->events, (std::vector<Event>{{7, 2, 179, 1}}));
}

TEST(Aedat3, SaysWhatDoesNotFit) {
  Writer more = aedat3();
  more.add(aedat3Packet(1, 8, 0, 1, 2));
  EXPECT_EQ(readAedat3(more.bytes).error().message,
            "found a packet with room for 2 events and 1 of them at byte 95, expected the same of "
            "both");
  Writer reset = aedat3();
  reset.add(aedat3Packet(0, 8, 0, 1, 1)).little(4, 3).little(4, 0x7FFFFFFF); // at the start: fine
  reset.add(aedat3Packet(1, 8, 0, 1, 1));
  aedat3Event(reset, true, true, 2, 0, 7);
  EXPECT_TRUE(readAedat3(reset.bytes));
  reset.add(aedat3Packet(0, 8, 0, 1, 1)).little(4, 3).little(4, 0x7FFFFFFF);
  EXPECT_EQ(readAedat3(reset.bytes).error().message,
            "found a reset of the clock at byte 167 after 1 event, expected one clock");
  Writer wide = aedat3();
  wide.add(aedat3Packet(1, 8, 0, 1, 1));
  aedat3Event(wide, true, true, 128, 0, 7);
  EXPECT_FALSE(readAedat3(wide.bytes));
  Writer noEnd;
  noEnd.text("#!AER-DAT3.1\r\n#Format: RAW\r\n");
  EXPECT_EQ(readAedat3(noEnd.bytes).error().message,
            "the line '#!END-HEADER' is missing, expected at the end of the header of AEDAT 3.1");
  Writer packed;
  packed.text("#!AER-DAT3.1\r\n#Format: SerializedTS\r\n#!END-HEADER\r\n");
  EXPECT_EQ(readAedat3(packed.bytes).error().message,
            "found the format 'SerializedTS', expected RAW");
}
