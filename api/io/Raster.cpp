//===- Raster.cpp - spikes as lines of text -------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Raster.h"

#include "api/io/Units.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <string_view>
#include <vector>

namespace nirc {

static std::string_view block(double share) {
  static constexpr std::array<std::string_view, 9> blocks = {" ", "▁", "▂", "▃", "▄",
                                                             "▅", "▆", "▇", "█"};
  return blocks[static_cast<size_t>(std::clamp(std::ceil(share * 8.0), 0.0, 8.0))];
}

std::string raster(const nir::Tensor &spikes, int64_t sample, int64_t width, int64_t lines,
                   double dtSeconds) {
  int64_t steps = spikes.shape()[1];
  int64_t neurons = spikes.size() / spikes.shape()[0] / std::max<int64_t>(1, steps);
  if (steps == 0 || neurons == 0) {
    return {};
  }
  int64_t group = (neurons + lines - 1) / lines;
  int64_t rows = (neurons + group - 1) / group;
  auto label = [&](int64_t row) {
    int64_t first = row * group;
    int64_t last = std::min(neurons, first + group) - 1;
    return first == last ? fmt::format("{}", first) : fmt::format("{}-{}", first, last);
  };
  size_t labelWidth = std::max(label(rows - 1).size(), label(0).size());
  // "  label │...│ count"
  int64_t columns =
      std::min(steps, std::max<int64_t>(8, width - static_cast<int64_t>(labelWidth) - 14));
  std::vector<double> cells(static_cast<size_t>(rows * columns), 0.0);
  std::vector<double> totals(static_cast<size_t>(rows), 0.0);
  for (int64_t t = 0; t < steps; ++t) {
    for (int64_t n = 0; n < neurons; ++n) {
      double count = spikes.at((sample * steps + t) * neurons + n);
      cells[static_cast<size_t>(n / group * columns + t * columns / steps)] += count;
      totals[static_cast<size_t>(n / group)] += count;
    }
  }
  double highest = std::max(1.0, *std::max_element(cells.begin(), cells.end()));
  std::string picture;
  for (int64_t row = 0; row < rows; ++row) {
    picture += fmt::format("  {:>{}} │", label(row), labelWidth);
    for (int64_t column = 0; column < columns; ++column) {
      picture += block(cells[static_cast<size_t>(row * columns + column)] / highest);
    }
    picture += fmt::format("│ {}\n", totals[static_cast<size_t>(row)]);
  }
  std::string end = secondsText(static_cast<double>(steps) * dtSeconds);
  auto room = columns - 2; // for the 0 and a blank
  if (dtSeconds > 0.0 && static_cast<int64_t>(end.size()) <= room) {
    picture += fmt::format("  {:{}}   0 {:>{}}\n", "", labelWidth, end, room);
  }
  return picture;
}

} // namespace nirc
