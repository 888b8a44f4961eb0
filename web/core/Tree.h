//===- Tree.h - an HDF5 file that a page has read ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/graph/Graph.h"

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace nirc::web {

/// The objects of a file, by index; the first is the root. Tensors share `bytes`.
struct Tree {
  struct Value {
    bool isNull = false;   ///< without a dataspace
    std::string otherType; ///< "a compound type", where it is none that nirc reads
    std::string broken;    ///< why it could not be read
    std::string filter;    ///< what it is packed with, where that cannot be unpacked here
    nir::DType dtype = nir::DType::F64;
    nir::Shape shape;
    const std::byte *data = nullptr; ///< null: it was left out, as it is larger than allowed
    std::vector<std::string> texts;
    bool isText = false;
  };
  struct Object {
    bool isGroup = false;
    std::vector<std::pair<std::string, int64_t>> links; ///< in the order of h5py
    std::string refusal;                                ///< of a link that is none
    std::vector<std::pair<std::string, Value>> attributes;
    Value value; ///< of a data set
  };

  std::vector<Object> objects;
  std::shared_ptr<const std::byte> bytes;
};

/// The tree that web/core/hdf5.js describes, whose numbers lie in `bytes`, of `size` bytes. Trusts
/// neither: what does not add up is an error.
nir::Result<Tree> treeOf(const nlohmann::json &json, std::shared_ptr<const std::byte> bytes,
                         size_t size);

/// What hdf5::Source reads from now on; it outlives all reading. There is one, as there is one
/// thread.
void setTree(const Tree *tree);

} // namespace nirc::web
