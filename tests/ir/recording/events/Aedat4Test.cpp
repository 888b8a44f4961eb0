//===- Aedat4Test.cpp - AEDAT 4 and what it is made of --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/recording/events/Lz4.h"
#include "ir/recording/events/Zstd.h"

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
    EXPECT_EQ(list->skippedPackets, 1);
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

static Writer hex(std::string_view digits) {
  Writer bytes;
  for (size_t i = 0; i + 1 < digits.size(); i += 2) {
    bytes.little(1, std::stoul(std::string(digits.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

/// The packet was packed by the program zstd 1.5.4, with -19: 12 events that Python wrote, at
/// 1000 + 10 i µs, x 3 + i % 2, y 7, brighter where i is a multiple of 3.
TEST(Aedat4, PackedByZstd) {
  Writer frame =
      hex("28b52ffd00688d020002060e18c0a7354f8ffbffffffd73d2c28aa6a559565d57d8bcd770aed289e18"
          "7e840f8efd5cfae6abf723e6a78a7eb41cf87dfdae09499a7176250a2090333d9dacbb63d706ebcf3c"
          "869005b082117f33");
  std::vector<Event> want;
  for (int i = 0; i < 12; ++i) {
    want.push_back({1000 + 10 * i, static_cast<uint16_t>(3 + i % 2), 7, uint8_t(i % 3 == 0)});
  }
  for (uint32_t compression : {3U, 4U}) {
    Writer file = aedat4(compression);
    auto list = readAedat4(file.add(aedat4Packet(0, frame)).bytes);
    ASSERT_TRUE(list) << list.error().str();
    EXPECT_EQ(list->events, want);
  }
  Writer file = aedat4(3);
  frame.bytes.pop_back();
  EXPECT_EQ(readAedat4(file.add(aedat4Packet(0, frame)).bytes).error().message.substr(0, 27),
            "packet at byte " + std::to_string(aedat4(3).bytes.size()) + ": the ZST");
}

/// A frame by hand: magic, one segment of 1 byte of size, and blocks of 3 bytes of header: last,
/// type (0 stored, 1 one byte repeated), size.
TEST(Zstd, StoredAndRepeatedBlocks) {
  Writer frame;
  frame.little(4, 0xFD2FB528).little(1, 0x20).little(1, 8);
  frame.little(3, 0 | 0 << 1 | 3 << 3).text("abc").little(3, 1 | 1 << 1 | 5 << 3).text("-");
  auto bytes = unpackZstd(Bytes(frame.bytes), 8);
  ASSERT_TRUE(bytes) << bytes.error().str();
  EXPECT_EQ(*bytes, Writer().text("abc-----").bytes);
  EXPECT_EQ(unpackZstd(Bytes(frame.bytes), 7).error().message,
            "found more than 7 bytes in a ZSTD frame, expected at most so many");
  frame.bytes.pop_back();
  EXPECT_EQ(unpackZstd(Bytes(frame.bytes), 8).error().message,
            "the ZSTD frame ends within its data");
  EXPECT_EQ(unpackZstd(Bytes(Writer().text("no frame").bytes), 8).error().message,
            "the ZSTD frame is damaged: Unknown frame descriptor");
  EXPECT_FALSE(unpackZstd(Bytes({}), 8));
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
