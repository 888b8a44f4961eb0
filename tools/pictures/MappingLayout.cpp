//===- MappingLayout.cpp - where chips and cores are in a picture ---------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/pictures/MappingLayout.h"

#include "tools/text/Figures.h"

#include <algorithm>
#include <cmath>

namespace nirc {

constexpr double pitch = 62; ///< from a core to the next
constexpr double titleHeight = 96, outsideWidth = 76, leastWidth = 560;
constexpr double chipLeft = 16, chipTop = 32, chipGap = 34;
/// Shown of a chip at least, however few cores of it are used.
constexpr int32_t leastColumns = 6, leastRows = 3;

/// Of `all`, around those that `place` says of each core.
static CoreRange rangeAround(const Mapping &mapping, int32_t Mapping::Core::*place, int32_t all,
                             int32_t least) {
  int32_t first = all, end = 0;
  for (const Mapping::Core &core : mapping.cores) {
    first = std::min(first, core.*place - 1);
    end = std::max(end, std::min(core.*place, all - 1) + 1);
  }
  end += end > 0 && end < all;
  first = std::clamp(end == 0 ? 0 : first, 0, std::max(all - least, 0));
  return {first, std::min(std::max(end, first + least), all), all};
}

/// So many that the picture is nearly twice as wide as it is high.
static size_t chipsSideBySide(size_t chips, double chipWidth, double chipHeight) {
  double even = std::sqrt(static_cast<double>(chips) * 1.8 * chipHeight / chipWidth);
  return std::clamp(static_cast<size_t>(std::ceil(even)), std::min<size_t>(chips, 2), chips);
}

Layout::Layout(const Mapping &mapping)
    : mapping(mapping), chipNumbers(chipsOf(mapping)),
      shownColumns(
          rangeAround(mapping, &Mapping::Core::column, mapping.grid.columns, leastColumns)),
      shownRows(rangeAround(mapping, &Mapping::Core::row, mapping.grid.rows, leastRows)),
      chipWidth(2 * chipLeft + shownColumns.count() * pitch),
      chipHeight(chipTop + chipLeft + shownRows.count() * pitch),
      left(margin + (mapping.inputs.empty() ? 0.0 : outsideWidth)) {
  if (chipNumbers.empty()) {
    chipNumbers = {0};
  }
  chipsInRow = chipsSideBySide(chipNumbers.size(), chipWidth, chipHeight);
  wholeWidth = std::max(leastWidth, left + static_cast<double>(chipsInRow) * (chipWidth + chipGap) -
                                        chipGap + margin);
}

Rectangle Layout::chipAt(int32_t chip) const {
  auto found = std::lower_bound(chipNumbers.begin(), chipNumbers.end(), chip);
  auto place = static_cast<size_t>(found - chipNumbers.begin());
  size_t column = place % chipsInRow, row = place / chipsInRow;
  return {left + static_cast<double>(column) * (chipWidth + chipGap),
          titleHeight + static_cast<double>(row) * (chipHeight + chipGap), chipWidth, chipHeight};
}

Rectangle Layout::placeOf(int32_t chip, int32_t column, int32_t row) const {
  Rectangle around = chipAt(chip);
  double inset = (pitch - side) / 2;
  return {around.x + chipLeft + (column - shownColumns.first) * pitch + inset,
          around.y + chipTop + (row - shownRows.first) * pitch + inset, side, side};
}

Rectangle Layout::placeOf(int32_t core) const {
  const Mapping::Core &which = mapping.cores[core];
  return placeOf(which.chip, which.column, which.row);
}

bool Layout::hasRoomForUnused() const {
  return static_cast<double>(chipNumbers.size()) * shownColumns.count() * shownRows.count() < 1e5;
}

Rectangle Layout::outside() const {
  double sum = 0.0;
  for (Mapping::Route route : mapping.inputs) {
    sum += placeOf(route.to).center().y;
  }
  auto routes = static_cast<double>(std::max<size_t>(mapping.inputs.size(), 1));
  return {margin - 8, sum / routes - 19, 54, 38};
}

double Layout::bottom() const {
  Rectangle last = chipAt(chipNumbers.back());
  return last.y + last.height;
}

} // namespace nirc
