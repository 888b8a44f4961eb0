//===- Drawing.h - shapes and words on a sheet ------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "tools/pictures/draw/Style.h"

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace nirc {

struct Point {
  double x = 0.0, y = 0.0;
};

struct Rectangle {
  double x = 0.0, y = 0.0, width = 0.0, height = 0.0;
  double right() const { return x + width; }
  double bottom() const { return y + height; }
  Point center() const { return {x + width / 2, y + height / 2}; }
};

/// Lines and curves, one after the other.
class Path {
public:
  enum class Kind : uint8_t { Move, Line, Curve, Close };
  /// A curve has two control points and an end, a move and a line an end, `Close` nothing.
  struct Step {
    Kind kind;
    Point first, second, end;
  };

  Path &move(Point to) { return add({Kind::Move, {}, {}, to}); }
  Path &line(Point to) { return add({Kind::Line, {}, {}, to}); }
  Path &curve(Point first, Point second, Point to) { return add({Kind::Curve, first, second, to}); }
  Path &close() { return add({Kind::Close, {}, {}, {}}); }
  /// With rounded corners where `radius` is not 0.
  Path &rectangle(const Rectangle &at, double radius = 0.0);
  Path &circle(Point center, double radius);

  const std::vector<Step> &steps() const { return all; }
  bool isEmpty() const { return all.empty(); }

private:
  Path &add(Step step) {
    all.push_back(step);
    return *this;
  }
  std::vector<Step> all;
};

/// What a path looks like; colours that are not given are not drawn.
struct Paint {
  std::optional<Color> fill = {}, stroke = {};
  double width = 0.5; ///< of the stroke
  double dash = 0.0;  ///< length of a dash and of a gap; 0: none
  double opacity = 1.0;
};

enum class Anchor : uint8_t { Start, Middle, End };

/// What a line of text looks like. It is anchored on its baseline.
struct TextLook {
  Color color;
  double size = sizes.label;
  Anchor anchor = Anchor::Start;
  bool isBold = false;
  bool isUpwards = false;         ///< read from bottom to top
  std::optional<Color> halo = {}; ///< around the letters, for text on lines
};

/// Square pixels in rows from the top; a colour for each.
struct Pixels {
  int32_t width = 0, height = 0;
  std::vector<Color> colors;
};

/// A figure as data, which is written as SVG or PDF (Writers.h). Lengths are in points, 1/72 inch,
/// from the upper left corner. What was added last is on top.
class Drawing {
public:
  struct Shape {
    Path path;
    Paint paint;
  };
  struct Text {
    Point at;
    std::string text;
    TextLook look;
  };
  struct Image {
    Rectangle at;
    Pixels pixels;
  };
  /// A part with a class, and data for those who read it by program. A PDF has no groups, and
  /// nothing of what is shown on demand.
  struct Group {
    std::string kind;
    std::vector<std::pair<std::string, std::string>> data; ///< "node": attribute data-node
    std::string tip = {};    ///< what a browser shows where the pointer rests
    bool isOnDemand = false; ///< shown where the pointer rests on the group around it
  };
  struct GroupEnd {};
  using Element = std::variant<Shape, Text, Image, Group, GroupEnd>;

  Drawing(const Theme &theme, double width) : sheetTheme(&theme), sheetWidth(width) {}

  void add(Path path, const Paint &paint) {
    if (!path.isEmpty()) {
      parts.emplace_back(Shape{std::move(path), paint});
    }
  }
  void add(Point at, std::string text, const TextLook &look) {
    parts.emplace_back(Text{at, std::move(text), look});
  }
  void add(const Rectangle &at, Pixels pixels) { parts.emplace_back(Image{at, std::move(pixels)}); }
  void begin(Group group) { parts.emplace_back(std::move(group)); }
  void end() { parts.emplace_back(GroupEnd{}); }

  const Theme &theme() const { return *sheetTheme; }
  double width() const { return sheetWidth; }
  const std::vector<Element> &elements() const { return parts; }

  double height = 0.0;    ///< of the sheet; set before it is written
  std::string title = {}; ///< what it shows, for readers of screens and for a PDF's title

private:
  const Theme *sheetTheme;
  double sheetWidth;
  std::vector<Element> parts;
};

} // namespace nirc
