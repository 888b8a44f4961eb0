//===- CodeCache.h - machine code of earlier processes ----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Files in a folder of the user, each named by the key of what it holds. What is read here is
// executed, so a folder or a file that somebody else may write is not read.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"

#include <optional>
#include <string>
#include <string_view>

namespace nirc {

/// Any number of threads and processes may use one folder at once. No function fails: what cannot
/// be read or kept is not there.
class CodeCache {
public:
  explicit CodeCache(CacheOptions options) : options(std::move(options)) {}

  /// The file of a key, 64 hexadecimal digits.
  std::string pathOf(const std::string &key) const;
  /// What was kept under the key, if it is whole. It then counts as used.
  std::optional<std::string> find(const std::string &key) const;
  /// Whether the bytes are kept now. What was not used for the longest time is removed as far as
  /// the bound demands.
  bool keep(const std::string &key, std::string_view bytes) const;

private:
  CacheOptions options;
};

} // namespace nirc
