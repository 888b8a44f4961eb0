//===- Svg.cpp - shapes and words in SVG ----------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/pictures/Svg.h"

#include "tools/text/NodeText.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fmt/format.h>

namespace nirc {

/// Bytes of the character at the front of whole UTF-8.
static size_t lengthOfFirst(std::string_view text) {
  auto lead = static_cast<unsigned char>(text.front());
  return lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
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

std::string xmlText(std::string_view text) {
  std::string whole = printable(text), out;
  for (size_t at = 0; at < whole.size();) {
    std::string_view rest = std::string_view(whole).substr(at);
    std::string_view character = rest.substr(0, lengthOfFirst(rest));
    at += character.size();
    if (!isXml(character)) {
      out += "\uFFFD";
      continue;
    }
    switch (character.front()) {
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
      out += character;
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

std::string svgText(Point at, std::string_view attributes, std::string_view text) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" {}>{}</text>\n", at.x, at.y, attributes,
                     xmlText(text));
}

/// Where the line from the middle of the rectangle towards `outside` leaves it.
static Point edgeTowards(const Rectangle &rectangle, Point outside) {
  Point middle = rectangle.center();
  double x = outside.x - middle.x, y = outside.y - middle.y;
  double steps =
      std::max(std::abs(x) / (rectangle.width / 2), std::abs(y) / (rectangle.height / 2));
  return steps > 1.0 ? Point{middle.x + x / steps, middle.y + y / steps} : middle;
}

static double headLength(double width) { return 3.0 + 1.1 * width; }

/// The curve, which starts with "M", and a head at its end in the direction that it comes from.
static std::string arrowAlong(const std::string &curve, Point tip, Point from, double width,
                              std::string_view color, double opacity) {
  double x = tip.x - from.x, y = tip.y - from.y;
  double length = std::max(std::hypot(x, y), 1e-6);
  x /= length;
  y /= length;
  double head = headLength(width), side = 1.8 + 0.8 * width;
  Point base{tip.x - head * x, tip.y - head * y};
  return fmt::format(
      "<g opacity=\"{:.2f}\"><path d=\"{} {:.1f},{:.1f}\" fill=\"none\" stroke=\"{}\" "
      "stroke-width=\"{:.2f}\"/><path d=\"M{:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f}z\" "
      "fill=\"{}\"/></g>\n",
      opacity, curve, base.x, base.y, color, width, tip.x, tip.y, base.x - side * y,
      base.y + side * x, base.x + side * y, base.y - side * x, color);
}

std::string svgArrow(const Rectangle &from, const Rectangle &to, double width,
                     std::string_view color, double opacity) {
  Point a = from.center(), b = to.center();
  // Both directions bend to their own left, so that they lie side by side.
  constexpr double bend = 0.16;
  Point control{(a.x + b.x) / 2 + bend * (b.y - a.y), (a.y + b.y) / 2 - bend * (b.x - a.x)};
  Point start = edgeTowards(from, control), tip = edgeTowards(to, control);
  std::string move = fmt::format("M{:.1f},{:.1f}", start.x, start.y);
  // Where there is little but a head, a curve would be a kink.
  if (std::hypot(tip.x - start.x, tip.y - start.y) < 5 * headLength(width)) {
    return arrowAlong(move + " L", tip, start, width, color, opacity);
  }
  return arrowAlong(move + fmt::format(" Q{:.1f},{:.1f}", control.x, control.y), tip, control,
                    width, color, opacity);
}

std::string svgLoop(const Rectangle &around, double width, std::string_view color, double opacity) {
  double right = around.x + around.width, reach = 15.0;
  Point tip{right, around.y + 9.0}, control{right + reach, around.y + 7.0};
  return arrowAlong(fmt::format("M{:.1f},{:.1f} C{:.1f},{:.1f} {:.1f},{:.1f}", right - 9.0,
                                around.y, right - 7.0, around.y - reach, control.x, control.y),
                    tip, {right + reach, around.y + 9.0}, width, color, opacity);
}

} // namespace nirc
