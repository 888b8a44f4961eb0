//===- Front.cpp - formats by memory and score, as a figure ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/pictures/charts/Front.h"

#include "tools/pictures/draw/Font.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace nirc {

constexpr double plotHeight = 120.0;

namespace {
struct Plot {
  Sheet sheet;
  Axis bytes, score;
  std::vector<Tick> byteTicks, scoreTicks;

  Point at(const FrontPicture::Point &point) const {
    return {bytes.at(point.bytes), score.at(point.score)};
  }
};
} // namespace

/// The range of scores with some space around it, and that of float64 within.
static std::pair<double, double> scoreRange(const FrontPicture &picture) {
  double least = picture.floatScore.value_or(picture.points.front().score), most = least;
  for (const FrontPicture::Point &point : picture.points) {
    least = std::min(least, point.score);
    most = std::max(most, point.score);
  }
  double slack = std::max(0.08 * (most - least), 0.5);
  return {least - (least - slack < 0.0 ? least : slack), most + slack};
}

static std::vector<Tick> byteTicksOf(double from, double to) {
  // Of less than a decade few powers would have a name.
  std::vector<Tick> marked = to < 5.0 * from ? ticks(from, to, 5) : logTicks(from, to);
  for (Tick &tick : marked) {
    tick.label = tick.label.empty() ? "" : bytesLabel(tick.value);
  }
  return marked;
}

static void lines(Plot &plot, const FrontPicture &picture) {
  Drawing &drawing = plot.sheet.drawing;
  auto across = [&](double score, Color color, double dash) {
    double y = plot.score.at(score);
    drawing.add(std::move(Path().move({plot.bytes.begin, y}).line({plot.bytes.end, y})),
                {.stroke = color, .width = widths.line, .dash = dash});
  };
  if (picture.floatScore) {
    across(*picture.floatScore, plot.sheet.theme.ink, 0.0);
  }
  if (picture.wished && *picture.wished >= plot.score.from && *picture.wished <= plot.score.to) {
    across(*picture.wished, plot.sheet.theme.muted, 2.0);
  }
}

/// From each point of the front to the next: more bytes first, then the better score.
static void front(Plot &plot, std::vector<FrontPicture::Point> on) {
  Path path;
  for (size_t i = 0; i < on.size(); ++i) {
    Point here = plot.at(on[i]);
    i == 0 ? path.move(here) : path.line({here.x, plot.at(on[i - 1]).y}).line(here);
  }
  plot.sheet.drawing.begin({"front", {}});
  plot.sheet.drawing.add(std::move(path),
                         {.stroke = plot.sheet.theme.line(0), .width = widths.strong});
  plot.sheet.drawing.end();
}

/// Labels beside the points of the front, where they hide none before.
static void labels(Plot &plot, const std::vector<FrontPicture::Point> &on, bool isMoreBetter) {
  std::vector<Rectangle> taken;
  for (const FrontPicture::Point &point : on) {
    Point here = plot.at(point);
    double width = textWidth(point.label, sizes.tick), height = sizes.tick;
    bool isAbove = isMoreBetter || here.y + 6.0 + height > plot.score.begin;
    double dy = isAbove ? -4.0 : 4.0 + height * 0.75;
    Rectangle place{here.x - width - 3.0, here.y + dy - height, width, height};
    if (place.x < plot.bytes.begin + 2.0) {
      place.x = here.x + 4.0;
    }
    bool isFree = std::none_of(taken.begin(), taken.end(), [&](const Rectangle &other) {
      return place.x < other.right() + 2.0 && other.x < place.right() + 2.0 &&
             place.y < other.bottom() && other.y < place.bottom();
    });
    if (isFree || point.isProposed) {
      plot.sheet.drawing.add({place.x, place.bottom()}, point.label,
                             {.color = plot.sheet.theme.ink,
                              .size = sizes.tick,
                              .isBold = point.isProposed,
                              .halo = plot.sheet.theme.paper});
      taken.push_back(place);
    }
  }
}

static void points(Plot &plot, const FrontPicture &picture) {
  Drawing &drawing = plot.sheet.drawing;
  for (const FrontPicture::Point &point : picture.points) {
    drawing.begin({point.isProposed  ? "point front proposed"
                   : point.isOnFront ? "point front"
                                     : "point",
                   {{"format", point.label},
                    {"bytes", fmt::format("{:.0f}", point.bytes)},
                    {"score", fmt::format("{:.6g}", point.score)}}});
    drawing.add(std::move(Path().circle(plot.at(point), point.isOnFront ? 2.2 : 1.8)),
                {.fill = point.isOnFront ? plot.sheet.theme.line(0) : plot.sheet.theme.muted,
                 .opacity = point.isOnFront ? 1.0 : 0.6});
    if (point.isProposed) {
      drawing.add(std::move(Path().circle(plot.at(point), 4.2)),
                  {.stroke = plot.sheet.theme.line(1), .width = widths.strong});
    }
    drawing.end();
  }
}

static std::vector<LegendEntry> legendOf(const Plot &plot, const FrontPicture &picture) {
  using Mark = LegendEntry::Mark;
  const Theme &theme = plot.sheet.theme;
  std::vector<LegendEntry> entries = {{"front: weight/state bits", theme.line(0), Mark::Dot},
                                      {"others", theme.muted, Mark::Dot}};
  if (!picture.proposed.empty()) {
    entries.push_back({picture.proposed, theme.line(1), Mark::Ring});
  }
  if (picture.floatScore) {
    entries.push_back({"float64", theme.ink, Mark::Line});
  }
  if (picture.wished) {
    entries.push_back({"tolerance", theme.muted, Mark::Dashes});
  }
  return entries;
}

Drawing frontFigure(const FrontPicture &picture, const FigureStyle &style) {
  Plot plot{Sheet(style), {}, {}, {}, {}};
  plot.sheet.drawing.title = "Number formats by memory and score";
  if (picture.points.empty()) {
    plot.sheet.caption(Sheet::margin, "No format could be run. " + picture.caption);
    return std::move(plot.sheet.drawing);
  }
  auto [least, most] =
      std::minmax_element(picture.points.begin(), picture.points.end(),
                          [](const auto &a, const auto &b) { return a.bytes < b.bytes; });
  double from = std::max(least->bytes, 1.0) / 1.15, to = std::max(most->bytes, 1.0) * 1.15;
  auto [low, high] = scoreRange(picture);
  plot.scoreTicks = ticks(low, high, 6);
  plot.byteTicks = byteTicksOf(from, to);
  double x = plot.sheet.left() + Sheet::leftWidth(plot.scoreTicks, true);
  double top = plot.sheet.legend(x, plot.sheet.right(), Sheet::margin, legendOf(plot, picture)) + 4;
  plot.bytes = {from, to, x, plot.sheet.right() - 2.0, true};
  plot.score = {low, high, top + plotHeight, top};
  plot.sheet.grid(plot.score, plot.scoreTicks, x, plot.bytes.end, false);
  lines(plot, picture);
  std::vector<FrontPicture::Point> on;
  std::copy_if(picture.points.begin(), picture.points.end(), std::back_inserter(on),
               [](const FrontPicture::Point &point) { return point.isOnFront; });
  std::sort(on.begin(), on.end(), [](const auto &a, const auto &b) {
    return std::pair(a.bytes, a.score) < std::pair(b.bytes, b.score);
  });
  front(plot, on);
  points(plot, picture);
  labels(plot, on, picture.isMoreBetter);
  plot.sheet.leftAxis(plot.score, x, plot.scoreTicks, picture.scoreTitle);
  plot.sheet.bottomAxis(plot.bytes, plot.score.begin, plot.byteTicks, "memory");
  plot.sheet.caption(plot.score.begin + Sheet::bottomHeight(true) + 3.0, picture.caption);
  return std::move(plot.sheet.drawing);
}

} // namespace nirc
