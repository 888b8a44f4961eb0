//===- Ranges.h - what integers use of their bits, as a figure --*- C++ -*-===//
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

/// The integers that a network has, and those that its format has room for.
struct RangesPicture {
  struct Row {
    std::string node, what; ///< "fc1", "weights"
    enum class Kind : uint8_t { Weights, State, Signal } kind = Kind::Weights;
    int64_t least = 0, most = 0;     ///< that occur, or are proven to be all
    int64_t lowest = 0, highest = 0; ///< that the format can hold
    int bits = 0;
    std::string note; ///< "3 % to 0"
  };
  std::vector<Row> rows;
  std::string caption;
};

/// A bar a row, on an axis of bits: a step is twice the number, and 0 is in the middle.
Drawing rangesFigure(const RangesPicture &picture, const FigureStyle &style);

} // namespace nirc
