//===- ShdFileTest.cpp - recordings of the Heidelberg datasets ------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/file/ShdFile.h"

#include "Hdf5Fixture.h"
#include "ShdFixture.h"

using namespace nir;
using namespace nir::test;

namespace {
struct Shd : testing::Test {
  TemporaryFolder folder;
  std::string path = folder.file("x.h5");

  std::string message() const {
    auto read = readShd(path, 0, 100);
    EXPECT_FALSE(read);
    return read ? "" : read.error().str();
  }
};
} // namespace

/// 0.1 is 0.0999755859375 in 16 bits: sign 0, exponent 2^-4, fraction 614/1024.
TEST_F(Shd, TimesChannelsAndLabels) {
  writeShd(path, {{0.1, 0.5}, {}, {1.25}}, {{3, 699}, {}, {7}}, {4, 0, 19});
  auto read = readShd(path, 0, 100);
  ASSERT_TRUE(read) << read.error().str();
  EXPECT_EQ(read->total, 3);
  EXPECT_EQ(read->sizes.toInts(), (std::vector<int64_t>{2, 0, 1}));
  EXPECT_EQ(read->seconds.toDoubles(), (std::vector<double>{0.0999755859375, 0.5, 1.25}));
  EXPECT_EQ(read->channels.toDoubles(), (std::vector<double>{3, 699, 7}));
  EXPECT_EQ(read->labels.toInts(), (std::vector<int64_t>{4, 0, 19}));
}

TEST_F(Shd, SomeOfTheRecordings) {
  writeShd(path, {{0.25}, {0.5}, {1.25}}, {{1}, {2}, {3}}, {4, 5, 6});
  auto read = readShd(path, 1, 1);
  ASSERT_TRUE(read) << read.error().str();
  EXPECT_EQ(read->total, 3);
  EXPECT_EQ(read->seconds.toDoubles(), (std::vector<double>{0.5}));
  EXPECT_EQ(read->labels.toInts(), (std::vector<int64_t>{5}));
  EXPECT_EQ(readShd(path, 2, 100)->channels.toDoubles(), (std::vector<double>{3}));
  EXPECT_EQ(readShd(path, 3, 1)->sizes.size(), 0);
}

TEST_F(Shd, LabelsMayBeMissing) {
  writeShd(path, {{0.25}}, {{1}}, {});
  EXPECT_EQ(readShd(path, 0, 1)->labels.size(), 0);
}

TEST_F(Shd, SaysWhatDoesNotFit) {
  writeShd(path, {{0.25}}, {{1, 2}}, {});
  EXPECT_EQ(message(), path + ": error: 'spikes/times' and 'spikes/units' differ, with 1 and 1 "
                              "lists or in their lengths, expected the same of both");
  writeShd(path, {{0.25}, {}}, {{1}}, {});
  EXPECT_NE(message().find("with 2 and 1 lists"), std::string::npos);
  writeShd(path, {{0.25}}, {{1}}, {1, 2});
  EXPECT_EQ(message(), path + ": error: 'labels' is uint16 [2], expected integers [1]");
  writeShd(path, {{0.25}}, {{1}}, {});
  edit(path, [](hid_t file) { H5Ldelete(file, "spikes/units", H5P_DEFAULT); });
  EXPECT_EQ(message(), path + ": error: 'spikes/units' is missing, expected lists of numbers");
  edit(path, [](hid_t file) { H5Ldelete(file, "spikes", H5P_DEFAULT); });
  EXPECT_EQ(message(), path + ": error: the group 'spikes' is missing, expected the datasets "
                              "spikes/times, spikes/units and labels, as SHD and SSC have them");
  ReadLimits limits;
  limits.maxTensorBytes = 16;
  writeShd(path, {{0.25, 0.5}, {0.75}}, {{1, 2}, {3}}, {});
  EXPECT_FALSE(readShd(path, 0, 2, limits));
  EXPECT_TRUE(readShd(path, 0, 1, limits));
}
