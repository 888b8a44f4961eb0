//===- NumberOrder.h - in which order units can be chosen -------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The unit of a number follows from those of the numbers that it is made of. Spikes have none, so
// that most cycles of a network are none of numbers.

#pragma once

#include "dialects/snn/Snn.h"

#include "llvm/ADT/SmallVector.h"

namespace nirc {

struct NumberOrder {
  /// Each after those whose numbers it reads, but for a delay in a cycle of numbers. A group is a
  /// lone op, or the connections with weights that drive the same populations, which share a unit.
  llvm::SmallVector<llvm::SmallVector<mlir::Operation *>> groups;
};

NumberOrder numberOrder(mlir::Block &network);

} // namespace nirc
