//===- Lower.h - snn to a step function -------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/cpu/lower/Keep.h"
#include "backends/cpu/plan/Layout.h"
#include "backends/cpu/plan/Parameters.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

#include <functional>

namespace nirc::cpu {

struct NodeFunction;

/// What `lower` has made, while the network is still there.
struct LoweredNetwork {
  snn::NetworkOp network; ///< its bodies as LLVM has them
  mlir::ModuleOp module;
  const Layout &layout;
  llvm::ArrayRef<NodeFunction> nodes;
  llvm::ArrayRef<Parameter> parameters;
};

struct LowerOptions {
  /// Bits of a vector register; 0: code without vectors, for `Emit` as C and for machines that have
  /// none.
  int64_t vectorBits = 512;
  /// The machine can move the lanes that are set to a vector's front: lists are then written
  /// without a branch, whose outcome cannot be foreseen where some in a hundred neurons spike.
  bool compresses = false;
  /// The machine can put bytes into the lanes of a mask, with vectors of 512 bits.
  bool expands = false;
  /// The machine can be asked for what will be read soon.
  bool prefetches = true;
  /// Vectors of a streamed column that one turn of a loop adds: more where an address costs
  /// instructions of its own, that of the next vector only a constant.
  int64_t vectorsPerTurn = 1;
  /// Thresholds are read from memory, where whoever runs the code can change them; not in networks
  /// of `leastListed` populations or more, of which many functions are to be one.
  bool keepsThresholds = false;
  /// Also make the step in parts, for threads and samples that go together, where the network has
  /// `leastShared` weights or more that a step streams: below it threads would wait for each other
  /// longer than they work, and samples find the weights in the caches anyway.
  bool parts = false;
  int64_t leastShared = int64_t(1) << 22;
  /// What a core's second-level cache holds of weights beside everything else. Up to here a matrix
  /// is added up in registers, no sum going through memory; beyond it its columns are streamed,
  /// whose addresses the machine foresees.
  int64_t nearBytes = int64_t(1) << 19;
  /// Beyond it a matrix is read from memory, or from a cache that is as far: more columns at a
  /// time, which are left to the machine to foresee.
  int64_t farBytes = int64_t(1) << 23;
  /// From so many functions on that differ only in numbers and in where their arrays lie, there is
  /// one for all of them: LLVM takes milliseconds for a function, and what one of many nodes gains
  /// from its own is less. 0: each node has its own, as in C, which is read.
  int64_t leastEqual = 32;
  /// From so many nodes on a step is a loop over a table of calls: LLVM's time for a function grows
  /// faster than its calls, most of which it inlines.
  int64_t leastListed = 256;
  /// As little memory as the ranges of numbers need, and code that is small rather than fast: for
  /// machines with kilobytes. Only without vectors.
  bool compact = false;
  /// Call `nirc_profile_node(i64)` after each node.
  bool profile = false;
  int64_t lanes = 1; ///< elements of a vector; follows from the network's element type
  /// Looks at what was made; may be empty.
  std::function<void(const LoweredNetwork &)> onLowered = {};
};

/// What one function of the step computes, for reports.
struct NodeFunction {
  std::string symbol, node, kind; ///< "node_3", "fc1", "dense"
  std::optional<Events> events;   ///< that it reads or, where it reads none, lists
  int64_t elements = 0;           ///< of the signal whose events they are
  double bytesPerEvent = 0.0;     ///< of weights
};

/// What the lowered module still owes to whoever runs it.
struct Lowered {
  Layout layout;
  std::vector<Parameter> parameters;
  std::vector<NodeFunction> nodes; ///< in the order in which a step calls them
  /// Where threads and samples can go together there is no `step(arena)` but `stage_0(arenas,
  /// count, part, parts, scratch)`, ... one after the other, each done by every part before the
  /// next one starts. The arenas of `count` samples lie one after the other; `scratch` is the
  /// part's own.
  int64_t stages = 0;
  /// Whether a part's inputs must all be there before any starts the first stage, and whether all
  /// must have done the last one before a part's results are read.
  bool meetsAfterInputs = false, meetsBeforeOutputs = false;
  int64_t scratchBytes = 0;
  /// Whether there is a `begin(arena)`, which follows when an arena was filled with zeros: states
  /// that do not start at 0.
  bool begins = false;
  std::vector<KeptNumber> kept; ///< with `keepsThresholds`, in the order of the nodes
};

/// Replaces the module's one snn.network by `func.func @step(%arena)`, which advances it by one
/// step. Everything the step touches lies in the arena, as the layout says, and in the parameters.
/// Fails with a diagnostic.
llvm::FailureOr<Lowered> lower(mlir::ModuleOp module, LowerOptions options);

/// The passes from what `lower` leaves to the llvm dialect.
void buildToLLVMPipeline(mlir::OpPassManager &pm);

} // namespace nirc::cpu
