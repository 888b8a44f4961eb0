//===- GzipTest.cpp - compressed files, whole and damaged -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Gzip.h"
#include "api/io/Random.h"

#include <gtest/gtest.h>
#include <zlib.h>

using namespace nirc;

/// A gzip file of one member, as the program gzip writes it.
static std::string gzip(std::string content) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
  std::string bytes(deflateBound(&stream, content.size()) + 100, '\0');
  stream.next_in = reinterpret_cast<Bytef *>(content.data());
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef *>(bytes.data());
  stream.avail_out = static_cast<uInt>(bytes.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  bytes.resize(stream.total_out);
  deflateEnd(&stream);
  return bytes;
}

static nir::Result<std::vector<std::byte>> unpack(const std::string &bytes,
                                                  uint64_t maxBytes = 1 << 24) {
  return gunzip({reinterpret_cast<const std::byte *>(bytes.data()), bytes.size()}, "x.gz", maxBytes,
                "raise it");
}

static std::string textOf(const nir::Result<std::vector<std::byte>> &bytes) {
  return bytes ? std::string(reinterpret_cast<const char *>(bytes->data()), bytes->size())
               : bytes.error().str();
}

/// Noise, which does not become smaller: packed it is longer than what zlib is given at a time.
static std::string noise(size_t size) {
  std::string content(size, '\0');
  Random random(1);
  for (char &c : content) {
    c = static_cast<char>(random.next());
  }
  return content;
}

TEST(Gzip, GivesBackWhatWasPacked) {
  EXPECT_EQ(textOf(unpack(gzip("hello"))), "hello");
  EXPECT_EQ(textOf(unpack(gzip(""))), "");
  std::string large = noise(3 << 20);
  EXPECT_TRUE(textOf(unpack(gzip(large))) == large);
}

TEST(Gzip, ReadsMembersInARow) { EXPECT_EQ(textOf(unpack(gzip("one ") + gzip("two"))), "one two"); }

TEST(Gzip, SaysWhereAFileEnds) {
  std::string whole = gzip("hello");
  for (size_t size = 0; size < whole.size(); ++size) {
    std::string text = textOf(unpack(whole.substr(0, size)));
    EXPECT_TRUE(text.starts_with("x.gz: error: the gzip file ends after")) << size << ": " << text;
  }
}

TEST(Gzip, SaysWhatIsDamaged) {
  std::string checksum = gzip("hello");
  checksum[checksum.size() - 8] ^= 1;
  EXPECT_EQ(textOf(unpack(checksum)),
            "x.gz: error: the gzip file is damaged near byte 21: incorrect data check");
  EXPECT_EQ(textOf(unpack(gzip("hello") + "garbage")),
            "x.gz: error: the gzip file is damaged near byte 27: incorrect header check");
}

TEST(Gzip, KeepsToTheLimit) {
  std::string bomb = gzip(std::string(1 << 24, 'x')); // 16 KiB that hold 16 MiB
  ASSERT_LT(bomb.size(), 1 << 16);
  EXPECT_TRUE(unpack(bomb, 1 << 24));
  EXPECT_EQ(textOf(unpack(bomb, (1 << 24) - 1)),
            "x.gz: error: holds more than the limit of 16777215 bytes\nx.gz: note: raise it");
  EXPECT_EQ(textOf(unpack(gzip("hello"), 5)), "hello");
}

TEST(Gzip, EveryFlippedByteEnds) {
  std::string whole = gzip(noise(200) + std::string(200, 'x'));
  Random random(2);
  for (int i = 0; i < 5000; ++i) {
    std::string broken = whole;
    broken[random.next() % broken.size()] = static_cast<char>(random.next());
    nir::Result<std::vector<std::byte>> bytes = unpack(broken);
    EXPECT_TRUE(!bytes || bytes->size() == 400);
  }
}
