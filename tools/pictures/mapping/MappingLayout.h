//===- MappingLayout.h - where chips and cores are in a picture -*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "passes/partition/Mapping.h"
#include "tools/pictures/draw/Drawing.h"

#include <string>
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

/// Chips in rows, each a grid of cores; to their left what is outside, to their right what goes
/// there. Lengths are in points. The space between cores is for lines.
class MappingLayout {
public:
  static constexpr double margin = 4.0;

  /// As wide as is asked for, or wider where cores would be too small to be read. The chips are
  /// below `top`.
  /// `outputs`: the nodes whose spikes leave the network.
  MappingLayout(const Mapping &mapping, const std::vector<std::string> &outputs, double width,
                double top);

  const std::vector<int32_t> &chips() const { return chipNumbers; }
  bool hasRoomForUnused() const; ///< for an outline of each
  CoreRange columns() const { return shownColumns; }
  CoreRange rows() const { return shownRows; }
  Rectangle chipAt(int32_t chip) const;
  Rectangle placeOf(int32_t chip, int32_t column, int32_t row) const;
  Rectangle placeOf(int32_t core) const;
  Rectangle input() const;                    ///< where spikes come from
  Rectangle output() const;                   ///< where they go
  double side() const { return 0.6 * pitch; } ///< of a core
  double gap() const { return 0.4 * pitch; }  ///< between two
  double width() const { return wholeWidth; }
  double bottom() const; ///< of the last chips
  bool feedsOutput(int32_t core, const std::vector<std::string> &outputs) const;

private:
  double fittingPitch(double width, size_t inRow) const;

  const Mapping &mapping;
  int32_t lastCore = -1; ///< whose spikes leave
  std::vector<int32_t> chipNumbers;
  CoreRange shownColumns, shownRows;
  double top, left, right; ///< of chips, and what is kept free to their right
  size_t chipsInRow = 1;
  double pitch = 0.0; ///< from a core to the next
  double chipWidth = 0.0, chipHeight = 0.0, wholeWidth = 0.0;
};

} // namespace nirc
