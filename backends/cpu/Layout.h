//===- Layout.h - the network's place in memory -----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Where everything of a network lies in memory. One block of bytes, the arena, holds all that
// changes: signals, states and delay lines. Weights lie elsewhere and are only read.

#pragma once

#include "dialects/snn/Snn.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"

#include <optional>
#include <string>
#include <vector>

namespace nirc::cpu {

/// An array in the arena. `type` is i8 for spikes (0 or 1), i64 for positions, else the network's
/// element type.
struct Slot {
  int64_t offset = 0; ///< bytes from the start of the arena, a multiple of 64
  int64_t elements = 0;
  mlir::Type type;
};

/// A slot and what lies there: "lif1.v" for a state, "fc1" for what a node passes on, "delay1.past"
/// for a delay line.
struct NamedSlot : Slot {
  std::string name;
};

/// A ring buffer of `length` signals; `head` is the signal that the end of this step overwrites.
struct Ring {
  Slot signals, head;
  int64_t length = 0;
};

/// What a run reads from or writes to the arena.
struct Port {
  std::string node, observable;
  Slot slot;
  llvm::SmallVector<int64_t> shape;
  bool count = false;  ///< numbers that count spikes
  int64_t latency = 0; ///< of an output: steps behind the sequential network
};

struct Layout {
  int64_t bytes = 0;
  std::vector<NamedSlot> slots; ///< all of them, by offset
  llvm::DenseMap<mlir::Value, Slot> signals;
  llvm::DenseMap<mlir::Operation *, llvm::SmallVector<Slot>> states;
  llvm::DenseMap<mlir::Operation *, Ring> rings;
  std::optional<Slot> clock; ///< the number of this step, where an op waits for its start
  std::vector<Port> inputs;
  std::vector<Port> outputs; ///< outputs in order, then records in order
};

/// Lays out `network`; the same network always gets the same layout. Fails with a diagnostic where
/// the arena would take more than `maxBytes`.
llvm::FailureOr<Layout> layOut(snn::NetworkOp network, int64_t maxBytes = int64_t(1) << 34);

} // namespace nirc::cpu
