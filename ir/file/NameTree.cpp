//===- NameTree.cpp - names that HDF5 can hold ----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/file/NameTree.h"

#include "ir/Utf8.h"
#include "ir/graph/Graph.h"

#include <algorithm>
#include <fmt/format.h>

namespace nir {

/// More groups in each other than any reader's limit.
static constexpr ptrdiff_t maxParts = 200;

/// What is wrong with a name on its own, or nothing.
static const char *fault(std::string_view name) {
  if (!isUtf8(name)) {
    return "is not UTF-8";
  }
  if (name.find('\0') != std::string_view::npos) {
    return "has a zero byte in it";
  }
  std::string framed = fmt::format("/{}/", name);
  if (framed.find("//") != std::string::npos) {
    return "is empty, or has an empty part at a slash";
  }
  if (framed.find("/./") != std::string::npos) {
    return "has the part '.'";
  }
  return std::count(name.begin(), name.end(), '/') >= maxParts ? "has more than 200 parts"
                                                               : nullptr;
}

/// Why a part that occurred before cannot occur again.
static Error conflict(const NameTree &tree, const std::string &component, bool isLast) {
  auto before = std::find_if(tree.children.begin(), tree.children.end(),
                             [&](const NameTree &child) { return child.component == component; });
  bool isLeaf = before->item != NameTree::none;
  if (isLast && isLeaf) {
    return Error(Cause::NodeName, "occurs twice");
  }
  if (isLast || isLeaf) {
    return Error(Cause::NodeName, isLast ? "is the beginning of another, up to a slash"
                                         : "begins with another, up to a slash")
        .note("HDF5 holds 'a/b' as b in a group a, which cannot be something itself");
  }
  return Error(Cause::NodeName, "comes after others that begin differently")
      .note("names that begin alike up to a slash form a group: give them one after the other");
}

/// The child for one more part of a name.
static Result<NameTree *> descend(NameTree &tree, std::string component, bool isLast) {
  if (!tree.components.insert(component).second) {
    NameTree &before = tree.children.back();
    if (isLast || before.item != NameTree::none || before.component != component) {
      return conflict(tree, component, isLast);
    }
    return &before;
  }
  tree.isSorted =
      tree.isSorted && (tree.children.empty() || tree.children.back().component < component);
  NameTree child;
  child.component = std::move(component);
  tree.children.push_back(std::move(child));
  return &tree.children.back();
}

Result<NameTree> nameTree(const std::vector<std::string_view> &names, std::string_view kind,
                          const std::string &path) {
  NameTree root;
  for (size_t item = 0; item < names.size(); ++item) {
    std::string_view name = names[item];
    if (const char *text = fault(name)) {
      return Error::atNode(Cause::NodeName, join(path, name),
                           fmt::format("the {} name {}, which HDF5 cannot hold", kind, text));
    }
    NameTree *tree = &root;
    for (size_t begin = 0; begin <= name.size();) {
      size_t end = std::min(name.find('/', begin), name.size());
      Result<NameTree *> child =
          descend(*tree, std::string(name.substr(begin, end - begin)), end == name.size());
      if (!child) {
        Error error = child.takeError();
        error.node = join(path, name);
        error.message = fmt::format("the {} name {}", kind, error.message);
        return error;
      }
      tree = *child;
      begin = end + 1;
    }
    tree->item = item;
  }
  return root;
}

} // namespace nir
