//===- MappingLayout.h - where chips and cores are in a picture -*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "passes/partition/Mapping.h"
#include "tools/pictures/Svg.h"

#include <vector>

namespace nirc {

/// Columns or rows that are shown: those that are used, and one more at either end, so that the
/// picture shows where there are more.
struct CoreRange {
  int32_t first = 0, end = 0, all = 0;
  int32_t count() const { return end - first; }
  bool goesOnAt(int32_t one) const {
    return (one == first && first > 0) || (one == end - 1 && end < all);
  }
};

/// Chips in rows, each a grid of cores; to their left what is outside. Lengths are in pixels.
class Layout {
public:
  static constexpr double side = 38; ///< of a core
  static constexpr double margin = 28;

  explicit Layout(const Mapping &mapping);

  const std::vector<int32_t> &chips() const { return chipNumbers; }
  bool hasRoomForUnused() const; ///< for an outline of each
  CoreRange columns() const { return shownColumns; }
  CoreRange rows() const { return shownRows; }
  Rectangle chipAt(int32_t chip) const;
  Rectangle placeOf(int32_t chip, int32_t column, int32_t row) const;
  Rectangle placeOf(int32_t core) const;
  Rectangle outside() const; ///< where the inputs come from
  double width() const { return wholeWidth; }
  double bottom() const; ///< of the last chips

private:
  const Mapping &mapping;
  std::vector<int32_t> chipNumbers;
  size_t chipsInRow = 1;
  CoreRange shownColumns, shownRows;
  double chipWidth, chipHeight;
  double left; ///< of the first chip
  double wholeWidth;
};

} // namespace nirc
