//===- Utf8.h - whether bytes are text --------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <string_view>

namespace nir {

/// Whether `text` is well-formed UTF-8 (Unicode 15, table 3-7: no overlong forms, no surrogates).
inline bool isUtf8(std::string_view text) {
  auto isTail = [&](size_t i, unsigned char low = 0x80, unsigned char high = 0xBF) {
    return i < text.size() && static_cast<unsigned char>(text[i]) >= low &&
           static_cast<unsigned char>(text[i]) <= high;
  };
  for (size_t i = 0; i < text.size();) {
    auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80) {
      i += 1;
    } else if (lead >= 0xC2 && lead <= 0xDF && isTail(i + 1)) {
      i += 2;
    } else if (lead >= 0xE0 && lead <= 0xEF && isTail(i + 2) &&
               isTail(i + 1, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF)) {
      i += 3;
    } else if (lead >= 0xF0 && lead <= 0xF4 && isTail(i + 2) && isTail(i + 3) &&
               isTail(i + 1, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF)) {
      i += 4;
    } else {
      return false;
    }
  }
  return true;
}

} // namespace nir
