//===- Style.h - the one style of all figures -------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nirc {

struct Color {
  uint8_t red = 0, green = 0, blue = 0;
  friend bool operator==(const Color &, const Color &) = default;
};

/// "#0072B2".
std::string hex(Color color);
/// Luminance relative to white, 0 to 1, and the contrast of two colours, 1 to 21: WCAG 2.2,
/// "relative luminance" and "contrast ratio".
double luminance(Color color);
double contrast(Color one, Color other);
/// From `from` (share 0) to `to` (share 1), even in sRGB.
Color mixed(Color from, Color to, double share);
/// The colour made darker or lighter, without a change of hue, until its contrast to `paper` is at
/// least `least`.
Color legible(Color color, Color paper, double least);

/// Of Okabe and Ito (Color Universal Design, 2008) without their black: people distinguish them
/// however they see colours. Blue, vermillion, green, purple, orange, sky blue, yellow.
constexpr std::array<Color, 7> okabeIto = {{{0x00, 0x72, 0xB2},
                                            {0xD5, 0x5E, 0x00},
                                            {0x00, 0x9E, 0x73},
                                            {0xCC, 0x79, 0xA7},
                                            {0xE6, 0x9F, 0x00},
                                            {0x56, 0xB4, 0xE9},
                                            {0xF0, 0xE4, 0x42}}};

/// What things are drawn in, on white or on black.
struct Theme {
  Color paper; ///< behind all
  Color ink;   ///< text and axes
  Color muted; ///< captions, ticks and their labels
  Color faint; ///< grids and outlines
  Color panel; ///< a surface on the paper
  /// Okabe and Ito's, for fills; and what is as legible as graphics must be (3:1), for lines.
  std::array<Color, 7> fills, lines;

  Color line(size_t number) const { return lines[number % lines.size()]; }
  Color fill(size_t number) const { return fills[number % fills.size()]; }
};
const Theme &lightTheme();
const Theme &darkTheme();

/// Of text, in points: at 85 mm none is smaller than journals ask for (5 to 7 pt).
struct Sizes {
  double title = 8.0, label = 7.0, tick = 6.0, caption = 6.0;
};
constexpr Sizes sizes;

/// In points.
struct LineWidths {
  double hair = 0.3, axis = 0.5, line = 0.8, strong = 1.4;
};
constexpr LineWidths widths;

constexpr double pointsPerMillimetre = 72.0 / 25.4;
/// A column of a paper, and a page.
constexpr double columnMillimetres = 85.0, pageMillimetres = 180.0;

/// As CSS takes it: the font whose widths layouts are made with comes first, then the system's.
constexpr std::string_view fontFamily = "'DejaVu Sans', system-ui, Verdana, sans-serif";
constexpr std::string_view fontName = "DejaVu Sans";

} // namespace nirc
