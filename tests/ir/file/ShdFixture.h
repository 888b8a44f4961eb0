//===- ShdFixture.h - small files as SHD has them ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/file/Hdf5.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace nir::test {

using ShdLists = std::vector<std::vector<double>>;

/// Writes lists of numbers in a type of the file.
inline void writeLists(hid_t group, const char *name, ShdLists lists, hid_t elementType) {
  hsize_t count = lists.size();
  hdf5::Id space(H5Screate_simple(1, &count, nullptr));
  hdf5::Id fileType(H5Tvlen_create(elementType)), memoryType(H5Tvlen_create(H5T_NATIVE_DOUBLE));
  hdf5::Id dataset(H5Dcreate2(group, name, fileType, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  std::vector<hvl_t> rows;
  for (std::vector<double> &list : lists) {
    rows.push_back({list.size(), list.data()});
  }
  EXPECT_GE(H5Dwrite(dataset, memoryType, H5S_ALL, H5S_ALL, H5P_DEFAULT, rows.data()), 0);
}

/// Times in 16 bits, channels in 16 bits, and labels, if there are any.
inline void writeShd(const std::string &path, const ShdLists &times, const ShdLists &units,
                     const std::vector<int64_t> &labels) {
  hdf5::Session session;
  hdf5::Id file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
  ASSERT_TRUE(file);
  hdf5::Id group(H5Gcreate2(file, "spikes", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  hdf5::Id half = hdf5::typeOf(DType::F16);
  writeLists(group, "times", times, half);
  writeLists(group, "units", units, H5T_STD_U16LE);
  if (!labels.empty()) {
    hsize_t count = labels.size();
    hdf5::Id space(H5Screate_simple(1, &count, nullptr));
    hdf5::Id dataset(
        H5Dcreate2(file, "labels", H5T_STD_U16LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    EXPECT_GE(H5Dwrite(dataset, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, labels.data()), 0);
  }
}

} // namespace nir::test
