//===- Confusion.h - what classes were taken for, as a figure ---*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "tools/pictures/draw/Sheet.h"

#include <cstdint>
#include <string>
#include <vector>

namespace nirc {

/// How often samples of each class were taken for each.
struct ConfusionPicture {
  std::vector<std::string> classes;
  std::vector<int64_t> counts; ///< row-major [class, what it was taken for]
  std::string caption;

  int64_t at(size_t row, size_t column) const { return counts[row * classes.size() + column]; }
};

/// A matrix whose squares are the darker, the larger the share of their row, with the counts of
/// few classes.
Drawing confusionFigure(const ConfusionPicture &picture, const FigureStyle &style);

} // namespace nirc
