//===- Svg.h - shapes and words in SVG --------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace nirc {

struct Point {
  double x = 0.0, y = 0.0;
};

struct Rectangle {
  double x = 0.0, y = 0.0, width = 0.0, height = 0.0;
  Point center() const { return {x + width / 2, y + height / 2}; }
};

/// The text as content or attribute of XML: what XML has no form for, as control characters, is
/// written as nirc prints it on a terminal.
std::string xmlText(std::string_view text);

/// At most that many characters, the last an ellipsis where some are left out. Of whole UTF-8.
std::string shortened(std::string_view text, size_t most);

/// A word of SVG with attributes as they are given: `<text x= y= attributes>escaped</text>`.
std::string svgText(Point at, std::string_view attributes, std::string_view text);

/// An arrow that bends to its left, from the edge of one rectangle to the edge of another.
std::string svgArrow(const Rectangle &from, const Rectangle &to, double width,
                     std::string_view color, double opacity);

/// An arrow from the upper edge of a rectangle around its right corner and back to it.
std::string svgLoop(const Rectangle &around, double width, std::string_view color, double opacity);

} // namespace nirc
