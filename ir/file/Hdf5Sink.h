//===- Hdf5Sink.h - an HDF5 file being written ------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the writers of HDF5 share. A file comes into being under another name and gets its own when
// it is whole, or it is made in memory. The same content gives the same bytes: no times are kept.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/file/Hdf5.h"
#include "ir/file/NameTree.h"
#include "ir/graph/Graph.h"

#include <functional>
#include <string>

namespace nir::hdf5 {

class Sink {
public:
  Sink(std::string path, int gzipLevel) : path(std::move(path)), gzipLevel(gzipLevel) {}
  /// A file in memory.
  explicit Sink(int gzipLevel) : gzipLevel(gzipLevel) {}
  Sink(const Sink &) = delete;
  Sink &operator=(const Sink &) = delete;
  /// Removes what was not committed.
  ~Sink();

  Status open();
  /// Gives the file its name. Nothing may be written afterwards, and every Id of it must be gone.
  Status commit();
  /// The bytes of a file in memory, instead of `commit`.
  Result<std::string> takeBytes();
  hid_t root() const { return file; }

  /// A new group. `keepsOrder`: its members are listed in the order of their making, not of names.
  Result<Id> group(hid_t parent, const std::string &name, bool keepsOrder = false);
  /// The groups and leaves of a tree of names, below `group`.
  using Leaf = std::function<Status(hid_t parent, const std::string &component, size_t item)>;
  Status tree(hid_t group, const NameTree &names, const Leaf &leaf);

  Status write(hid_t parent, const std::string &name, const Tensor &tensor);
  Status write(hid_t parent, const std::string &name, const Strings &strings);
  Status write(hid_t parent, const std::string &name, const std::string &value);

  Status attribute(hid_t object, const std::string &name, const std::string &value);
  Status attribute(hid_t object, const std::string &name, const Tensor &scalar);

private:
  Status openInMemory(hid_t creation, hid_t access);
  Status openOnDisk(hid_t creation, hid_t access);

  std::string path, temporary; ///< empty for a file in memory
  int gzipLevel;
  Id file;
  Id linkProperties, datasetProperties, text; ///< made once: many files have 10^5 of each
};

} // namespace nir::hdf5
