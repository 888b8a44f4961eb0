//===- Wires.cpp - lines between cores ------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/pictures/mapping/Wires.h"

#include <algorithm>
#include <cmath>

namespace nirc {

static int64_t keyOf(double middle) { return std::lround(10.0 * middle); }

bool Wires::areNeighbours(const Rectangle &from, const Rectangle &to) const {
  double x = std::abs(from.x - to.x), y = std::abs(from.y - to.y);
  return std::max(x, y) < layout.side() + layout.gap() + 0.1 && std::min(x, y) < 0.1;
}

/// From a core first into the horizontal channel above or below it, along it, and then along the
/// vertical channel beside the other. From outside first along the trunk beside all chips.
Wires::Way Wires::wayBetween(int32_t from, int32_t to) const {
  double half = layout.gap() / 2;
  Rectangle a = from == outside ? layout.input() : layout.placeOf(from);
  Rectangle b = to == outside ? layout.output() : layout.placeOf(to);
  if (from == to || (from != outside && to != outside && areNeighbours(a, b))) {
    return {};
  }
  if (from == outside) {
    return {b.y - half, b.x - half};
  }
  if (to == outside) {
    return {a.bottom() + half, {}};
  }
  bool isBelow = b.y >= a.y - 0.1, isRight = b.x > a.x + 0.1;
  return {isBelow ? a.bottom() + half : a.y - half, isRight ? b.x - half : b.right() + half};
}

void Wires::reserve(int32_t from, int32_t to) {
  if (from == outside || to == outside) {
    return; // those of one end are one tree
  }
  Way way = wayBetween(from, to);
  if (way.across) {
    ++acrossLanes[keyOf(*way.across)].count;
    ++downLanes[keyOf(*way.down)].count;
  }
}

/// The next lane of a channel, in the order of use. Of very many several share one.
double Wires::lane(std::map<int64_t, Lanes> &channels, double middle) const {
  auto found = channels.find(keyOf(middle));
  if (found == channels.end() || found->second.count == 0) {
    return middle;
  }
  Lanes &lanes = found->second;
  constexpr int64_t most = 9;
  int64_t count = std::min(lanes.count, most), number = lanes.used++ % count;
  double spread = std::min(0.7 * layout.gap(), 3.0 * static_cast<double>(count - 1));
  double share =
      count == 1 ? 0.0 : static_cast<double>(number) / static_cast<double>(count - 1) - 0.5;
  return middle + spread * share;
}

/// A line between two cores side by side; both directions have a place.
static std::vector<Point> straight(const Rectangle &from, const Rectangle &to) {
  double shift = from.width / 5;
  if (std::abs(from.y - to.y) < 0.1) {
    bool isRight = to.x > from.x;
    double y = from.center().y + (isRight ? -shift : shift);
    return {{isRight ? from.right() : from.x, y}, {isRight ? to.x : to.right(), y}};
  }
  bool isDown = to.y > from.y;
  double x = from.center().x + (isDown ? shift : -shift);
  return {{x, isDown ? from.bottom() : from.y}, {x, isDown ? to.y : to.bottom()}};
}

std::vector<Point> Wires::between(int32_t from, int32_t to) {
  double half = layout.gap() / 2;
  if (from == to) {
    Rectangle core = layout.placeOf(from);
    double x = core.right() + 0.7 * half, y = core.y - 0.7 * half;
    return {{core.right() - 0.25 * core.width, core.y},
            {core.right() - 0.25 * core.width, y},
            {x, y},
            {x, core.y + 0.25 * core.width},
            {core.right(), core.y + 0.25 * core.width}};
  }
  Way way = wayBetween(from, to);
  if (from == outside) {
    Rectangle a = layout.input(), b = layout.placeOf(to);
    double trunk = a.right() + 5.0, y = b.center().y - 0.15 * b.width;
    Rectangle first =
        layout.placeOf(layout.chips().front(), layout.columns().first, layout.rows().first);
    if (std::abs(b.x - first.x) < 0.1) { // nothing is between
      return {{a.right(), a.center().y}, {trunk, a.center().y}, {trunk, y}, {b.x, y}};
    }
    return {{a.right(), a.center().y}, {trunk, a.center().y}, {trunk, *way.across},
            {*way.down, *way.across},  {*way.down, y},        {b.x, y}};
  }
  Rectangle a = layout.placeOf(from);
  if (to == outside) {
    Rectangle b = layout.output();
    double trunk = b.x - 6.0, x = a.center().x + 0.3 * a.width;
    return {{x, a.bottom()},
            {x, *way.across},
            {trunk, *way.across},
            {trunk, b.center().y},
            {b.x, b.center().y}};
  }
  Rectangle b = layout.placeOf(to);
  if (!way.across) {
    return straight(a, b);
  }
  double y = lane(acrossLanes, *way.across), x = lane(downLanes, *way.down);
  // Where it leaves and enters follows the lanes, so that lines to several cores part outside.
  double out = a.center().x + (x > a.center().x ? 1.0 : -1.0) * 0.12 * a.width;
  double in = b.center().y + (y > b.center().y ? 1.0 : -1.0) * 0.2 * b.width;
  bool isRight = x < b.center().x;
  return {{out, y > a.y ? a.bottom() : a.y},
          {out, y},
          {x, y},
          {x, in},
          {isRight ? b.x : b.right(), in}};
}

/// So far towards `to` from `from`.
static Point towards(Point from, Point to, double length) {
  double whole = std::max(std::hypot(to.x - from.x, to.y - from.y), 1e-9);
  return {from.x + (to.x - from.x) * length / whole, from.y + (to.y - from.y) * length / whole};
}

void drawWire(Drawing &drawing, const std::vector<Point> &points, double width, Color color,
              double opacity) {
  constexpr double mostRadius = 3.0;
  Point tip = points.back(), before = points[points.size() - 2];
  double last = std::hypot(tip.x - before.x, tip.y - before.y);
  double head = std::min(2.6 + 1.2 * width, 0.9 * last), wide = 0.55 * head;
  Path line;
  line.move(points.front());
  for (size_t i = 1; i + 1 < points.size(); ++i) {
    Point here = points[i];
    double into = std::hypot(here.x - points[i - 1].x, here.y - points[i - 1].y);
    double out = std::hypot(points[i + 1].x - here.x, points[i + 1].y - here.y);
    double radius = std::min({mostRadius, into / 2, out / 2});
    Point start = towards(here, points[i - 1], radius), end = towards(here, points[i + 1], radius);
    line.line(start).curve(towards(here, start, radius * 0.45), towards(here, end, radius * 0.45),
                           end);
  }
  Point base = towards(tip, before, head);
  line.line(base);
  drawing.add(std::move(line), {.stroke = color, .width = width, .opacity = opacity});
  double x = (tip.x - base.x) / std::max(head, 1e-9), y = (tip.y - base.y) / std::max(head, 1e-9);
  drawing.add(std::move(Path()
                            .move(tip)
                            .line({base.x - wide * y, base.y + wide * x})
                            .line({base.x + wide * y, base.y - wide * x})
                            .close()),
              {.fill = color, .opacity = opacity});
}

} // namespace nirc
