//===- Drawing.cpp - shapes and words on a sheet --------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/pictures/draw/Drawing.h"

#include <algorithm>

namespace nirc {

/// How far the control points of a quarter of a circle are from its ends, in radii: 4 (sqrt(2) -
/// 1) / 3, with which the curve is within 0.03 % of the circle.
constexpr double quarter = 0.5522847498;

Path &Path::rectangle(const Rectangle &at, double radius) {
  double r = std::min({radius, at.width / 2, at.height / 2}), c = r * (1.0 - quarter);
  double x = at.x, y = at.y, right = at.right(), bottom = at.bottom();
  if (r <= 0.0) {
    return move({x, y}).line({right, y}).line({right, bottom}).line({x, bottom}).close();
  }
  move({x + r, y}).line({right - r, y});
  curve({right - c, y}, {right, y + c}, {right, y + r}).line({right, bottom - r});
  curve({right, bottom - c}, {right - c, bottom}, {right - r, bottom}).line({x + r, bottom});
  curve({x + c, bottom}, {x, bottom - c}, {x, bottom - r}).line({x, y + r});
  return curve({x, y + c}, {x + c, y}, {x + r, y}).close();
}

Path &Path::circle(Point center, double radius) {
  return rectangle({center.x - radius, center.y - radius, 2 * radius, 2 * radius}, radius);
}

} // namespace nirc
