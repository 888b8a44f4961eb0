//===- FileName.cpp - a file name for a node's name -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/recording/FileName.h"

#include <cctype>
#include <cstdint>
#include <fmt/format.h>

namespace nir {

/// 64-bit FNV-1a.
static uint64_t hash(std::string_view text) {
  uint64_t state = 0xcbf29ce484222325;
  for (char c : text) {
    state = (state ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  return state;
}

std::string fileNameFor(std::string_view node) {
  constexpr size_t longest = 150;
  std::string name;
  for (char c : node) {
    auto byte = static_cast<unsigned char>(c);
    bool plain = std::isalnum(byte) || byte >= 0x80 || c == '_' || c == '-' || c == '.' || c == '+';
    bool hidden = name.empty() && c == '.';
    name += plain && !hidden ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  if (name.size() > longest) {
    // Cut before a byte that starts a character.
    size_t cut = longest;
    while (cut > 0 && (static_cast<unsigned char>(name[cut]) & 0xC0) == 0x80) {
      --cut;
    }
    name = fmt::format("{}%{:016X}", name.substr(0, cut), hash(node));
  }
  return name.empty() ? "%" : name;
}

} // namespace nir
