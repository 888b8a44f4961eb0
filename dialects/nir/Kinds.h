//===- Kinds.h - what the nodes of the dialect pass on ----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "dialects/nir/Ops.h"
#include "ir/graph/SignalKinds.h"

namespace nir {

/// Whether the node makes spikes of its input: a neuron with a threshold, or a Threshold.
bool makesSpikes(mlir::Operation *node);

/// What a node other than a subgraph makes of whatever reaches it; none where it passes that on.
/// With the sources of its edges it is a KindNode of ir/graph/SignalKinds.h, whose rule holds.
std::optional<SignalKind> ownKind(mlir::Operation *node, const Semantics &semantics);

} // namespace nir
