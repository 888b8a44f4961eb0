//===- Hdf5Source.h - an HDF5 file read within limits -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the readers of graphs and of recorded data share: groups, texts and tensors out of a file
// that is not trusted. Every size is checked against the limits before memory is taken for it, and
// nothing outside the file is touched.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/file/Hdf5.h"
#include "ir/file/ReadLimits.h"
#include "ir/graph/Graph.h"

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace nir::hdf5 {

/// Where tensors go: ordinary memory, or the memory shared with a parent process.
struct TensorMemory {
  virtual ~TensorMemory() = default;
  /// 64-byte aligned memory for `bytes` bytes, at least one; null where there is none left.
  virtual std::shared_ptr<std::byte> take(size_t bytes) = 0;
};

struct HeapMemory final : TensorMemory {
  std::shared_ptr<std::byte> take(size_t bytes) override;
};

/// What an error is about: a node, and the parameter or attribute of it.
struct Place {
  const std::string &node;
  std::string_view what;

  Error error(Cause cause, std::string_view text) const;
};

/// A group's member. Hard links only; the others are refused where they are listed.
struct Link {
  std::string name;
  haddr_t address; ///< of the object in the file: the same object has the same address
};

/// What a dataset or an attribute holds; nothing for one without a dataspace.
using Value = std::variant<std::monostate, Tensor, Strings>;

/// Lists of numbers, one after the other.
struct Lists {
  int64_t total = 0; ///< lists of the dataset
  std::vector<int64_t> sizes;
  Tensor values; ///< float64, of the lists that are read
};

class Source {
public:
  Source(std::string path, const ReadLimits &limits, TensorMemory &memory)
      : path(std::move(path)), limits(limits), memory(memory) {}

  Status open();
  hid_t root() const { return file; }
  const ReadLimits &bounds() const { return limits; }

  /// The members of a group. In the order of h5py: that of their creation where the file tracks it,
  /// else that of their names. To ask takes longer than to list the members of a small node, so
  /// where the order says nothing it is that of the names.
  enum class Order { ByName, AsH5py };
  Result<std::vector<Link>> list(hid_t group, const Place &place, Order order);
  /// Whether more may come out of the dataset than the file holds: it is packed, or nothing of it
  /// was written.
  static bool mayUnpack(hid_t dataset);
  /// What `read` would give, from what the file says of it alone: a tensor without bytes, Strings
  /// without values.
  Result<Value> unread(hid_t dataset, const Place &place) const;
  /// The dataset's numbers or texts. A single text is Strings of shape [].
  Result<Value> read(hid_t dataset, const Place &place);
  /// The attribute's, nothing where there is none of that name.
  Result<Value> readAttribute(hid_t object, const char *name, const Place &place);
  /// Names of the attributes that start with `prefix`, in the order of names.
  Result<std::vector<std::string>> attributes(hid_t object, std::string_view prefix,
                                              const Place &place);

  /// The lists of a dataset of them, from `first` on, at most `most`. Floats of any width and
  /// integers become float64.
  Result<Lists> readLists(hid_t dataset, int64_t first, int64_t most, const Place &place);
  /// `count` elements as a tensor [count], where tensors go.
  Result<Tensor> takeTensor(DType dtype, const void *data, int64_t count, const Place &place);

  /// An error that carries HDF5's own words as a note.
  static Error failure(const Place &place, std::string_view text);

private:
  struct Extent {
    bool isNull = false;
    Shape shape;
    int64_t count = 1;
  };
  struct Reading;

  Result<Extent> extentOf(hid_t space, const Place &place) const;
  Status checkLayout(hid_t dataset, const Place &place) const;
  Result<Value> readTensor(const Reading &reading, hid_t type, DType dtype, const Extent &extent,
                           const Place &place);
  Result<Value> readStrings(const Reading &reading, hid_t type, const Extent &extent,
                            const Place &place) const;
  /// What a type and a dataspace declare: nothing for a null dataspace, text by its type alone.
  struct Declared {
    Extent extent;
    std::optional<DType> dtype; ///< none: text
  };
  Result<Declared> declared(hid_t type, hid_t space, const Place &place) const;
  Result<Value> readAs(const Reading &reading, hid_t type, hid_t space, const Place &place);

  std::string path;
  ReadLimits limits;
  TensorMemory &memory;
  Id file, transfer;
  int64_t objectsSeen = 0;
  int64_t bytesTaken = 0;
};

/// An object of a group, opened.
struct Object {
  Id id;
  H5I_type_t kind = H5I_BADID;

  bool isGroup() const { return kind == H5I_GROUP; }
  bool isDataset() const { return kind == H5I_DATASET; }
};
Object openObject(hid_t group, const std::string &name);

/// "float32 [2, 3]", "text []", "nothing".
std::string describe(const Value &value);

} // namespace nir::hdf5
