//===- CsvEventsTest.cpp - tables of events -------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/ir/recording/events/Writers.h"

#include <gtest/gtest.h>

using namespace nir;
using namespace nir::events;

static Result<EventList> read(std::string_view text) {
  return readCsvEvents(Writer().text(text).bytes);
}

static std::vector<Event> csv(std::string_view text) {
  auto list = read(text);
  EXPECT_TRUE(list) << text << ": " << list.error().str();
  return list ? list->events : std::vector<Event>();
}

static std::string message(std::string_view text) {
  auto list = read(text);
  EXPECT_FALSE(list) << text;
  return list ? "" : list.error().message;
}

TEST(CsvEvents, OrdersAndMarks) {
  std::vector<Event> want = {{1500, 3, 5, 1}, {2000000, 4, 6, 0}};
  EXPECT_EQ(csv("t,x,y,p\r\n1500, 3, 5, 1\r\n2000000, 4, 6, 0"), want);
  EXPECT_EQ(csv("\xEF\xBB\xBFx;y;polarity;t_us;note\n3;5;1;1500;-\n4;6;0;2000000;-\n"), want);
  EXPECT_EQ(csv("# made by hand\nt\tx\ty\tp\n1.5e-3\t3\t5\tTrue\n2.0\t4\t6\tFalse\n"), want);
  EXPECT_EQ(csv("%geometry:640,480\n3,5,1,1500\n4,6,0,2000000\n"), want);
  EXPECT_EQ(csv("240 180\n0.0015 3 5 1\n2.000000  4 6 0\n"), want);
  EXPECT_EQ(csv("t,x\n1500,3\n"), (std::vector<Event>{{1500, 3, 0, 1}}));
  EXPECT_TRUE(csv("").empty());
  EXPECT_EQ(read("%geometry:640,480\n")->height, 480);
}

TEST(CsvEvents, TheUnitIsInTheName) {
  auto time = [](std::string_view name, std::string_view value) {
    auto list = read(std::string(name) + ",x\n" + std::string(value) + ",3\n");
    EXPECT_TRUE(list && list->notes.empty()) << name;
    return list && !list->events.empty() ? list->events[0].microseconds : -1;
  };
  EXPECT_EQ(time("t_us", "1500"), 1500);
  EXPECT_EQ(time("time_ms", "1500"), 1500000);
  EXPECT_EQ(time("timestamp_s", "15"), 15000000);
  EXPECT_EQ(time("t_ns", "1999"), 1); // 1.999 µs: still in the µs that starts at 1
  EXPECT_EQ(time("t_ns", "-1"), -1);
  EXPECT_EQ(time("ts[ms]", "0.25"), 250);
  EXPECT_EQ(time("Time (us)", "7"), 7);
  EXPECT_EQ(time("t [\xC2\xB5s]", "7"), 7);
  EXPECT_EQ(time("Timestamp [ns]", "7000"), 7);
  EXPECT_EQ(time("time in seconds", "0.5"), 500000);
  EXPECT_EQ(message("t_min,x\n1,1\n"),
            "found the column 't_min', expected a time in s, ms, us or ns");
  EXPECT_EQ(message("t_s,x\n9223372036854,1\n9223372036855,1\n"),
            "found '9223372036855' in line 3, expected a time");
}

TEST(CsvEvents, SaysWhichUnitItTook) {
  EXPECT_EQ(read("t,x\n1500,3\n")->notes.at(0),
            "times are read as µs: no column name has a unit, and all are whole numbers");
  auto seconds = read("t,x\n0.5,3\n");
  EXPECT_EQ(seconds->notes.at(0),
            "times are read as s: no column name has a unit, and some are not whole numbers");
  EXPECT_EQ(seconds->unit, EventUnit::Seconds);
  EXPECT_EQ(seconds->events.at(0).microseconds, 500000);
}

/// Without names the values decide, where they leave one order alone.
TEST(CsvEvents, OrderByTheValues) {
  std::vector<Event> want = {{10, 9, 5, 1}, {20, 4, 6, 0}, {20, 7, 2, 1}};
  EXPECT_EQ(csv("10,9,5,1\n20,4,6,0\n20,7,2,1\n"), want); // x and y fall: t is the first column
  EXPECT_EQ(csv("9,5,1,10\n4,6,0,20\n7,2,1,20\n"), want);
  EXPECT_EQ(csv("9,5,10,1\n4,6,20,-1\n7,2,20,1\n"), want);
  EXPECT_EQ(csv("1 10 9 5\n0 20 4 6\n1 20 7 2\n"), want);
  EXPECT_EQ(csv("0.00001,9,5,1\n0.00002,4,6,0\n0.00002,7,2,1\n"), want);
  // All of x, y and t grow, but only t leaves the range of pixels.
  EXPECT_EQ(csv("3,5,1,1500\n4,6,0,2000000\n"),
            (std::vector<Event>{{1500, 3, 5, 1}, {2000000, 4, 6, 0}}));
}

TEST(CsvEvents, AsksForNamesWhereValuesDoNotDecide) {
  auto list = read("1,2,3,0\n2,3,4,1\n");
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().str(),
            "error: found a table without names whose values fit t,x,y,p and x,y,t,p and x,t,y,p, "
            "expected one order\n"
            "note: as t,x,y,p the first event has the time 1, x 2, y 3 and the polarity 0\n"
            "note: as x,y,t,p the first event has the time 3, x 1, y 2 and the polarity 0\n"
            "note: as x,t,y,p the first event has the time 2, x 1, y 3 and the polarity 0\n"
            "note: name the columns in a first line, as 't_us,x,y,p' or 'x,y,p,t_ms'");
}

TEST(CsvEvents, NothingFits) {
  EXPECT_EQ(message("5,3,2,1\n4,2,1,0\n"),
            "found a table without names, none of whose columns is sorted and grows as a time, "
            "expected t,x,y,p");
  EXPECT_EQ(message("10,9,5,1\n20,4,6,2\n"),
            "found a table without names, none of whose columns is a polarity of 0 and 1, or -1 "
            "and 1: the last is another in line 2, expected t,x,y,p");
  EXPECT_EQ(message("10,70000,5,1\n20,4,6,0\n"),
            "found a table without names whose values fit no order of t, x, y and p, expected "
            "t,x,y,p");
  EXPECT_EQ(message("1,2,3,up\n"), "found 'up' in line 1, expected a number");
  EXPECT_EQ(message("1,2,3\n"), "found 3 columns in line 1, expected 4");
  EXPECT_EQ(read("1,2,3\n").error().notes.at(0).message,
            "name the columns in a first line, as 't_us,x,y,p' or 'x,y,p,t_ms'");
}

TEST(CsvEvents, Polarities) {
  EXPECT_EQ(csv("t,x,p\n1,1,-1\n2,1,1\n"), (std::vector<Event>{{1, 1, 0, 0}, {2, 1, 0, 1}}));
  EXPECT_EQ(read("t,x,p\n1,1,-1\n")->notes.at(1), "p = -1 is read as darker");
  EXPECT_EQ(message("t,x,p\n1,1,1\n2,1,2\n"),
            "found '2' in line 3, expected a polarity, 0 or 1, or -1 or 1");
  EXPECT_EQ(message("t,x,p\n1,1,0\n2,1,-1\n"),
            "found '-1' in line 3, expected a polarity, 0 or 1 as before");
  EXPECT_EQ(message("t,x,p\n1,1,-1\n2,1,0\n"),
            "found '0' in line 3, expected a polarity, -1 or 1 as before");
  EXPECT_EQ(message("t,x,p\n1,1,255\n"),
            "found '255' in line 2, expected a polarity, 0 or 1, or -1 or 1");
}

TEST(CsvEvents, SaysWhatDoesNotFit) {
  EXPECT_EQ(message("t,x,y,p\n1,2,3,1\n1,2,3\n"), "found 3 columns in line 3, expected 4");
  EXPECT_EQ(message("t,x,y,p\nnow,2,3,1\n"), "found 'now' in line 2, expected a time");
  EXPECT_EQ(message("t,x,y,p\n1,70000,3,1\n"),
            "found '70000' in line 2, expected a pixel from 0 to 65535");
  EXPECT_EQ(message("a,b\n"), "the first line lacks the column t or x, expected t, x, y and p");
  EXPECT_EQ(message("t_us,time_ms,x\n"),
            "found the columns 't_us' and 'time_ms', expected one of the two");
  EXPECT_EQ(message("%geometry:4,4\n4,0,1,7\n"),
            "found an event at x 4, y 0 in line 2, expected a sensor of 4x4");
  EXPECT_EQ(message("t,x,y,p\n1e300,2,3,1\n"), "found '1e300' in line 2, expected a time");
}
