//===- Roofline.cpp - how fast weights are read, as a figure --------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/pictures/charts/Roofline.h"

#include "tools/pictures/draw/Font.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace nirc {

constexpr double plotHeight = 120.0;

static std::vector<Tick> inUnit(std::vector<Tick> ticks, const char *ending) {
  for (Tick &tick : ticks) {
    tick.label = tick.label.empty() ? "" : bytesLabel(tick.value) + ending;
  }
  return ticks;
}

/// From decade to decade: a name at each tick between them would not fit.
static std::vector<Tick> decades(double from, double to) {
  std::vector<Tick> marked = logTicks(from, to);
  for (Tick &tick : marked) {
    double power = std::log10(tick.value);
    if (std::abs(power - std::round(power)) > 1e-9) {
      tick.label.clear();
    }
  }
  return marked;
}

/// Names of the nodes that take most time, where they hide no other.
static void labels(Sheet &sheet, const std::vector<RooflinePicture::Node> &nodes, const Axis &bytes,
                   const Axis &rate) {
  std::vector<Rectangle> taken;
  for (const RooflinePicture::Node &node : nodes) {
    Point here{bytes.at(node.bytes), rate.at(node.rate)};
    double width = textWidth(node.name, sizes.tick);
    bool isLeft = here.x + 6.0 + width > sheet.right();
    Rectangle place{isLeft ? here.x - 6.0 - width : here.x + 6.0, here.y - sizes.tick / 2, width,
                    sizes.tick};
    bool isFree = std::none_of(taken.begin(), taken.end(), [&](const Rectangle &other) {
      return place.x < other.right() + 2.0 && other.x < place.right() + 2.0 &&
             place.y < other.bottom() + 0.5 && other.y < place.bottom() + 0.5;
    });
    if (isFree) {
      sheet.drawing.add({place.x, here.y + 0.36 * sizes.tick}, node.name,
                        {.color = sheet.theme.ink, .size = sizes.tick, .halo = sheet.theme.paper});
      taken.push_back(place);
    }
  }
}

Drawing rooflineFigure(const RooflinePicture &picture, const FigureStyle &style) {
  Sheet sheet(style);
  sheet.drawing.title = "How fast weights are read, and how fast this machine reads";
  double fewest = 1e300, most = 0.0, slowest = 1e300, fastest = 0.0;
  auto take = [&](double bytes, double rate) {
    fewest = std::min(fewest, bytes);
    most = std::max(most, bytes);
    slowest = std::min(slowest, rate);
    fastest = std::max(fastest, rate);
  };
  for (const RooflinePicture::Node &node : picture.nodes) {
    take(node.bytes, node.rate);
  }
  for (const RooflinePicture::Roof &roof : picture.roof) {
    take(roof.bytes, roof.rate);
  }
  double from = fewest / 1.5, to = most * 1.5, low = slowest / 1.5, high = fastest * 1.5;
  std::vector<Tick> rateTicks = inUnit(logTicks(low, high), "/s");
  std::vector<Tick> byteTicks = inUnit(decades(from, to), "");
  double x = sheet.left() + Sheet::leftWidth(rateTicks, true);
  double top = sheet.legend(x, sheet.right(), Sheet::margin,
                            {{"a connection", sheet.theme.line(0), LegendEntry::Mark::Dot},
                             {"what one thread can read", sheet.theme.line(1)}}) +
               4.0;
  Axis bytes{from, to, x, sheet.right() - 2.0, true}, rate{low, high, top + plotHeight, top, true};
  sheet.grid(rate, rateTicks, x, bytes.end, false);
  Path roof;
  for (const RooflinePicture::Roof &one : picture.roof) {
    Point here{bytes.at(one.bytes), rate.at(one.rate)};
    if (roof.isEmpty()) {
      roof.move({bytes.begin, here.y});
    }
    roof.line(here);
  }
  if (!picture.roof.empty()) {
    roof.line({bytes.end, rate.at(picture.roof.back().rate)});
  }
  sheet.drawing.begin({"roof", {}});
  sheet.drawing.add(std::move(roof), {.stroke = sheet.theme.line(1), .width = widths.strong});
  sheet.drawing.end();
  std::vector<RooflinePicture::Node> nodes = picture.nodes;
  std::sort(nodes.begin(), nodes.end(), [](const auto &a, const auto &b) {
    return a.share != b.share ? a.share > b.share : a.name < b.name;
  });
  for (const RooflinePicture::Node &node : nodes) {
    sheet.drawing.begin({"node", {{"node", node.name}}});
    sheet.drawing.add(std::move(Path().circle({bytes.at(node.bytes), rate.at(node.rate)},
                                              1.6 + 2.8 * std::sqrt(node.share))),
                      {.fill = sheet.theme.line(0), .opacity = 0.85});
    sheet.drawing.end();
  }
  labels(sheet, nodes, bytes, rate);
  sheet.leftAxis(rate, x, rateTicks, "rate of reading");
  sheet.bottomAxis(bytes, rate.begin, byteTicks, "weights read in a step");
  sheet.caption(rate.begin + Sheet::bottomHeight(true) + 3.0, picture.caption);
  return std::move(sheet.drawing);
}

} // namespace nirc
