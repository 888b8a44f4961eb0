//===- Front.h - formats by memory and score, as a figure -------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "tools/pictures/draw/Sheet.h"

#include <optional>
#include <string>
#include <vector>

namespace nirc {

/// What was tried, and what no other is better than for less memory.
struct FrontPicture {
  struct Point {
    double bytes = 0.0, score = 0.0; ///< the score in percent
    std::string label;               ///< of those on the front: "4/12"
    bool isOnFront = false, isProposed = false;
  };
  std::vector<Point> points;
  std::string scoreTitle;           ///< "accuracy (%)"
  bool isMoreBetter = true;         ///< accuracy, not a distance
  std::optional<double> floatScore; ///< of float64, in percent
  std::optional<double> wished;     ///< the least or most score that is proposed
  std::string proposed;             ///< the format, for the legend
  std::string caption;
};

/// Bytes on a logarithmic axis, the score upwards, and the Pareto front as a line of steps.
Drawing frontFigure(const FrontPicture &picture, const FigureStyle &style);

} // namespace nirc
