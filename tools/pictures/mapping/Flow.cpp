//===- Flow.cpp - which nodes send to which, as arcs ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/pictures/mapping/Flow.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace nirc {

static double rowsBetween(const std::pair<size_t, size_t> &edge) {
  return std::abs(static_cast<double>(edge.first) - static_cast<double>(edge.second));
}

static double reachOf(double rows) { return 7.0 + 9.0 * std::sqrt(rows); }

static bool isForward(const std::pair<size_t, size_t> &edge) { return edge.second > edge.first; }

double roomForArcs(const Flow &flow, bool forward) {
  double room = 0.0;
  for (const auto &edge : flow.edges) {
    if (isForward(edge) == forward) {
      room = std::max(room, 3.0 + reachOf(rowsBetween(edge)));
    }
  }
  return room;
}

static void drawArc(Sheet &sheet, const Flow &flow, const std::pair<size_t, size_t> &edge) {
  bool down = isForward(edge);
  auto rowAt = [&](size_t row) {
    return flow.top + flow.rowHeight * (static_cast<double>(row) + 0.5);
  };
  double shift = 0.2 * flow.rowHeight;
  double from = rowAt(edge.first) + (down ? shift : -shift);
  double to = rowAt(edge.second) + (down ? -shift : shift);
  double sign = down ? 1.0 : -1.0, side = down ? flow.right + 3.0 : flow.left - 3.0;
  double reach = sign * reachOf(rowsBetween(edge));
  constexpr double head = 4.0, half = 1.8;
  Color color = sheet.theme.line(down ? 0 : 1);
  sheet.drawing.begin(
      {"arc", {{"from", fmt::format("{}", edge.first)}, {"to", fmt::format("{}", edge.second)}}});
  sheet.drawing.add(
      std::move(Path()
                    .move({side, from})
                    .curve({side + reach, from}, {side + reach, to}, {side + sign * head, to})),
      {.stroke = color, .width = 0.9, .opacity = 0.85});
  sheet.drawing.add(std::move(Path()
                                  .move({side, to})
                                  .line({side + sign * head, to - half})
                                  .line({side + sign * head, to + half})
                                  .close()),
                    {.fill = color});
  sheet.drawing.end();
}

void drawFlow(Sheet &sheet, const Flow &flow) {
  for (const auto &edge : flow.edges) {
    drawArc(sheet, flow, edge);
  }
}

} // namespace nirc
