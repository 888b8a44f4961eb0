//===- Hdf5Fixture.h - odd HDF5 files for tests -----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/file/Hdf5.h"
#include "ir/graph/Graph.h"

#include <filesystem>
#include <functional>
#include <gtest/gtest.h>
#include <string>
#include <unistd.h>
#include <vector>

namespace nir::test {

/// A folder that goes away with the test.
class TemporaryFolder {
public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "nirc-test-XXXXXX").string();
    folder = mkdtemp(pattern.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  std::string file(const std::string &name) const { return folder + "/" + name; }

private:
  std::string folder;
};

/// Input, LIF, Conv2d, a subgraph with a Scale, Output, and metadata: a little of everything.
inline Model smallModel() {
  auto floats = [](int64_t n) { return Tensor::vector(std::vector<float>(size_t(n), 0.5F)); };
  auto shape = Tensor::vector<int64_t>({3});
  Conv2d conv;
  conv.input_shape = Tensor::vector<int64_t>({5, 5});
  conv.weight = Tensor::of<float>({2, 1, 3, 3}, std::vector<float>(18, 0.25F));
  conv.stride = conv.dilation = Tensor::vector<int64_t>({1, 1});
  conv.padding = std::string("same");
  conv.groups = Tensor::scalar<int64_t>(1);
  conv.bias = floats(2);
  Graph inner;
  inner.nodes = {{"in", Input{shape}, {}}, {"out", Output{shape}, {}}, {"s", Scale{floats(3)}, {}}};
  inner.edges = {{"in", "s"}, {"s", "out"}};
  LIF lif{floats(3), floats(3), floats(3), floats(3), floats(3)};
  Model model;
  model.version = "1.0.8";
  model.graph.nodes = {
      {"conv", conv, {}},
      {"input", Input{shape}, {}},
      {"lif", lif, {{"note", std::string("hello")}, {"rate", Tensor::scalar(2.5)}}},
      {"output", Output{shape}, {}},
      {"sub", inner, {}}};
  model.graph.edges = {{"input", "lif"}, {"lif", "output"}, {"lif", "sub"}};
  model.metadata = {{"dt", Tensor::scalar(1e-4)}};
  return model;
}

/// A type with elements of one byte's worth of nothing, for datasets that must be refused.
inline hdf5::Id spaceOf(const std::vector<hsize_t> &dims) {
  return hdf5::Id(dims.empty()
                      ? H5Screate(H5S_SCALAR)
                      : H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr));
}

/// Opens a file to damage it.
inline void edit(const std::string &path, const std::function<void(hid_t file)> &change) {
  hdf5::Session session;
  hdf5::Id access(H5Pcreate(H5P_FILE_ACCESS));
  H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
  hdf5::Id file(H5Fopen(path.c_str(), H5F_ACC_RDWR, access));
  ASSERT_TRUE(file) << path;
  change(file);
}

/// Puts a dataset of that type, in the place of what is there.
inline hdf5::Id replace(hid_t file, const char *path, hid_t type, const std::vector<hsize_t> &dims,
                        hid_t properties = H5P_DEFAULT) {
  H5Ldelete(file, path, H5P_DEFAULT);
  hdf5::Id dataset(
      H5Dcreate2(file, path, type, spaceOf(dims), H5P_DEFAULT, properties, H5P_DEFAULT));
  EXPECT_TRUE(dataset) << path;
  return dataset;
}

/// A text type of fixed length.
inline hdf5::Id textType(size_t length) {
  hdf5::Id type(H5Tcopy(H5T_C_S1));
  H5Tset_size(type, length);
  return type;
}

inline void replaceText(hid_t file, const char *path, const std::string &text) {
  hdf5::Id type = textType(text.size() + 1), dataset = replace(file, path, type, {});
  H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, text.c_str());
}

inline void replaceGroup(hid_t file, const char *path) {
  H5Ldelete(file, path, H5P_DEFAULT);
  EXPECT_TRUE(hdf5::Id(H5Gcreate2(file, path, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT))) << path;
}

} // namespace nir::test
