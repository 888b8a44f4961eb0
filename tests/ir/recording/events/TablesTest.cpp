//===- TablesTest.cpp - N-MNIST and arrays --------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/ir/recording/events/Writers.h"

#include <gtest/gtest.h>

using namespace nir;
using namespace nir::events;

TEST(NMnist, EventsAndOverflows) {
  Writer file;
  file.big(1, 3).big(1, 5).big(3, 0x800102).big(1, 0).big(1, 240).big(3, 0);
  file.big(1, 33).big(1, 0).big(3, 0x000006);
  auto list = readNMnist(file.bytes);
  EXPECT_EQ(list->events, (std::vector<Event>{{258, 3, 5, 1}, {8198, 33, 0, 0}}));
  EXPECT_EQ(readNMnist(file.big(1, 0).bytes).error().message,
            "found 16 bytes, expected a multiple of 5: an N-MNIST event has 5 bytes");
}

TEST(NpyEvents, FieldsInAnyOrderAndWidth) {
  Writer packed; // as tonic: x, y i16, t i64, p bool
  packed.little(2, 3).little(2, 5).little(8, 1500).little(1, 1);
  Writer padded; // big-endian, with a field without a name
  padded.big(4, 1500).little(1, 1).little(3, 0).big(2, 3).big(8, 5);
  for (const Writer &file :
       {npy("[('x', '<i2'), ('y', '<i2'), ('t', '<i8'), ('p', '|b1')]", 1, packed),
        npy("[('t','>u4'),('p','|i1'),('','|V3'),('x','>u2'),('y','>i8')]", 1, padded)}) {
    auto list = readNpyEvents(file.bytes);
    ASSERT_TRUE(list) << list.error().str();
    EXPECT_EQ(list->events, (std::vector<Event>{{1500, 3, 5, 1}}));
  }
}

TEST(NpyEvents, ACochleaHasNoRows) {
  Writer data;
  data.little(4, 9).little(2, 699);
  auto list = readNpyEvents(npy("[('t', '<u4'), ('x', '<u2')]", 1, data).bytes);
  EXPECT_EQ(list->events, (std::vector<Event>{{9, 699, 0, 1}}));
}

TEST(NpyEvents, PolarityBelowZeroIsDarker) {
  Writer data;
  data.little(1, 9).little(1, 1).little(1, 0xFF);
  auto list = readNpyEvents(npy("[('t', '|u1'), ('x', '|u1'), ('p', '|i1')]", 1, data).bytes);
  EXPECT_EQ(list->events, (std::vector<Event>{{9, 1, 0, 0}}));
  EXPECT_EQ(list->notes.at(0), "times are read as µs: the field's name has no unit");
  EXPECT_EQ(list->notes.at(1), "p = -1 is read as darker");
}

TEST(NpyEvents, TheUnitIsInTheName) {
  Writer data;
  data.little(4, 1999).little(2, 3);
  auto time = [&](std::string_view field) {
    std::string descr = "[('" + std::string(field) + "', '<i4'), ('x', '<u2')]";
    return readNpyEvents(npy(descr, 1, data).bytes)->events.at(0).microseconds;
  };
  EXPECT_EQ(time("t_us"), 1999);
  EXPECT_EQ(time("ts_ns"), 1);
  EXPECT_EQ(time("time_ms"), 1999000);
  EXPECT_EQ(time("timestamp_s"), 1999000000);
  EXPECT_TRUE(readNpyEvents(npy("[('t_us', '<i4'), ('x', '<u2')]", 1, data).bytes)->notes.empty());
}

TEST(NpyEvents, SaysWhatDoesNotFit) {
  auto message = [](std::string_view descr, size_t count, const Writer &data) {
    return readNpyEvents(npy(descr, count, data).bytes).error().message;
  };
  Writer two;
  two.little(2, 0);
  EXPECT_EQ(message("'<f4'", 0, {}),
            "found an array without named fields, expected the fields t, x, y and p");
  EXPECT_EQ(message("[('t', '<f8'), ('x', '<f4')]", 0, {}),
            "found the dtype '<f4' for field 'x', expected integers of 1, 2, 4 or 8 bytes");
  EXPECT_EQ(message("[('t', '<c8'), ('x', '<u2')]", 0, {}),
            "found the dtype '<c8' for field 't', expected integers of 1, 2, 4 or 8 bytes, or "
            "floats");
  EXPECT_EQ(message("[('a', '|u1'), ('x', '|u1')]", 1, two),
            "the array lacks the field t or x, expected t, x, y and p");
  EXPECT_EQ(message("[('t', '|u1'), ('x', '|u1')]", 2, two),
            "found 2 bytes of data, expected 2 elements of 2 bytes");
  EXPECT_EQ(
      message("[('t', '|u1'), ('x', '|i1')]", 1, Writer().little(2, 0xFF00)),
      "found a number outside of its range in event 0, expected x and y from 0 to 65535 and t "
      "below 2^63");
  EXPECT_EQ(message("[('t_min', '<u8'), ('x', '|i1')]", 0, {}),
            "found the field 't_min', expected a time in s, ms, us or ns");
  EXPECT_EQ(message("[('t', '|u1'), ('x', '|u1'), ('p', '|u1')]", 1, Writer().little(3, 0x020000)),
            "found the polarity 2 in event 0, expected a polarity, 0 or 1, or -1 or 1");
  EXPECT_EQ(message("[('t', '<u8'), ('x', '|i1')]", SIZE_MAX / 9 + 1, {}).substr(0, 15),
            "found 0 bytes o");
}

TEST(NpzEvents, TimesOfAnyKind) {
  Writer x;
  x.little(1, 3).little(1, 4);
  auto read = [&](std::string_view name, std::string_view dtype, const Writer &times) {
    return readNpzEvents(zip({{std::string(name) + ".npy", npyColumn(dtype, 2, times)},
                              {"x.npy", npyColumn("|u1", 2, x)}})
                             .bytes);
  };
  using Times = std::vector<Event>;
  // 0.5 and 1.5 with 16, 32 and 64 bits; 1e6 and 2e6 with 32.
  Writer half, single, wide, whole;
  half.little(2, 0x3800).little(2, 0x3E00);
  single.big(4, 0x3F000000).big(4, 0x3FC00000);
  wide.little(8, 0x3FE0000000000000).little(8, 0x3FF8000000000000);
  whole.little(4, 0x49742400).little(4, 0x49F42400);
  Times seconds = {{500000, 3, 0, 1}, {1500000, 4, 0, 1}};
  EXPECT_EQ(read("t_s", "<f2", half)->events, seconds);
  EXPECT_EQ(read("t", ">f4", single)->events, seconds);
  EXPECT_EQ(read("t", "<f8", wide)->events, seconds);
  EXPECT_EQ(read("t_ms", "<f8", wide)->events, (Times{{500, 3, 0, 1}, {1500, 4, 0, 1}}));
  EXPECT_EQ(read("t", "<f4", whole)->events, (Times{{1000000, 3, 0, 1}, {2000000, 4, 0, 1}}));
  EXPECT_EQ(read("t", "<f8", wide)->notes.at(0),
            "times are read as s: the field's name has no unit, and some are not whole numbers");
  EXPECT_EQ(read("t", "<f4", whole)->unit, EventUnit::Microseconds);
  Writer none;
  none.little(4, 0x7F800000).little(4, 0); // infinity
  EXPECT_EQ(read("t_us", "<f4", none).error().message,
            "found a number outside of its range in event 0, expected x and y from 0 to 65535 and "
            "t below 2^63");
}

TEST(NpzEvents, SaysWhatDoesNotFit) {
  auto message = [](const std::vector<std::pair<std::string, Writer>> &members) {
    return readNpzEvents(zip(members).bytes).error().message;
  };
  Writer one, two;
  one.little(1, 1);
  two.little(2, 0x0101);
  EXPECT_EQ(message({{"a.npy", npyColumn("|u1", 1, one)}, {"b.npy", npyColumn("|u1", 1, one)}}),
            "found the arrays a, b, expected t, x, y and p");
  EXPECT_EQ(message({{"t.npy", npyColumn("|u1", 1, one)}, {"x.npy", npyColumn("|u1", 2, two)}}),
            "found 2 elements in 'x', expected 1 as in the others");
  EXPECT_EQ(message({{"t.npy", npyColumn("|u1", 2, one)}, {"x.npy", npyColumn("|u1", 1, one)}}),
            "found 1 byte of data, expected 2 elements of 1 byte");
  EXPECT_EQ(message({{"t.npy", npyColumn("|u1", 1, one)}, {"x.npy", npyColumn("<c8", 1, one)}}),
            "found the dtype '<c8' for field 'x', expected integers of 1, 2, 4 or 8 bytes");
  EXPECT_EQ(message({{"t.npy", npyColumn("|u1", 1, one)}}),
            "found an array without named fields, expected the fields t, x, y and p");
  EXPECT_EQ(message({}).substr(0, 30), "found the arrays none, expecte");
  Writer damaged = zip({{"t.npy", npyColumn("|u1", 1, one)}});
  damaged.bytes[40] ^= std::byte(1); // a byte of the member: the CRC is another
  EXPECT_EQ(readNpzEvents(damaged.bytes).error().message,
            "found a zip that is damaged: member 't.npy': CRC error");
  EXPECT_EQ(readNpzEvents(zip({{"t.npy", npyColumn("|u1", 1, one)}}).bytes, {.mostEvents = 1})
                .error()
                .message,
            "found more than 32 bytes in a zip, expected at most so many");
}
