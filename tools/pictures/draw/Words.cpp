//===- Words.cpp - text for XML and for cairo -----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/pictures/draw/Words.h"

#include "tools/text/NodeText.h"

#include <algorithm>
#include <cstdint>

namespace nirc {

size_t lengthOfFirst(std::string_view text) {
  auto lead = static_cast<unsigned char>(text.front());
  size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  return std::min(length, text.size());
}

static uint32_t codePoint(std::string_view character) {
  constexpr unsigned char masks[] = {0x7F, 0x1F, 0x0F, 0x07};
  uint32_t value = static_cast<unsigned char>(character[0]) & masks[character.size() - 1];
  for (char c : character.substr(1)) {
    value = value << 6 | (static_cast<unsigned char>(c) & 0x3F);
  }
  return value;
}

/// What XML 1.0, section 2.2, takes for a character, and UTF-8 for its only form.
static bool isXml(std::string_view character) {
  constexpr uint32_t least[] = {0x20, 0x80, 0x800, 0x10000};
  uint32_t value = codePoint(character);
  return value >= least[character.size() - 1] && value <= 0x10FFFF &&
         (value < 0xD800 || value > 0xDFFF) && value != 0xFFFE && value != 0xFFFF;
}

std::string plainText(std::string_view text) {
  std::string whole = printable(text), out;
  for (std::string_view rest = whole; !rest.empty();) {
    std::string_view character = rest.substr(0, lengthOfFirst(rest));
    rest.remove_prefix(character.size());
    out += isXml(character) ? character : std::string_view("\uFFFD");
  }
  return out;
}

std::string xmlText(std::string_view text) {
  std::string out;
  for (char c : plainText(text)) {
    switch (c) {
    case '&':
      out += "&amp;";
      break;
    case '<':
      out += "&lt;";
      break;
    case '>':
      out += "&gt;";
      break;
    case '"':
      out += "&quot;";
      break;
    default:
      out += c;
    }
  }
  return out;
}

std::string shortened(std::string_view text, size_t most) {
  if (displayWidth(text) <= most) {
    return std::string(text);
  }
  std::string out;
  for (size_t i = 0; i + 1 < most; ++i) {
    std::string_view character = text.substr(0, lengthOfFirst(text));
    out += character;
    text.remove_prefix(character.size());
  }
  return out + "…";
}

std::string xmlLines(std::string_view text) {
  std::string out;
  for (size_t at = 0; at <= text.size();) {
    size_t end = std::min(text.find('\n', at), text.size());
    out += (at == 0 ? "" : "\n") + xmlText(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

} // namespace nirc
