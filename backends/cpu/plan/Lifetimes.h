//===- Lifetimes.h - when a signal means something --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Most signals are written and read within one step, so arrays of signals that do not exist at the
// same time can lie at the same place.

#pragma once

#include "backends/cpu/plan/Layout.h"

namespace nirc::cpu {

/// The step from which on the op does something; 0: from the first one on.
uint64_t startOf(mlir::Operation &op);

/// Whether compact code keeps the result of the delay from step to step in place of a ring: all
/// elements wait one step, and the end of a step writes what the next one reads. Not where it is
/// also read after the step.
bool isKeptByDelay(snn::DelayOp op);

/// Of the signals of one network, in code without lists.
class Lifetimes {
public:
  explicit Lifetimes(snn::NetworkOp network);
  /// From the op that makes the signal to the last one that reads it. Nothing where it is kept from
  /// step to step.
  std::optional<Lifetime> of(mlir::Value signal) const;

private:
  llvm::DenseMap<mlir::Operation *, int64_t> places; ///< of the ops in their order
};

/// Where slots with a lifetime lie in memory that they share, and its size. The places of those
/// that exist at the same time do not overlap.
struct SharedMemory {
  llvm::DenseMap<int64_t, int64_t> places; ///< bytes from its start, by the slot's offset
  int64_t bytes = 0, alignment = 1;
};
SharedMemory shareMemory(llvm::ArrayRef<NamedSlot> slots);

} // namespace nirc::cpu
