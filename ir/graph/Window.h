//===- Window.h - what slides over a signal ---------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/graph/Graph.h"

#include <array>
#include <cstdint>
#include <vector>

namespace nir {

/// The window of a convolution or a pool: (rows, columns). Over a Conv1d's signal, which has no
/// rows, the window is one row high.
struct Window {
  std::array<int64_t, 2> kernel{1, 1}, stride{1, 1}, dilation{1, 1};
  std::array<int64_t, 2> before{0, 0};  ///< zeros in front of the signal
  std::array<int64_t, 2> padding{0, 0}; ///< zeros in front and behind together

  /// Number of places along `dim` of a signal `size` long; less than 1 where the window is larger
  /// than the padded signal.
  int64_t places(int dim, int64_t size) const;
};

/// The window of a Conv1d, Conv2d, SumPool2d or AvgPool2d. Refuses numbers that make none: strides,
/// dilations and kernels below 1, negative padding, "same" with a stride.
Result<Window> windowOf(const Node &node);

/// The `count` whole numbers of an integer parameter; a lone number holds for every dimension.
Result<std::vector<int64_t>> wholeNumbers(const char *name, const Tensor &parameter, size_t count,
                                          int64_t least);

/// The groups of a Conv1d or Conv2d, at least 1.
Result<int64_t> groupsOf(const Tensor &groups);

} // namespace nir
