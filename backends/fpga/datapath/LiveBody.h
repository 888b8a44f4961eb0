//===- LiveBody.h - what of a body becomes hardware -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "passes/bodies/BodyRanges.h"

#include "llvm/ADT/DenseSet.h"

namespace nirc::fpga {

/// The values of a body that its yields depend on. A value that is the same number for all neurons
/// and all inputs is a constant, and what it is computed from is not read for its sake.
class LiveBody {
public:
  explicit LiveBody(snn::PopulationOp op);

  bool isRead(mlir::Value value) const { return read.contains(value); }
  /// The number, where there is only one.
  std::optional<int64_t> onlyNumber(mlir::Value value);
  /// Bits of a signed integer that holds the value.
  int bitsOf(mlir::Value value) { return ranges.bitsOf(value); }
  /// All that the value can be.
  Interval boundsOf(mlir::Value value) { return ranges.boundsOf(value); }

private:
  BodyRanges ranges;
  llvm::DenseSet<mlir::Value> read; ///< constants included
};

} // namespace nirc::fpga
