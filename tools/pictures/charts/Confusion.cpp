//===- Confusion.cpp - what classes were taken for, as a figure -----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/pictures/charts/Confusion.h"

#include "tools/pictures/draw/Font.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

namespace nirc {

/// Beyond these the squares have no numbers, and are pixels of an image.
constexpr size_t mostNumbers = 24, mostSquares = 100;

namespace {
class ConfusionSheet {
public:
  ConfusionSheet(const ConfusionPicture &picture, const FigureStyle &style)
      : picture(picture), sheet(style), classes(picture.classes.size()) {}
  Drawing draw();

private:
  Color colorOf(double share) const {
    return share > 0.0 ? mixed(sheet.theme.paper, sheet.theme.line(0), 0.12 + 0.88 * share)
                       : sheet.theme.panel;
  }
  double shareOf(size_t row, size_t column) const;
  void drawSquares();
  void drawNumbers(size_t row, size_t column);
  void drawImage();
  void drawLabels();
  double drawScale(double y);
  std::string nameOf(size_t number, double width) const {
    return fitted(picture.classes[number], width, sizes.tick);
  }

  const ConfusionPicture &picture;
  Sheet sheet;
  size_t classes;
  Rectangle area;          ///< of all squares
  double side = 0.0;       ///< of a square
  bool areUpright = false; ///< the names below
};
} // namespace

double ConfusionSheet::shareOf(size_t row, size_t column) const {
  int64_t all = 0;
  for (size_t i = 0; i < classes; ++i) {
    all += picture.at(row, i);
  }
  return all ? static_cast<double>(picture.at(row, column)) / static_cast<double>(all) : 0.0;
}

void ConfusionSheet::drawNumbers(size_t row, size_t column) {
  int64_t count = picture.at(row, column);
  if (count == 0) {
    return;
  }
  Color behind = colorOf(shareOf(row, column));
  Color ink = contrast(behind, sheet.theme.ink) >= contrast(behind, sheet.theme.paper)
                  ? sheet.theme.ink
                  : sheet.theme.paper;
  std::string text = fmt::format("{}", count);
  double size = std::min(sizes.tick, (side - 1.5) / textWidth(text, 1.0));
  if (size >= 3.5) {
    sheet.drawing.add({area.x + (static_cast<double>(column) + 0.5) * side,
                       area.y + (static_cast<double>(row) + 0.5) * side + 0.36 * size},
                      text, {.color = ink, .size = size, .anchor = Anchor::Middle});
  }
}

void ConfusionSheet::drawSquares() {
  double gap = side > 8.0 ? 0.6 : 0.2;
  for (size_t row = 0; row < classes; ++row) {
    for (size_t column = 0; column < classes; ++column) {
      Rectangle at{area.x + static_cast<double>(column) * side,
                   area.y + static_cast<double>(row) * side, side - gap, side - gap};
      sheet.drawing.begin({"square",
                           {{"class", picture.classes[row]},
                            {"answer", picture.classes[column]},
                            {"count", fmt::format("{}", picture.at(row, column))}}});
      sheet.drawing.add(std::move(Path().rectangle(at)), {.fill = colorOf(shareOf(row, column))});
      if (classes <= mostNumbers) {
        drawNumbers(row, column);
      }
      sheet.drawing.end();
    }
  }
}

void ConfusionSheet::drawImage() {
  auto size = static_cast<int32_t>(classes);
  Pixels pixels{size, size, {}};
  for (size_t row = 0; row < classes; ++row) {
    for (size_t column = 0; column < classes; ++column) {
      pixels.colors.push_back(colorOf(shareOf(row, column)));
    }
  }
  sheet.drawing.add(area, std::move(pixels));
}

/// Every name, or of many so many that they do not touch each other.
void ConfusionSheet::drawLabels() {
  auto each = static_cast<size_t>(std::max(1.0, std::ceil((sizes.tick + 1.0) / side)));
  for (size_t i = 0; i < classes; i += each) {
    double middle = (static_cast<double>(i) + 0.5) * side;
    sheet.drawing.add({area.x - 3.0, area.y + middle + 0.36 * sizes.tick},
                      nameOf(i, area.x - sheet.left() - 13.0),
                      {.color = sheet.theme.muted, .size = sizes.tick, .anchor = Anchor::End});
    if (areUpright) {
      sheet.drawing.add({area.x + middle + 0.36 * sizes.tick, area.bottom() + 3.0}, nameOf(i, 48.0),
                        {.color = sheet.theme.muted,
                         .size = sizes.tick,
                         .anchor = Anchor::End,
                         .isUpwards = true});
    } else {
      sheet.drawing.add({area.x + middle, area.bottom() + 8.0}, nameOf(i, 48.0),
                        {.color = sheet.theme.muted, .size = sizes.tick, .anchor = Anchor::Middle});
    }
  }
}

/// What the shades stand for, from nothing to all of a row. Returns the y below.
double ConfusionSheet::drawScale(double y) {
  constexpr int shades = 5;
  constexpr double width = 14.0, height = 5.0;
  double x = area.x;
  for (int i = 0; i < shades; ++i) {
    sheet.drawing.add(std::move(Path().rectangle({x + i * width, y, width, height})),
                      {.fill = colorOf(static_cast<double>(i) / (shades - 1))});
  }
  sheet.drawing.add({x - 3.0, y + height}, "0",
                    {.color = sheet.theme.muted, .size = sizes.tick, .anchor = Anchor::End});
  sheet.drawing.add({x + shades * width + 3.0, y + height}, "100 % of the class",
                    {.color = sheet.theme.muted, .size = sizes.tick});
  return y + height;
}

Drawing ConfusionSheet::draw() {
  sheet.drawing.title = "What the samples of each class were taken for";
  double longest = 0.0;
  for (const std::string &name : picture.classes) {
    longest = std::max(longest, std::min(textWidth(name, sizes.tick), 48.0));
  }
  constexpr double ofTitle = 11.0;
  double x = sheet.left() + ofTitle + longest + 4.0;
  double room = std::min(sheet.right() - x, 300.0);
  side = std::min(room / static_cast<double>(std::max<size_t>(classes, 1)), 24.0);
  double extent = side * static_cast<double>(classes);
  area = {x, Sheet::margin, extent, extent};
  areUpright = longest > side - 2.0;
  classes <= mostSquares ? drawSquares() : drawImage();
  drawLabels();
  TextLook look{.color = sheet.theme.ink, .size = sizes.label, .anchor = Anchor::Middle};
  double below = area.bottom() + (areUpright ? longest + 5.0 : 10.0);
  sheet.drawing.add({area.center().x, below + sizes.label}, "taken for", look);
  look.isUpwards = true;
  sheet.drawing.add({sheet.left() + sizes.label * 0.75, area.center().y}, "class", look);
  double y = drawScale(below + sizes.label + 6.0);
  sheet.caption(y + 5.0, picture.caption);
  return std::move(sheet.drawing);
}

Drawing confusionFigure(const ConfusionPicture &picture, const FigureStyle &style) {
  return ConfusionSheet(picture, style).draw();
}

} // namespace nirc
