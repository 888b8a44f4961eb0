//===- Roofline.h - how fast weights are read, as a figure ------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "tools/pictures/draw/Sheet.h"

#include <string>
#include <vector>

namespace nirc {

/// How fast connections read their weights, and how fast this machine reads.
struct RooflinePicture {
  struct Roof {
    double bytes, rate; ///< of a buffer of so many bytes, in bytes a second
  };
  struct Node {
    std::string name;
    double bytes, rate; ///< read in a step, and in a second
    double share;       ///< of the time of all nodes
  };
  std::vector<Roof> roof; ///< ascending in bytes
  std::vector<Node> nodes;
  std::string caption;
};

/// The bytes that a connection reads in a step, and its rate, below what this machine reads from
/// caches and memory at that size. Both axes are logarithmic; the larger a dot, the more time.
Drawing rooflineFigure(const RooflinePicture &picture, const FigureStyle &style);

} // namespace nirc
