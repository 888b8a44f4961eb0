//===- Markup.cpp - texts in XML and HTML ---------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/fmi/Markup.h"

#include <fmt/format.h>

using namespace nirc;

/// The character that ends before `end`, which is moved behind it. The text is UTF-8.
static char32_t next(std::string_view text, size_t &end) {
  auto byte = static_cast<unsigned char>(text[end++]);
  size_t more = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : byte >= 0xC0 ? 1 : 0;
  char32_t character = more == 0 ? byte : byte & (0x3Fu >> more);
  for (; more > 0 && end < text.size(); --more) {
    character = character << 6 | (static_cast<unsigned char>(text[end++]) & 0x3Fu);
  }
  return character;
}

std::string nirc::cpu::nameForMarkup(std::string_view text) {
  std::string name;
  for (size_t at = 0; at < text.size();) {
    size_t begin = at;
    char32_t character = next(text, at);
    bool isText = character >= 0x20 && !(character >= 0x7F && character < 0xA0) &&
                  character != 0xFFFE && character != 0xFFFF && character != 0x2028 &&
                  character != 0x2029;
    name += isText ? std::string(text.substr(begin, at - begin))
                   : fmt::format("\\u{:04X}", static_cast<uint32_t>(character));
  }
  return name;
}

std::string nirc::cpu::escaped(std::string_view text) {
  std::string result;
  for (char character : nameForMarkup(text)) {
    switch (character) {
    case '&':
      result += "&amp;";
      break;
    case '<':
      result += "&lt;";
      break;
    case '>':
      result += "&gt;";
      break;
    case '"':
      result += "&quot;";
      break;
    case '\'':
      result += "&apos;";
      break;
    default:
      result += character;
    }
  }
  return result;
}
