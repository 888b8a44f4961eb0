//===- NpyTest.cpp - arrays of numpy --------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Npy.h"
#include "api/io/Random.h"
#include "ir/recording/NpyBytes.h"

#include <cstring>
#include <gtest/gtest.h>

using namespace nirc;

/// A .npy file of that header text and data, with the lengths that belong to them.
static std::string file(const std::string &header, const std::string &data, int version = 1) {
  std::string bytes = "\x93NUMPY";
  bytes += static_cast<char>(version);
  bytes += '\0';
  for (int i = 0; i < (version == 1 ? 2 : 4); ++i) {
    bytes += static_cast<char>(header.size() >> (8 * i) & 0xFF);
  }
  return bytes + header + data;
}

static std::string header(const std::string &descr, const std::string &shape,
                          const char *fortran = "False") {
  return "{'descr': '" + descr + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }\n";
}

template <typename T>
static std::string raw(const std::vector<T> &values) {
  return {reinterpret_cast<const char *>(values.data()), values.size() * sizeof(T)};
}

static nir::Result<nir::Tensor> parse(const std::string &bytes) {
  return parseNpy({reinterpret_cast<const std::byte *>(bytes.data()), bytes.size()}, "x.npy");
}

static std::string messageOf(const std::string &bytes) {
  nir::Result<nir::Tensor> tensor = parse(bytes);
  return tensor ? "no error" : tensor.error().str();
}

TEST(Npy, ReadsEveryVersion) {
  for (int version : {1, 2, 3}) {
    auto tensor = parse(file(header("<f4", "(2, 2)"), raw<float>({1, 2, 3, 4}), version));
    ASSERT_TRUE(tensor) << version;
    EXPECT_EQ(*tensor, nir::Tensor::of<float>({2, 2}, {1, 2, 3, 4}));
  }
}

TEST(Npy, ReadsFortranOrder) {
  auto tensor = parse(file(header("<i2", "(2, 3)", "True"), raw<int16_t>({1, 4, 2, 5, 3, 6})));
  ASSERT_TRUE(tensor);
  EXPECT_EQ(*tensor, nir::Tensor::of<int16_t>({2, 3}, {1, 2, 3, 4, 5, 6}));
  auto cube = parse(file(header("|u1", "(2, 3, 2)", "True"),
                         raw<uint8_t>({0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11})));
  ASSERT_TRUE(cube);
  EXPECT_EQ(cube->toInts(), (std::vector<int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}));
}

TEST(Npy, ReadsBigEndian) {
  std::string data("\x01\x02\x00\x03", 4);
  auto tensor = parse(file(header(">u2", "(2,)"), data));
  ASSERT_TRUE(tensor);
  EXPECT_EQ(tensor->toInts(), (std::vector<int64_t>{0x0102, 3}));
}

TEST(Npy, ReadsBoolsAsZeroAndOne) {
  auto tensor = parse(file(header("|b1", "(3,)"), std::string("\x00\x01\x07", 3)));
  ASSERT_TRUE(tensor);
  EXPECT_EQ(tensor->dtype(), nir::DType::Bool);
  EXPECT_EQ(tensor->toInts(), (std::vector<int64_t>{0, 1, 1}));
}

TEST(Npy, ReadsScalarsAndEmptyArrays) {
  EXPECT_EQ(parse(file(header("<f8", "()"), raw<double>({2.5})))->at(0), 2.5);
  EXPECT_EQ(parse(file(header("<f8", "(0, 3)"), ""))->shape(), (nir::Shape{0, 3}));
}

TEST(Npy, WritesWhatItReads) {
  std::vector<nir::Tensor> tensors = {
      nir::Tensor::scalar(1.5), nir::Tensor::vector<uint8_t>({1, 2, 3}),
      nir::Tensor::of<int32_t>({2, 1, 2}, {-1, 2, -3, 4}),
      nir::Tensor::of<float>({1, 2}, {0.1F, 0.2F}), nir::Tensor::of<bool>({2}, {true, false})};
  for (const nir::Tensor &tensor : tensors) {
    std::string bytes = npyBytes(tensor);
    EXPECT_EQ((bytes.size() - tensor.sizeInBytes()) % 64, 0U);
    auto back = parse(bytes);
    ASSERT_TRUE(back) << back.error().str();
    EXPECT_EQ(*back, tensor);
  }
}

TEST(Npy, SaysWhatIsWrong) {
  EXPECT_EQ(messageOf("hello, I am no array"),
            "x.npy: error: the file does not start as a .npy file does: not a valid .npy file");
  EXPECT_EQ(messageOf(file(header("<f4", "(3,)"), raw<float>({1, 2}))),
            "x.npy: error: 8 bytes of data do not fit shape [3] of float32: not a valid .npy file");
  EXPECT_EQ(messageOf(file(header("<f4", "(1,)"), raw<float>({1, 2}))),
            "x.npy: error: 8 bytes of data do not fit shape [1] of float32: not a valid .npy file");
  EXPECT_EQ(messageOf(file(header("<f4", "(4611686018427387904, 4611686018427387904)"), "")),
            "x.npy: error: 0 bytes of data do not fit shape [4611686018427387904, "
            "4611686018427387904] of float32: not a valid .npy file");
  EXPECT_EQ(messageOf(file(header("<f4", "(0, 9223372036854775807, 9223372036854775807)"), ""))
                .substr(0, 35),
            "x.npy: error: 0 bytes of data do no");
  EXPECT_EQ(messageOf(file(header("<f4", "(-1,)"), "")),
            "x.npy: error: the header's shape is not a tuple of sizes: not a valid .npy file");
  EXPECT_EQ(messageOf(file(header("<c8", "(1,)"), std::string(8, 'x'))),
            "x.npy: error: dtype '<c8' is not supported, expected bool, an integer or a float of "
            "16, 32 or 64 bits\nx.npy: note: convert it first: numpy.save(path, "
            "array.astype('float32'))");
  EXPECT_EQ(messageOf(file("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", "")),
            "x.npy: error: the dtype is not text: arrays of records are not supported: not a valid "
            ".npy file");
  EXPECT_EQ(
      messageOf(file("{'descr': '<f4', 'shape': (1,)}", raw<float>({1}))),
      "x.npy: error: the header lacks one of descr, fortran_order and shape: not a valid .npy "
      "file");
  EXPECT_EQ(messageOf(file(header("<f4", "(1,)"), raw<float>({1}), 9)),
            "x.npy: error: found format version 9, expected 1, 2 or 3: not a valid .npy file");
  std::string cut = file(header("<f4", "(1,)"), "");
  EXPECT_EQ(messageOf(cut.substr(0, cut.size() - 5)),
            "x.npy: error: the file ends within its header: not a valid .npy file");
}

// 20,000 damaged headers and lengths: an array that fits the data, or an error; never a crash (the
// sanitizers watch).
TEST(Npy, SurvivesDamage) {
  const uint64_t seed = 2;
  RecordProperty("seed", std::to_string(seed));
  Random random(seed);
  std::vector<std::string> valid = {
      file(header("<f4", "(2, 3)"), raw<float>({1, 2, 3, 4, 5, 6})),
      file(header(">i8", "(3, 1, 2)", "True"), raw<int64_t>({1, 2, 3, 4, 5, 6}), 2),
      file(header("|b1", "(4,)"), std::string(4, '\1'), 3)};
  const std::string interesting = "(),{}':[]-9LTF0\xff \n<>|=fiub";
  int errors = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string bytes = valid[random.next() % valid.size()];
    for (uint64_t edits = 1 + random.next() % 4; edits > 0 && !bytes.empty(); --edits) {
      size_t at = random.next() % bytes.size();
      switch (random.next() % 5) {
      case 0:
        bytes[at] = static_cast<char>(random.next());
        break;
      case 1:
        bytes[at] = interesting[random.next() % interesting.size()];
        break;
      case 2:
        bytes.insert(at, 1, interesting[random.next() % interesting.size()]);
        break;
      case 3:
        bytes.erase(at, 1 + random.next() % 3);
        break;
      default:
        bytes.resize(at + 1);
      }
    }
    nir::Result<nir::Tensor> tensor = parse(bytes);
    if (tensor) {
      EXPECT_LE(tensor->sizeInBytes(), bytes.size()) << "seed " << seed << " round " << round;
    } else {
      ++errors;
      EXPECT_FALSE(tensor.error().message.empty());
    }
  }
  EXPECT_GT(errors, 10000) << "the damage should show";
}
