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

std::string wrapped(std::string_view text, size_t indent, size_t width) {
  std::string out, line;
  auto finish = [&] {
    out += line.empty() ? "" : fmt::format("{:{}}{}", "", indent, line);
    out += '\n';
    line.clear();
  };
  while (!text.empty()) {
    size_t end = std::min(text.find_first_of(" \n"), text.size());
    if (!line.empty() && indent + line.size() + 1 + end > width) {
      finish();
    }
    line += line.empty() ? "" : " ";
    line += text.substr(0, end);
    if (end < text.size() && text[end] == '\n') {
      finish();
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (!line.empty()) {
    finish();
  }
  return out;
}

} // namespace nirc
