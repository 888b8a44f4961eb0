//===- Sheet.h - axes, legends and captions of a figure ---------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "tools/pictures/draw/Drawing.h"
#include "tools/pictures/draw/Ticks.h"

#include <string>
#include <string_view>
#include <vector>

namespace nirc {

/// How a figure is to look.
struct FigureStyle {
  bool isDark = false;
  double millimetres = columnMillimetres; ///< its width

  const Theme &theme() const { return isDark ? darkTheme() : lightTheme(); }
  double points() const { return millimetres * pointsPerMillimetre; }
};

/// Values along a line of the sheet, from `begin` to `end`.
struct Axis {
  double from = 0.0, to = 1.0;
  double begin = 0.0, end = 1.0; ///< in points
  bool isLog = false;

  double at(double value) const;
};

/// One entry of a legend.
struct LegendEntry {
  std::string name;
  Color color;
  enum class Mark : uint8_t { Line, Dashes, Dot, Ring, Box } mark = Mark::Line;
};

/// A drawing with what every figure has.
class Sheet {
public:
  static constexpr double margin = 4.0;

  explicit Sheet(const FigureStyle &style)
      : drawing(style.theme(), style.points()), theme(style.theme()) {}

  double left() const { return margin; }
  double right() const { return drawing.width() - margin; }

  /// A line below the axis with ticks, labels that do not touch each other, and the title.
  void bottomAxis(const Axis &axis, double y, const std::vector<Tick> &ticks,
                  const std::string &title);
  /// The same to the left; the title reads upwards at the left margin.
  void leftAxis(const Axis &axis, double x, const std::vector<Tick> &ticks,
                const std::string &title);
  /// What a bottom axis takes, and how far labels of these ticks reach to the left of an axis.
  static double bottomHeight(bool hasTitle) { return hasTitle ? 22.0 : 12.0; }
  static double leftWidth(const std::vector<Tick> &ticks, bool hasTitle);
  /// Faint lines across, at the ticks.
  void grid(const Axis &axis, const std::vector<Tick> &ticks, double from, double to,
            bool isUpright);

  /// A name in bold and what there is to say of it, on one line from x to the right; the name is
  /// shortened last.
  void heading(double x, double right, double baseline, const std::string &name,
               const std::string &rest);
  /// Entries one after the other, in as many rows as they need from `y` down. Returns the y below.
  double legend(double x, double right, double y, const std::vector<LegendEntry> &entries);
  /// Small text across the sheet from `y` down. It ends the sheet, and sets its height.
  void caption(double y, const std::string &text);

  Drawing drawing;
  const Theme &theme;
};

/// Lines that are at most as wide.
std::vector<std::string> wrapped(const std::string &text, double width, double size);

} // namespace nirc
