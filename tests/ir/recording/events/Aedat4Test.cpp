//===- Aedat4Test.cpp - AEDAT 4 and what it is made of --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/recording/events/Lz4.h"

#include "tests/ir/recording/events/Writers.h"

#include <gtest/gtest.h>

using namespace nir;
using namespace nir::events;

static const std::vector<Event> three = {
    {1605537493718345, 154, 204, 0}, {1605537493718345, 345, 259, 1}, {1605537493718400, 0, 0, 1}};

TEST(Aedat4, PlainAndLz4) {
  for (uint32_t compression : {0, 1, 2}) {
    Writer file = aedat4(compression);
    Writer body = aedat4Body(three), last = aedat4Body({{1605537493718500, 1, 2, 0}});
    file.add(aedat4Packet(0, compression ? lz4(body) : body));
    file.add(aedat4Packet(2, Writer().text("of an IMU")));
    file.add(aedat4Packet(0, compression ? lz4(last) : last));
    auto list = readAedat4(file.bytes);
    ASSERT_TRUE(list) << list.error().str();
    std::vector<Event> all = three;
    all.push_back({1605537493718500, 1, 2, 0});
    EXPECT_EQ(list->events, all);
    EXPECT_EQ(list->width, 346);
    EXPECT_EQ(list->height, 260);
  }
}

/// The table at the end is not a packet; a recording that was not closed has none.
TEST(Aedat4, TheTableIsNotRead) {
  size_t end = aedat4(0).add(aedat4Packet(0, aedat4Body(three))).bytes.size();
  Writer file = aedat4(0, static_cast<int64_t>(end));
  file.add(aedat4Packet(0, aedat4Body(three))).text("\xFF\xFF\xFF\xFF a table");
  auto list = readAedat4(file.bytes);
  ASSERT_TRUE(list) << list.error().str();
  EXPECT_EQ(list->events, three);
  EXPECT_EQ(list->cutBytes, 0U);
}

TEST(Aedat4, ZstdIsRefused) {
  Error error = readEvents(aedat4(3).bytes, EventFormat::Aedat4, "a.aedat4").error();
  EXPECT_EQ(error.str(),
            "a.aedat4: error: found packets compressed with ZSTD, expected LZ4 or no compression\n"
            "a.aedat4: note: DV and dv-processing write the file again with "
            "compression LZ4 or NONE");
}

TEST(Aedat4, OfTwoStreamsTheFirst) {
  std::string xml = aedat4Xml();
  xml.replace(xml.find("IMUS"), 4, "EVTS");
  Writer file = aedat4(0, -1, xml);
  file.add(aedat4Packet(2, aedat4Body({{1, 1, 1, 1}}))).add(aedat4Packet(0, aedat4Body(three)));
  auto list = readAedat4(file.bytes);
  EXPECT_EQ(list->events, three);
  EXPECT_EQ(list->notes.at(0), "stream 2 has events too: only stream 0 is read");
}

TEST(Aedat4, SaysWhatDoesNotFit) {
  std::string xml = aedat4Xml();
  xml.replace(xml.find("EVTS"), 4, "FRME");
  EXPECT_EQ(readAedat4(aedat4(0, -1, xml).bytes).error().message,
            "found streams of FRME, IMUS in the header, expected a stream of events (EVTS)");
  Writer wide = aedat4(0);
  wide.add(aedat4Packet(0, aedat4Body({{1, 346, 0, 1}})));
  EXPECT_NE(readAedat4(wide.bytes).error().message.find("expected a sensor of 346x260"),
            std::string::npos);
  Writer many = aedat4(0);
  Writer body = aedat4Body(three);
  body.bytes[4 + 24] = std::byte(200); // the count of the vector
  EXPECT_NE(readAedat4(many.add(aedat4Packet(0, body)).bytes).error().message.find("not a list"),
            std::string::npos);
  EXPECT_FALSE(readAedat4(Writer().text("#!AER-DAT4.0\r\n").little(4, 999).bytes));
}

static Result<std::vector<std::byte>> unpacked(const Writer &block, uint64_t most = 1000) {
  Writer frame;
  frame.little(4, 0x184D2204).little(1, 0x40).little(1, 0x40).little(1, 0);
  frame.little(4, block.bytes.size()).add(block).little(4, 0);
  return unpackLz4(Bytes(frame.bytes), most);
}

TEST(Lz4, RepeatsWhatCameBefore) {
  Writer block;
  block.little(1, 0x35).text("abc").little(2, 3);            // abc, and 5 + 4 from 3 back
  block.little(1, 0x1F).text("-").little(2, 1).little(1, 2); // -, and 15 + 2 + 4 of it
  block.little(1, 0x20).text("!?");
  auto bytes = unpacked(block);
  ASSERT_TRUE(bytes);
  EXPECT_EQ(*bytes, Writer().text("abcabcabcabc" + std::string(22, '-') + "!?").bytes);
  EXPECT_FALSE(unpacked(block, 35)); // 36 bytes
  EXPECT_TRUE(unpacked(block, 36));
}

TEST(Lz4, RefusesDamage) {
  EXPECT_FALSE(unpacked(Writer().little(1, 0x14).text("a").little(2, 2))); // from before the start
  EXPECT_FALSE(unpacked(Writer().little(1, 0x14).text("a").little(2, 0)));
  EXPECT_FALSE(unpacked(Writer().little(1, 0x14).text("a").little(1, 1)));
  EXPECT_FALSE(unpacked(Writer().little(1, 0xF0).little(1, 255)));
  EXPECT_FALSE(unpacked(Writer().little(1, 0x40).text("abc")));
  Writer dictionary;
  dictionary.little(4, 0x184D2204).little(1, 0x41).little(1, 0x40).little(4, 7).little(1, 0);
  EXPECT_FALSE(unpackLz4(Bytes(dictionary.little(4, 0).bytes), 10));
}
