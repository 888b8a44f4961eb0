//===- Flow.h - which nodes send to which, as arcs --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "tools/pictures/draw/Sheet.h"

#include <utility>
#include <vector>

namespace nirc {

/// Rows one below the other, and which sends to which.
struct Flow {
  double top = 0.0, rowHeight = 0.0;
  double left = 0.0, right = 0.0;               ///< of what is written in the rows
  std::vector<std::pair<size_t, size_t>> edges; ///< by row, from and to
};

/// Room to the left that arcs back need, and to the right that arcs down need.
double roomForArcs(const Flow &flow, bool isForward);

/// Arcs beside the rows: to the right those that go down, to the left those that go back or to the
/// same row.
void drawFlow(Sheet &sheet, const Flow &flow);

} // namespace nirc
