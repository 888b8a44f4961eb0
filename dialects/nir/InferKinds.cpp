//===- InferKinds.cpp - which signals are events --------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nir/Diagnostics.h"
#include "dialects/nir/Passes.h"
#include "dialects/nir/Ports.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/MapVector.h"

namespace nir {

#define GEN_PASS_DEF_INFERKINDS
#include "dialects/nir/NirPasses.h.inc"

namespace {

/// The kinds of one module's signals.
class KindInference {
public:
  explicit KindInference(mlir::ModuleOp module) : module(module) {}

  void collect();
  void propagate();
  mlir::LogicalResult refuseThresholdsOnEvents();
  void apply();

private:
  /// A node that is no subgraph, with the edges that end and start at it, those through ports too.
  struct Leaf {
    SignalFlow kind = SignalFlow::Unknown; ///< of what it passes on
    llvm::SmallVector<mlir::Operation *, 2> sources, readers;
  };

  mlir::Operation *leafOf(mlir::Value value);
  mlir::Operation *originOf(mlir::Operation *op);
  SignalFlow ownKind(mlir::Operation *op, const Leaf &leaf);

  mlir::ModuleOp module;
  Ports ports;
  llvm::MapVector<mlir::Operation *, Leaf> leaves;
};

struct InferKinds : impl::InferKindsBase<InferKinds> {
  void runOnOperation() override {
    KindInference kinds(getOperation());
    kinds.collect();
    kinds.propagate();
    if (mlir::failed(kinds.refuseThresholdsOnEvents())) {
      return signalPassFailure();
    }
    kinds.apply();
  }
};

} // namespace

/// The node whose output a value is; for a result of a subgraph that is a nir.output inside.
mlir::Operation *KindInference::leafOf(mlir::Value value) {
  auto result = llvm::cast<mlir::OpResult>(value);
  auto subgraph = llvm::dyn_cast<GraphOp>(result.getOwner());
  if (!subgraph) {
    return result.getOwner();
  }
  mlir::Attribute port = subgraph.getOutputPorts()[result.getResultNumber()];
  return ports.output(subgraph, llvm::cast<mlir::StringAttr>(port).getValue());
}

void KindInference::collect() {
  module.walk([&](NodeOpInterface node) {
    auto subgraph = llvm::dyn_cast<GraphOp>(*node);
    if (!subgraph) {
      (void)leaves[node]; // also one without edges
    }
    for (auto [i, operand] : llvm::enumerate(node->getOperands())) {
      mlir::Operation *source = leafOf(operand), *target = node;
      if (subgraph) {
        mlir::Attribute port = subgraph.getInputPorts()[i];
        target = ports.input(subgraph, llvm::cast<mlir::StringAttr>(port).getValue());
      }
      leaves[source].readers.push_back(target);
      leaves[target].sources.push_back(source);
    }
  });
}

static bool passesOn(mlir::Operation *op) {
  return llvm::isa<InputOp, OutputOp, FlattenOp, DelayOp>(op);
}

/// What a node passes on as far as it alone can tell.
SignalFlow KindInference::ownKind(mlir::Operation *op, const Leaf &leaf) {
  if (leaf.sources.size() > 1 && passesOn(op)) {
    return SignalFlow::Analog;
  }
  if (auto input = llvm::dyn_cast<InputOp>(op); input && leaf.sources.empty()) {
    return input.getOutput().getType().getKind(); // told by whoever wrote the text, if by anyone
  }
  if (passesOn(op)) {
    return SignalFlow::Unknown;
  }
  auto neuron = llvm::dyn_cast<HybridSystemOpInterface>(op);
  bool spikes = llvm::isa<ThresholdOp>(op) || (neuron && neuron.getHybridSystem().guard);
  return spikes ? SignalFlow::Event : SignalFlow::Analog;
}

/// A node gets its kind once, so this is linear. A loop of nodes that only pass on stays unknown.
void KindInference::propagate() {
  llvm::SmallVector<mlir::Operation *> known;
  for (auto &[op, leaf] : leaves) {
    leaf.kind = ownKind(op, leaf);
    if (leaf.kind != SignalFlow::Unknown) {
      known.push_back(op);
    }
  }
  while (!known.empty()) {
    const Leaf &source = leaves[known.pop_back_val()];
    for (mlir::Operation *reader : source.readers) {
      Leaf &target = leaves[reader];
      if (target.kind == SignalFlow::Unknown) {
        target.kind = source.kind;
        known.push_back(reader);
      }
    }
  }
}

/// Follows a spike train back to the node that makes it, or to the input where it enters.
mlir::Operation *KindInference::originOf(mlir::Operation *op) {
  while (passesOn(op) && leaves[op].sources.size() == 1) {
    op = leaves[op].sources.front();
  }
  return op;
}

mlir::LogicalResult KindInference::refuseThresholdsOnEvents() {
  for (auto &[op, leaf] : leaves) {
    bool onEvents = llvm::isa<ThresholdOp>(op) && leaf.sources.size() == 1 &&
                    leaves[leaf.sources[0]].kind == SignalFlow::Event;
    if (onEvents) {
      mlir::Operation *origin = originOf(leaf.sources[0]);
      mlir::InFlightDiagnostic error = nodeError(op)
                                       << "input is the spike train of node '" << nodePath(origin)
                                       << "', expected an analog signal";
      error.attachNote(origin->getLoc())
          << "a spike has no height to compare; let an LI or an Affine make a signal of it";
      return error;
    }
  }
  return mlir::success();
}

void KindInference::apply() {
  module.walk([&](NodeOpInterface node) {
    for (mlir::Value result : node->getResults()) {
      auto type = llvm::cast<SignalType>(result.getType());
      result.setType(type.withKind(leaves[leafOf(result)].kind));
    }
  });
}

} // namespace nir
