//===- Names.cpp - what a suite calls its files ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/files/Names.h"

#include <algorithm>

namespace nirc::conformance {

bool isInside(std::string_view name) {
  constexpr std::string_view known =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./";
  constexpr size_t most = 200;
  if (name.empty() || name.size() > most ||
      name.find_first_not_of(known) != std::string_view::npos) {
    return false;
  }
  for (bool isLast = false; !isLast;) {
    size_t slash = std::min(name.find('/'), name.size());
    std::string_view part = name.substr(0, slash);
    if (part.empty() || part == "." || part == "..") {
      return false;
    }
    isLast = slash == name.size();
    name.remove_prefix(std::min(slash + 1, name.size()));
  }
  return true;
}

bool matches(std::string_view name, std::string_view pattern) {
  // The last '*' is gone back to, which is enough: it may take what earlier ones could.
  size_t n = 0, p = 0, star = std::string_view::npos, taken = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      taken = n;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++taken;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

} // namespace nirc::conformance
