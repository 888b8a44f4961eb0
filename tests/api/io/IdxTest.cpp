//===- IdxTest.cpp - the files of MNIST, whole and damaged ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Idx.h"
#include "api/io/Files.h"
#include "api/io/Random.h"
#include "tests/support/TemporaryFolder.h"

#include <filesystem>
#include <gtest/gtest.h>

using namespace nirc;

/// The bytes of an IDX file with those sizes before the data.
static std::string file(const std::vector<uint32_t> &sizes, const std::string &data,
                        char type = 0x08) {
  std::string bytes("\0\0", 2);
  bytes += type;
  bytes += static_cast<char>(sizes.size());
  for (uint32_t size : sizes) {
    for (int shift : {24, 16, 8, 0}) {
      bytes += static_cast<char>(size >> shift & 0xFF);
    }
  }
  return bytes + data;
}

static nir::Result<nir::Tensor> parse(const std::string &bytes) {
  return parseIdx({reinterpret_cast<const std::byte *>(bytes.data()), bytes.size()}, "x.idx");
}

static std::string messageOf(const std::string &bytes) {
  nir::Result<nir::Tensor> tensor = parse(bytes);
  return tensor ? "no error" : tensor.error().str();
}

TEST(Idx, ReadsBytesOfEveryShape) {
  EXPECT_EQ(*parse(file({3}, "\x01\x02\xFF")), nir::Tensor::of<uint8_t>({3}, {1, 2, 255}));
  EXPECT_EQ(*parse(file({2, 1, 2}, "abcd")),
            nir::Tensor::of<uint8_t>({2, 1, 2}, {'a', 'b', 'c', 'd'}));
  EXPECT_EQ(parse(file({300}, std::string(300, 'x')))->shape(), (nir::Shape{300}));
  EXPECT_EQ(parse(file({0, 28, 28}, ""))->shape(), (nir::Shape{0, 28, 28}));
}

TEST(Idx, SaysWhatIsNoIdx) {
  const char *none =
      "x.idx: error: is not an IDX file: expected two bytes 0, a type and a number of dimensions";
  EXPECT_EQ(messageOf(""), none);
  EXPECT_EQ(messageOf(std::string("\0\0\x08", 3)), none);
  EXPECT_EQ(messageOf("\x89HDF\r\n\x1a\n"), none);
  EXPECT_EQ(messageOf(file({2}, std::string(8, 'x'), 0x0D)),
            "x.idx: error: found elements of type 0x0d (float32), expected 0x08 (uint8)");
  EXPECT_EQ(messageOf(file({2}, "ab", 0x01)),
            "x.idx: error: found elements of type 0x01 (no type of IDX), expected 0x08 (uint8)");
  EXPECT_EQ(messageOf(file({}, "")), "x.idx: error: found 0 dimensions, expected 1 to 8");
  EXPECT_EQ(messageOf(file(std::vector<uint32_t>(9, 1), "a")),
            "x.idx: error: found 9 dimensions, expected 1 to 8");
}

TEST(Idx, SaysWhatIsTruncated) {
  EXPECT_EQ(messageOf(file({2, 3}, "abcdef").substr(0, 9)),
            "x.idx: error: the file has 9 bytes, expected at least 12 for the sizes of 2 "
            "dimensions");
  EXPECT_EQ(messageOf(file({2, 3}, "abcde")),
            "x.idx: error: found 5 bytes of data, expected 6 for shape [2, 3]");
  EXPECT_EQ(messageOf(file({2, 3}, "abcdefg")),
            "x.idx: error: found 7 bytes of data, expected 6 for shape [2, 3]");
}

TEST(Idx, SizesBeyondTheFileAllocateNothing) {
  uint32_t most = 0xFFFFFFFF;
  EXPECT_EQ(messageOf(file({most}, "abc")),
            "x.idx: error: found 3 bytes of data, expected 4294967295 for shape [4294967295]");
  EXPECT_EQ(messageOf(file({most, most, most}, "abc")),
            "x.idx: error: found 3 bytes of data, expected more for shape [4294967295, "
            "4294967295, 4294967295]");
  // 2^31 * 2^31 * 4 is 0 in 64 bits.
  uint32_t half = 1U << 31;
  EXPECT_NE(messageOf(file({half, half, 4}, "")), "no error");
}

TEST(Idx, EveryPrefixAndEveryFlippedByteEnds) {
  std::string whole = file({2, 2, 3}, "abcdefghijkl");
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_NE(messageOf(whole.substr(0, size)), "no error") << size;
  }
  Random random(1);
  for (int i = 0; i < 20000; ++i) {
    std::string broken = whole;
    for (uint64_t flips = 1 + random.next() % 3; flips > 0; --flips) {
      broken[random.next() % broken.size()] = static_cast<char>(random.next());
    }
    nir::Result<nir::Tensor> tensor = parse(broken);
    EXPECT_TRUE(!tensor || tensor->size() <= 12);
  }
}

TEST(Idx, FilesKeepToALimit) {
  nir::test::TemporaryFolder folder;
  std::string images = folder.path + "/images";
  ASSERT_FALSE(writeFile(images, file({2, 1, 2}, "abcd")));
  EXPECT_EQ(readIdx(images, 10).error().str(),
            images + ": error: is larger than the limit of 10 bytes\n" + images +
                ": note: --max-input-bytes raises the limit");
}
