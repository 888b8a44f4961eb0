//===- Wires.h - lines between cores ----------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "tools/pictures/mapping/MappingLayout.h"

#include <map>

namespace nirc {

/// Finds ways for lines in the space between cores: no line crosses a core, so that each core that
/// a line touches sends or receives. Lines that share a channel lie side by side.
class Wires {
public:
  static constexpr int32_t outside = -1; ///< the input as a sender, the output as a receiver

  explicit Wires(const MappingLayout &layout) : layout(layout) {}

  /// Takes part in the lanes of the channels that it uses. Of all lines before any is drawn.
  void reserve(int32_t from, int32_t to);
  /// The line, with corners, and its last point, where an arrow's head is. `to` and `from` as in
  /// reserve; the same core twice is a loop.
  std::vector<Point> between(int32_t from, int32_t to);

private:
  /// A channel: the place of its middle, in tenths of a point, across it.
  struct Lanes {
    int64_t count = 0, used = 0;
  };
  struct Way {
    std::optional<double> across, down; ///< the middles of a horizontal and a vertical channel
  };

  Way wayBetween(int32_t from, int32_t to) const;
  double lane(std::map<int64_t, Lanes> &channels, double middle) const;
  bool areNeighbours(const Rectangle &from, const Rectangle &to) const;

  const MappingLayout &layout;
  std::map<int64_t, Lanes> acrossLanes, downLanes;
};

/// Draws a line through the points with rounded corners, and a head at its end.
void drawWire(Drawing &drawing, const std::vector<Point> &points, double width, Color color,
              double opacity);

} // namespace nirc
