//===- Grouped.cpp - large numbers for people -----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/text/Grouped.h"

#include <cstddef>
#include <fmt/format.h>

namespace nirc {

std::string grouped(double count) {
  std::string text = fmt::format("{:.0f}", count);
  for (auto at = static_cast<ptrdiff_t>(text.size()) - 3; at > 0; at -= 3) {
    text.insert(static_cast<size_t>(at), ",");
  }
  return text;
}

} // namespace nirc
