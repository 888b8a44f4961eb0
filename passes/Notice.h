//===- Notice.h - what a compiler has to say of a node ----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <string>
#include <string_view>

namespace nirc {

/// A fold that was made, or what numbers of a format cannot hold.
struct Notice {
  std::string node; ///< the one that is left, "encoder.fc2"
  std::string text; ///< "takes in 'encoder.fc1', rounds differently: sums are in another order"
  bool rounds;      ///< whether results may differ
  std::string_view code = {}; ///< of a warning, as docs/advice.md names it; empty of a fold
  std::string fix = {};       ///< of a warning
};

} // namespace nirc
