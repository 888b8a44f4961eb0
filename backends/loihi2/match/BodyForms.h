//===- BodyForms.h - the forms of Loihi's arithmetic in a body --*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "passes/bodies/BodyRanges.h"

namespace nirc::loihi2 {

/// The values of a body, and the forms in which `quantize` writes Loihi's arithmetic.
class BodyForms : public BodyRanges {
public:
  using BodyRanges::BodyRanges;

  /// k, for each neuron, where the value is `state` k / 4096, rounded toward zero.
  std::optional<std::vector<int64_t>> decayOf(mlir::Value value, mlir::Value state);
  /// x where the value is x, less 2^24 where it is more than 2^23, and more by 2^24 where it is
  /// -2^23 or less. Else null.
  mlir::Value wrappedBy(mlir::Value value);
};

} // namespace nirc::loihi2
