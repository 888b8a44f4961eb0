//===- Kinds.cpp - what the nodes of the dialect pass on ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nir/Kinds.h"

namespace nir {

bool makesSpikes(mlir::Operation *node) {
  auto neuron = llvm::dyn_cast<HybridSystemOpInterface>(node);
  return llvm::isa<ThresholdOp>(node) || (neuron && neuron.getHybridSystem().guard);
}

std::optional<SignalKind> ownKind(mlir::Operation *node, const Semantics &semantics) {
  auto graph = llvm::dyn_cast_or_null<GraphOp>(node->getParentOp());
  bool isEntry = llvm::isa<InputOp>(node) && graph && graph.isOutermost();
  if (llvm::isa<InputOp, OutputOp, FlattenOp, DelayOp>(node) && !isEntry) {
    return std::nullopt;
  }
  if (llvm::isa<ThresholdOp>(node)) {
    return SignalKind::Spikes;
  }
  auto neuron = llvm::dyn_cast<HybridSystemOpInterface>(node);
  if (!neuron) {
    return SignalKind::Analog;
  }
  HybridSystem system = neuron.getHybridSystem();
  return system.guard ? firingKind(system.rule(semantics), semantics.timing) : SignalKind::Analog;
}

} // namespace nir
