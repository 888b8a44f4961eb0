//===- Sheet.cpp - axes, legends and captions of a figure -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/pictures/draw/Sheet.h"

#include "tools/pictures/draw/Font.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nirc {

constexpr double tickLength = 2.5, tickGap = 1.8;

double Axis::at(double value) const {
  double share =
      isLog ? std::log(value / from) / std::log(to / from) : (value - from) / (to - from);
  return begin + (end - begin) * (std::isfinite(share) ? share : 0.5);
}

void Sheet::bottomAxis(const Axis &axis, double y, const std::vector<Tick> &ticks,
                       const std::string &title) {
  Path lines;
  lines.move({axis.begin, y}).line({axis.end, y});
  double free = -std::numeric_limits<double>::infinity();
  for (const Tick &tick : ticks) {
    double x = axis.at(tick.value);
    lines.move({x, y}).line({x, y + (tick.label.empty() ? tickLength / 2 : tickLength)});
    double half = textWidth(tick.label, sizes.tick) / 2;
    // The labels at the ends stay on the sheet.
    double middle = std::clamp(x, left() + half, std::max(right() - half, left() + half));
    if (!tick.label.empty() && middle - half >= free) {
      drawing.add({middle, y + tickLength + tickGap + sizes.tick * 0.75}, tick.label,
                  {.color = theme.muted, .size = sizes.tick, .anchor = Anchor::Middle});
      free = middle + half + 3.0;
    }
  }
  drawing.add(std::move(lines), {.stroke = theme.muted, .width = widths.axis});
  if (!title.empty()) {
    drawing.add({(axis.begin + axis.end) / 2, y + 20.0}, title,
                {.color = theme.ink, .size = sizes.label, .anchor = Anchor::Middle});
  }
}

double Sheet::leftWidth(const std::vector<Tick> &ticks, bool hasTitle) {
  double most = 0.0;
  for (const Tick &tick : ticks) {
    most = std::max(most, textWidth(tick.label, sizes.tick));
  }
  return most + tickLength + tickGap + (hasTitle ? sizes.label + 3.0 : 0.0);
}

void Sheet::leftAxis(const Axis &axis, double x, const std::vector<Tick> &ticks,
                     const std::string &title) {
  Path lines;
  lines.move({x, axis.begin}).line({x, axis.end});
  double free = std::numeric_limits<double>::infinity();
  for (const Tick &tick : ticks) { // from the bottom up
    double y = axis.at(tick.value);
    lines.move({x, y}).line({x - (tick.label.empty() ? tickLength / 2 : tickLength), y});
    if (!tick.label.empty() && y <= free) {
      drawing.add({x - tickLength - tickGap, y + sizes.tick * 0.36}, tick.label,
                  {.color = theme.muted, .size = sizes.tick, .anchor = Anchor::End});
      free = y - sizes.tick;
    }
  }
  drawing.add(std::move(lines), {.stroke = theme.muted, .width = widths.axis});
  if (!title.empty()) {
    drawing.add(
        {left() + sizes.label * 0.75, (axis.begin + axis.end) / 2}, title,
        {.color = theme.ink, .size = sizes.label, .anchor = Anchor::Middle, .isUpwards = true});
  }
}

void Sheet::grid(const Axis &axis, const std::vector<Tick> &ticks, double from, double to,
                 bool isUpright) {
  Path lines;
  for (const Tick &tick : ticks) {
    if (!tick.label.empty()) {
      double at = axis.at(tick.value);
      lines.move(isUpright ? Point{at, from} : Point{from, at});
      lines.line(isUpright ? Point{at, to} : Point{to, at});
    }
  }
  drawing.add(std::move(lines), {.stroke = theme.faint, .width = widths.hair});
}

void Sheet::heading(double x, double right, double baseline, const std::string &name,
                    const std::string &rest) {
  double ofRest = textWidth(rest, sizes.tick), gap = 4.0;
  std::string shown =
      fitted(name, std::max(right - x - ofRest - gap, 0.4 * (right - x)), sizes.label, true);
  drawing.add({x, baseline}, shown, {.color = theme.ink, .size = sizes.label, .isBold = true});
  double next = x + textWidth(shown, sizes.label, true) + gap;
  drawing.add({next, baseline}, fitted(rest, right - next, sizes.tick),
              {.color = theme.muted, .size = sizes.tick});
}

static void drawMark(Drawing &drawing, const LegendEntry &entry, Point middle) {
  using Mark = LegendEntry::Mark;
  Path path;
  switch (entry.mark) {
  case Mark::Line:
  case Mark::Dashes:
    path.move({middle.x - 5, middle.y}).line({middle.x + 5, middle.y});
    drawing.add(std::move(path), {.stroke = entry.color,
                                  .width = widths.strong,
                                  .dash = entry.mark == Mark::Dashes ? 2.0 : 0.0});
    break;
  case Mark::Dot:
    drawing.add(std::move(path.circle(middle, 2.2)), {.fill = entry.color});
    break;
  case Mark::Ring:
    drawing.add(std::move(path.circle(middle, 3.0)),
                {.stroke = entry.color, .width = widths.strong});
    break;
  case Mark::Box:
    drawing.add(std::move(path.rectangle({middle.x - 4, middle.y - 2.5, 8, 5}, 1)),
                {.fill = entry.color});
    break;
  }
}

double Sheet::legend(double x, double right, double y, const std::vector<LegendEntry> &entries) {
  constexpr double row = 9.0, ofMark = 14.0, gap = 8.0;
  double at = x;
  for (const LegendEntry &entry : entries) {
    std::string name = fitted(entry.name, right - x - ofMark, sizes.tick);
    double width = ofMark + textWidth(name, sizes.tick);
    if (at > x && at + width > right) {
      at = x;
      y += row;
    }
    drawMark(drawing, entry, {at + 5, y + row / 2});
    drawing.add({at + ofMark, y + row / 2 + sizes.tick * 0.36}, name,
                {.color = theme.ink, .size = sizes.tick});
    at += width + gap;
  }
  return entries.empty() ? y : y + row;
}

void Sheet::caption(double y, const std::string &text) {
  for (const std::string &line : wrapped(text, right() - left(), sizes.caption)) {
    y += sizes.caption * 1.3;
    drawing.add({left(), y}, line, {.color = theme.muted, .size = sizes.caption});
  }
  drawing.height = std::ceil(y + margin);
}

std::vector<std::string> wrapped(const std::string &text, double width, double size) {
  std::vector<std::string> lines;
  std::string line;
  for (size_t at = 0; at < text.size();) {
    size_t end = std::min(text.find(' ', at), text.size());
    std::string word = fitted(text.substr(at, end - at), width, size);
    at = end + 1;
    if (line.empty()) {
      line = word;
    } else if (textWidth(line + " " + word, size) <= width) {
      line.append(" ").append(word);
    } else {
      lines.push_back(std::exchange(line, word));
    }
  }
  if (!line.empty()) {
    lines.push_back(line);
  }
  return lines;
}

} // namespace nirc
