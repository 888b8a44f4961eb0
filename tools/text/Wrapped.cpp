//===- Wrapped.cpp - text in lines ----------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/text/Wrapped.h"

#include <algorithm>
#include <fmt/format.h>

namespace nirc {

std::string wrapped(std::string_view text, size_t indent) {
  constexpr size_t lineWidth = 100;
  std::string out, line;
  while (!text.empty()) {
    size_t end = std::min(text.find(' '), text.size());
    if (!line.empty() && indent + line.size() + 1 + end > lineWidth) {
      out += fmt::format("{:{}}{}\n", "", indent, line);
      line.clear();
    }
    line += line.empty() ? "" : " ";
    line += text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out + (line.empty() ? "" : fmt::format("{:{}}{}\n", "", indent, line));
}

} // namespace nirc
