//===- Numbers.h - whole numbers of attributes ------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "dialects/nir/Tensors.h"

#include <cstdint>
#include <vector>

namespace nirc::fpga {

/// Weights, biases and parameters of a network of integers. There are `count` of them, of which one
/// may stand for all.
inline std::vector<int64_t> wholeNumbers(mlir::ElementsAttr values, int64_t count) {
  auto numbers = nir::doublesOf(values);
  std::vector<int64_t> whole(numbers.begin(), numbers.end());
  whole.resize(static_cast<size_t>(count), whole.empty() ? 0 : whole.front());
  return whole;
}

/// As many as the attribute's type says.
inline std::vector<int64_t> wholeNumbers(mlir::ElementsAttr values) {
  return wholeNumbers(values, values.getShapedType().getNumElements());
}

} // namespace nirc::fpga
