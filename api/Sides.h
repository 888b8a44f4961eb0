//===- Sides.h - what is compared, brought to one form ----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/io/ReadResults.h"

#include <string>
#include <vector>

namespace nirc {

/// One side of a comparison.
struct Side {
  std::string label;
  ReadResult result;
  std::vector<std::string> outputs; ///< nodes; may be empty
};

/// Whether it is a result and no run such as "reset=subtract": by its ending, or a folder with a
/// run.json.
bool isResultPath(const std::string &side);

/// Fits what other programs saved to the sides that say more: to a run or a result of nirc if there
/// is one, else to an array. A side takes the node, the observable and the shape of the first trace
/// that it fits, outputs first. Without one they are fitted to each other: spikes, where all can be
/// and one looks like it. Sides without traces are runs that are still to come, and are left out.
/// `slack`: steps by which lengths may differ.
nir::Status fitSides(std::vector<Side> &sides, const ReadOptions &options, int64_t slack);

} // namespace nirc
