//===- MappingLayout.cpp - where chips and cores are in a picture ---------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/pictures/mapping/MappingLayout.h"

#include "tools/text/Figures.h"

#include <algorithm>
#include <cmath>

namespace nirc {

constexpr double leastPitch = 22.0, mostPitch = 42.0;
constexpr double outsideWidth = 44.0; ///< the box for inputs or outputs, and its trunk
constexpr double chipSide = 6.0, chipTop = 15.0, chipGap = 12.0;
/// Shown of a chip at least, however few cores of it are used.
constexpr int32_t leastColumns = 4, leastRows = 2;

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

MappingLayout::MappingLayout(const Mapping &mapping, const std::vector<std::string> &outputs,
                             double width, double top)
    : mapping(mapping), chipNumbers(chipsOf(mapping)),
      shownColumns(
          rangeAround(mapping, &Mapping::Core::column, mapping.grid.columns, leastColumns)),
      shownRows(rangeAround(mapping, &Mapping::Core::row, mapping.grid.rows, leastRows)), top(top),
      left(margin + (mapping.inputs.empty() ? 0.0 : outsideWidth)),
      right(margin + (outputs.empty() ? 0.0 : outsideWidth)) {
  if (chipNumbers.empty()) {
    chipNumbers = {0};
  }
  for (int32_t core = 0; core < static_cast<int32_t>(mapping.cores.size()); ++core) {
    lastCore = feedsOutput(core, outputs) ? core : lastCore;
  }
  // As many chips side by side as have room; of those, so that the picture is not a tower.
  while (chipsInRow < chipNumbers.size() && fittingPitch(width, chipsInRow + 1) >= leastPitch) {
    ++chipsInRow;
  }
  auto chips = static_cast<double>(chipNumbers.size());
  double even = std::sqrt(chips * 1.8 * shownRows.count() / shownColumns.count());
  chipsInRow = std::min(chipsInRow, static_cast<size_t>(std::max(1.0, std::ceil(even))));
  pitch = std::clamp(fittingPitch(width, chipsInRow), leastPitch, mostPitch);
  chipWidth = 2 * chipSide + shownColumns.count() * pitch;
  chipHeight = chipTop + chipSide + shownRows.count() * pitch;
  double chipsWidth = static_cast<double>(chipsInRow) * (chipWidth + chipGap) - chipGap;
  constexpr double leastWidth = 240.0; // of text below the chips
  wholeWidth = std::max(leastWidth, left + chipsWidth + right);
}

bool MappingLayout::feedsOutput(int32_t core, const std::vector<std::string> &outputs) const {
  const std::vector<Mapping::Neurons> &all = mapping.cores[static_cast<size_t>(core)].neurons;
  return std::any_of(all.begin(), all.end(), [&](const Mapping::Neurons &neurons) {
    return std::find(outputs.begin(), outputs.end(), neurons.node) != outputs.end();
  });
}

double MappingLayout::fittingPitch(double width, size_t inRow) const {
  auto chips = static_cast<double>(inRow);
  double cores = width - left - right - chips * (2 * chipSide + chipGap) + chipGap;
  return cores / (chips * shownColumns.count());
}

Rectangle MappingLayout::chipAt(int32_t chip) const {
  auto found = std::lower_bound(chipNumbers.begin(), chipNumbers.end(), chip);
  auto place = static_cast<size_t>(found - chipNumbers.begin());
  size_t column = place % chipsInRow, row = place / chipsInRow;
  return {left + static_cast<double>(column) * (chipWidth + chipGap),
          top + static_cast<double>(row) * (chipHeight + chipGap), chipWidth, chipHeight};
}

Rectangle MappingLayout::placeOf(int32_t chip, int32_t column, int32_t row) const {
  Rectangle around = chipAt(chip);
  return {around.x + chipSide + (column - shownColumns.first) * pitch + gap() / 2,
          around.y + chipTop + (row - shownRows.first) * pitch + gap() / 2, side(), side()};
}

Rectangle MappingLayout::placeOf(int32_t core) const {
  const Mapping::Core &which = mapping.cores[static_cast<size_t>(core)];
  return placeOf(which.chip, which.column, which.row);
}

bool MappingLayout::hasRoomForUnused() const {
  return static_cast<double>(chipNumbers.size()) * shownColumns.count() * shownRows.count() < 1e5;
}

Rectangle MappingLayout::input() const {
  Rectangle first = placeOf(chipNumbers.front(), shownColumns.first, shownRows.first);
  return {margin, first.center().y - 7.0, 30.0, 14.0};
}

Rectangle MappingLayout::output() const {
  Rectangle last = lastCore < 0 ? placeOf(chipNumbers.back(), shownColumns.first, shownRows.end - 1)
                                : placeOf(lastCore);
  double chips = left + static_cast<double>(chipsInRow) * (chipWidth + chipGap) - chipGap;
  return {chips + outsideWidth - 32.0, last.center().y - 7.0, 32.0, 14.0};
}

double MappingLayout::bottom() const {
  Rectangle last = chipAt(chipNumbers.back());
  return last.bottom();
}

} // namespace nirc
