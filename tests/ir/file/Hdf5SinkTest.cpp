//===- Hdf5SinkTest.cpp - HDF5 in memory ----------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/file/Hdf5Sink.h"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

using namespace nir;

namespace {

/// A group with a text and an array of more than a chunk.
std::string fileInMemory() {
  hdf5::Session session;
  hdf5::Sink sink(/*gzipLevel=*/4);
  EXPECT_FALSE(sink.open());
  Result<hdf5::Id> group = sink.group(sink.root(), "layer");
  EXPECT_FALSE(sink.write(*group, "type", std::string("dense")));
  std::vector<int16_t> values(600000);
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<int16_t>(i * i);
  }
  EXPECT_FALSE(sink.write(*group, "weight", Tensor::of<int16_t>({600, 1000}, values)));
  Result<std::string> bytes = sink.takeBytes();
  EXPECT_TRUE(bytes);
  return *bytes;
}

TEST(Hdf5Sink, InMemoryIsAFile) {
  std::string bytes = fileInMemory();
  std::string path = fmt::format("{}/nirc-sink-{}.h5", testing::TempDir(), getpid());
  std::ofstream(path, std::ios::binary) << bytes;
  hdf5::Session session;
  hdf5::Id file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT));
  ASSERT_TRUE(file);
  hdf5::Id weight(H5Dopen2(file, "layer/weight", H5P_DEFAULT));
  std::vector<int16_t> values(600000);
  ASSERT_GE(H5Dread(weight, H5T_NATIVE_INT16, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), 0);
  for (size_t i = 0; i < values.size(); ++i) {
    ASSERT_EQ(values[i], static_cast<int16_t>(i * i)) << i;
  }
  std::filesystem::remove(path);
  EXPECT_FALSE(std::filesystem::exists("in memory"));
}

TEST(Hdf5Sink, InMemoryIsTheSameBytesEachTime) { EXPECT_EQ(fileInMemory(), fileInMemory()); }

} // namespace
