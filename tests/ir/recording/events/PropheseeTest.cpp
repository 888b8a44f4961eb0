//===- PropheseeTest.cpp - EVT 2.0, 2.1, 3.0 and .dat ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/ir/recording/events/Writers.h"

#include <gtest/gtest.h>

using namespace nir;
using namespace nir::events;

static uint32_t evt2(uint32_t type, uint32_t low, uint32_t x, uint32_t y) {
  return type << 28 | low << 22 | x << 11 | y;
}

TEST(Evt2, EventsAndTime) {
  Writer file = raw("% evt 2.0\n% geometry 640x480\n");
  file.little(4, evt2(1, 5, 1, 2)); // before the first upper time
  file.little(4, 0x80000002).little(4, evt2(1, 5, 639, 479)).little(4, evt2(0, 63, 0, 7));
  file.little(4, 0xA0000001).little(4, 0xE0000014).little(4, 0xF0000001); // trigger, others
  file.little(4, 0x80000003).little(4, evt2(0, 0, 3, 4)).little(2, 1);
  auto list = readEvt2(file.bytes);
  ASSERT_TRUE(list) << list.error().str();
  EXPECT_EQ(list->events, (std::vector<Event>{{133, 639, 479, 1}, {191, 0, 7, 0}, {192, 3, 4, 0}}));
  EXPECT_EQ(list->leftOut, 1);
  EXPECT_EQ(list->cutBytes, 2U);
  EXPECT_EQ(list->width, 640);
}

TEST(Evt2, TheClockWrapsOnlyFromItsEnd) {
  Writer file = raw("% format EVT2;height=480;width=640\n");
  for (uint32_t upper : {0x8FFFFFFFU, 0x80000000U, 0x80000005U, 0x80000004U}) {
    file.little(4, upper).little(4, evt2(1, 1, 0, 0));
  }
  auto list = readEvt2(file.bytes);
  ASSERT_EQ(list->events.size(), 4U);
  constexpr int64_t turn = int64_t(1) << 34;
  EXPECT_EQ(list->wraps, 1);
  EXPECT_EQ(list->events[0].microseconds, turn - 64 + 1);
  EXPECT_EQ(list->events[1].microseconds, turn + 1);
  EXPECT_EQ(list->events[2].microseconds, turn + 321);
  EXPECT_EQ(list->events[3].microseconds, turn + 257); // a step backward
  EXPECT_EQ(list->backward, 1);
}

TEST(Evt2, OldFilesNameTheCamera) {
  Writer file;
  file.text("% integrator_name Prophesee\n% system_ID 26\n").little(4, 0x80000000);
  file.little(4, evt2(1, 1, 1279, 719));
  auto list = readEvt2(file.bytes);
  ASSERT_TRUE(list) << list.error().str();
  EXPECT_EQ(list->width, 1280);
  EXPECT_EQ(list->events, (std::vector<Event>{{1, 1279, 719, 1}}));
}

TEST(Evt2, SaysWhatDoesNotFit) {
  Writer file = raw("% evt 2.0\n% geometry 640x480\n");
  Writer wide = file, unknown = file;
  wide.little(4, 0x80000000).little(4, evt2(1, 1, 640, 0));
  EXPECT_EQ(readEvt2(wide.bytes).error().message,
            "found an event at x 640, y 0 in byte 66, expected a sensor of 640x480 as the header "
            "says");
  unknown.little(4, 0x50000000);
  EXPECT_EQ(readEvt2(unknown.bytes).error().message,
            "found a word of type 5 at byte 62, expected 0, 1, 8, a, d, e or f");
  EXPECT_EQ(readEvt3(file.bytes).error().message, "found evt2 in the header, expected evt3");
  EXPECT_EQ(readEvt2(raw("% evt 4.0\n").bytes).error().message,
            "found the encoding '4.0' in the header, expected EVT 2.0, 2.1 or 3.0");
  EXPECT_EQ(readEvt2(raw("% geometry 640x480\n% format EVT2;width=320;height=240\n").bytes)
                .error()
                .message,
            "found a geometry of 640x480 and a format of 320x240 in the header, expected one size");
  EXPECT_EQ(readEvt2(raw("% format EVT2;endianness=big\n").bytes).error().message,
            "found words in big-endian order, expected little-endian ones");
}

TEST(Evt21, MasksInBothOrders) {
  uint64_t time = 0x80000002, events = evt2(1, 3, 10, 20), mask = 0x80000005;
  Writer little = raw("% format EVT21;endianness=little;height=720;width=1280\n");
  little.little(4, 0).little(4, time).little(4, mask).little(4, events);
  Writer legacy = raw("% evt 2.1\n% system_ID 49\n% geometry 1280x720\n");
  legacy.little(4, time).little(4, 0).little(4, events).little(4, mask);
  for (const Writer &file : {little, legacy}) {
    auto list = readEvt21(file.bytes);
    ASSERT_TRUE(list) << list.error().str();
    EXPECT_EQ(list->events,
              (std::vector<Event>{{131, 10, 20, 1}, {131, 12, 20, 1}, {131, 41, 20, 1}}));
  }
}

static Writer evt3() { return raw("% evt 3.0\n% geometry 1280x720\n"); }

TEST(Evt3, SinglesAndVectors) {
  Writer file = evt3();
  file.little(2, 0x2001).little(2, 0x8001).little(2, 0x2001); // no row and no time yet
  file.little(2, 0x6005).little(2, 0x0864);                   // row 0x64, of the other camera
  file.little(2, 0x2803);                                     // x 3, brighter
  file.little(2, 0x3010);                                     // from x 16, darker
  file.little(2, 0x4801).little(2, 0x4000).little(2, 0x5F81); // bits 0 and 11; none; 0 and 7
  file.little(2, 0xA100).little(2, 0xE014).little(2, 0xF000).little(2, 0x7000);
  auto list = readEvt3(file.bytes);
  ASSERT_TRUE(list) << list.error().str();
  EXPECT_EQ(list->events, (std::vector<Event>{{4101, 3, 100, 1},
                                              {4101, 16, 100, 0},
                                              {4101, 27, 100, 0},
                                              {4101, 40, 100, 0},
                                              {4101, 47, 100, 0}}));
  EXPECT_EQ(list->leftOut, 2);
}

TEST(Evt3, TheClock) {
  Writer file = evt3();
  auto eventAt = [&](uint64_t word) { file.little(2, word).little(2, 0x2000); };
  file.little(2, 0x0000).little(2, 0x8001).little(2, 0x6FFF);
  eventAt(0x8001); // an equal upper time keeps the lower one
  eventAt(0x8002); // a new one sets it to 0
  eventAt(0x6003);
  eventAt(0x6001); // the lower bits never carry
  eventAt(0x8FFF);
  eventAt(0x8000); // a turn
  eventAt(0x8005);
  eventAt(0x8004); // a step backward
  std::vector<int64_t> times;
  auto list = readEvt3(file.bytes);
  for (const Event &event : list->events) {
    times.push_back(event.microseconds);
  }
  constexpr int64_t turn = 1 << 24;
  EXPECT_EQ(times, (std::vector<int64_t>{8191, 8192, 8195, 8193, turn - 4096, turn, turn + 5 * 4096,
                                         turn + 4 * 4096}));
  EXPECT_EQ(list->wraps, 1);
  EXPECT_EQ(list->backward, 2);
}

TEST(Evt3, WhatLiesOutsideIsLeftOut) {
  Writer file = evt3();
  file.little(2, 0x8000).little(2, 0x6000).little(2, 0x0000);
  file.little(2, 0x34FE).little(2, 0x4FFF); // from x 1278: two of twelve
  file.little(2, 0x02D0).little(2, 0x2000); // row 720
  file.little(2, 0x1000).little(2, 0x2000); // a row of another kind
  auto list = readEvt3(file.bytes);
  EXPECT_EQ(list->events.size(), 2U);
  EXPECT_EQ(list->leftOut, 12);
  EXPECT_EQ(readEvt3(evt3().little(2, 0x9000).bytes).error().message,
            "found a word of type 9 at byte 63, expected 0 to 8, a, d, e or f");
  EXPECT_EQ(readEvt3(evt3().little(2, 0x4FFF).bytes, {.mostEvents = 11}).error().message,
            "found 12 events, expected at most 11");
}

static Writer dat(std::string_view version, int type) {
  Writer file;
  file.text("% Data file containing CD events.\n% Version ").text(version);
  return file.text("\n% Width 304\n% Height 240\n")
      .little(1, static_cast<uint64_t>(type))
      .little(1, 8);
}

TEST(Dat, BothVersions) {
  Writer file = dat("2", 12);
  file.little(4, 7).little(4, 303 | 239 << 14 | 1 << 28);
  file.little(4, 9).little(4, 1 | 2 << 14).text("cut");
  auto list = readDat(file.bytes);
  ASSERT_TRUE(list) << list.error().str();
  EXPECT_EQ(list->events, (std::vector<Event>{{7, 303, 239, 1}, {9, 1, 2, 0}}));
  EXPECT_EQ(list->width, 304);
  EXPECT_EQ(list->cutBytes, 3U);
  Writer old = dat("1", 0);
  old.little(4, 7).little(4, 303 | 239 << 9 | 1 << 17);
  EXPECT_EQ(readDat(old.bytes)->events, (std::vector<Event>{{7, 303, 239, 1}}));
}

TEST(Dat, TheClockWraps) {
  Writer file = dat("2", 12);
  for (uint32_t time : {0xFFFFFFFFU, 1U, 0U}) {
    file.little(4, time).little(4, 0);
  }
  auto list = readDat(file.bytes);
  EXPECT_EQ(list->events[1].microseconds, (int64_t(1) << 32) + 1);
  EXPECT_EQ(list->events[2].microseconds, int64_t(1) << 32);
  EXPECT_EQ(list->wraps, 1);
  EXPECT_EQ(list->backward, 1);
}

TEST(Dat, SaysWhatDoesNotFit) {
  EXPECT_EQ(readDat(dat("2", 14).bytes).error().message,
            "found triggers (type 14), expected changes of brightness (type 0 or 12)");
  EXPECT_EQ(readDat(dat("3", 12).bytes).error().message,
            "found version '3' in the header, expected '% Version 1' or 2");
  EXPECT_EQ(readDat(Writer().text("% Version 2\n").bytes).error().message,
            "the file ends with its header, expected the type and the size of its records");
  EXPECT_FALSE(readDat(dat("2", 12).little(4, 7).little(4, 304).bytes));
}
