//===- Stages.h - where threads that share a step must meet -----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Threads share a step by ranges of elements: each does its own range of every node that can be
// cut. The others are done whole, each sample's by one of the threads. They must meet before one
// reads what another has written.

#pragma once

#include "dialects/snn/Snn.h"

#include "llvm/ADT/SmallVector.h"

namespace nirc::cpu {

/// Which part touches what of a signal.
enum class Scope : uint8_t {
  Range, ///< each its own range
  Whole, ///< the part that has the sample all of it
  All    ///< each all of it
};

/// What a node's function touches: signals, and for delays and populations the op's own memory.
struct Access {
  const void *resource = nullptr;
  bool write = false;
  Scope scope = Scope::Whole;
};

/// What the functions of a step touch, in the order of their calls.
using Accesses = llvm::SmallVector<Access>;

/// What evaluating `op` touches. `isShared`: each part does its range; else one does it all.
Accesses accessesOf(mlir::Operation &op, bool isShared);
/// What listing the events of `signal` touches.
Accesses gatherAccesses(mlir::Value signal);
/// What a delay touches at the end of the step.
Accesses delayWriteAccesses(snn::DelayOp op);
/// What carrying a run's inputs into the arena touches, before all functions, and what carrying its
/// results out of it does, after them: each part its ranges.
Accesses inputAccesses(snn::NetworkOp network);
Accesses outputAccesses(snn::NetworkOp network);

/// For each function the number of its stage, from 0 on: functions of one stage can run without
/// meeting.
llvm::SmallVector<int64_t> stagesOf(llvm::ArrayRef<Accesses> functions);

} // namespace nirc::cpu
