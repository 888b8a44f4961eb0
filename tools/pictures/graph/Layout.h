//===- Layout.h - where the nodes of a graph are ----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "tools/pictures/graph/GraphPicture.h"

#include <optional>

namespace nirc {

/// Places in points, from the upper left corner.
struct GraphLayout {
  double width = 0.0, height = 0.0;
  std::vector<Rectangle> nodes;
  std::vector<std::optional<Rectangle>> clusters; ///< nothing for those that are not shown
  /// Of each edge: a point, then three for each curve; and the tip of its head.
  struct Way {
    std::vector<Point> points;
    Point tip;
  };
  std::vector<Way> edges;
};

/// By Graphviz's dot; `sizes` of the nodes, and of the clusters the widths of their names.
nir::Result<GraphLayout> layoutOf(const GraphPicture &picture, const std::vector<Point> &sizes,
                                  const std::vector<double> &names);

} // namespace nirc
