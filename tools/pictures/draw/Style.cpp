//===- Style.cpp - the one style of all figures ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/pictures/draw/Style.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace nirc {

std::string hex(Color color) {
  return fmt::format("#{:02X}{:02X}{:02X}", color.red, color.green, color.blue);
}

static double linear(uint8_t value) {
  double share = value / 255.0;
  return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
}

double luminance(Color color) {
  return 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue);
}

double contrast(Color one, Color other) {
  double a = luminance(one), b = luminance(other);
  return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

Color mixed(Color from, Color to, double share) {
  auto between = [share](uint8_t a, uint8_t b) {
    return static_cast<uint8_t>(std::lround(a + (b - a) * std::clamp(share, 0.0, 1.0)));
  };
  return {between(from.red, to.red), between(from.green, to.green), between(from.blue, to.blue)};
}

Color legible(Color color, Color paper, double least) {
  Color end = luminance(paper) > 0.5 ? Color{0, 0, 0} : Color{255, 255, 255};
  Color found = color;
  for (int percent = 1; percent <= 100 && contrast(found, paper) < least; ++percent) {
    found = mixed(color, end, percent / 100.0);
  }
  return found;
}

static Theme themeOf(Color paper, Color ink, Color muted, Color faint, Color panel) {
  constexpr double ofGraphics = 3.0; // WCAG 2.2, 1.4.11
  Theme theme{paper, ink, muted, faint, panel, okabeIto, okabeIto};
  for (Color &line : theme.lines) {
    line = legible(line, paper, ofGraphics);
  }
  theme.lines.back() = legible(okabeIto.back(), paper, 5.0); // else a dark yellow is as the orange
  return theme;
}

const Theme &lightTheme() {
  static const Theme theme = themeOf({255, 255, 255}, {0x20, 0x24, 0x2B}, {0x5A, 0x62, 0x70},
                                     {0xD3, 0xD8, 0xDE}, {0xF4, 0xF5, 0xF7});
  return theme;
}

const Theme &darkTheme() {
  static const Theme theme = themeOf({0x14, 0x17, 0x1C}, {0xE8, 0xEA, 0xED}, {0xA3, 0xAA, 0xB5},
                                     {0x3A, 0x41, 0x4B}, {0x1E, 0x22, 0x29});
  return theme;
}

} // namespace nirc
