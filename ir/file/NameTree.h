//===- NameTree.h - names with slashes, as groups ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace nir {

/// HDF5 takes the slash in a name for a path: "a/b" is the member b of a group a. So the official
/// library writes it, and so the names of one graph make a tree.
struct NameTree {
  static constexpr size_t none = ~size_t(0);

  std::string component;
  size_t item = none; ///< index of the name that ends here
  std::vector<NameTree> children;
  /// Whether the children are in the order of their names, in which HDF5 lists them by itself.
  bool isSorted = true;
  std::unordered_set<std::string> components; ///< of the children
};

/// The tree of `names`, whose order it keeps. Refuses what HDF5 cannot hold: empty parts, names
/// that occur twice or lie inside others, and an order in which the names below one group are
/// apart. `kind`: what the names are of, for messages ("node"); `path`: of the graph they are in.
Result<NameTree> nameTree(const std::vector<std::string_view> &names, std::string_view kind,
                          const std::string &path);

} // namespace nir
