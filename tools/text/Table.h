//===- Table.h - cells in columns -------------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <string>
#include <vector>

namespace nirc {

/// Cells in columns as wide as they need be; the first `texts` columns are flush left, the rest
/// flush right, as numbers are.
class Table {
public:
  explicit Table(size_t texts) : texts(texts) {}
  void add(std::vector<std::string> row) { rows.push_back(std::move(row)); }
  std::string str() const;

private:
  size_t texts;
  std::vector<std::vector<std::string>> rows;
};

} // namespace nirc
