//===- InferKinds.cpp - which signals are events --------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nir/Kinds.h"
#include "dialects/nir/Passes.h"
#include "dialects/nir/Ports.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/MapVector.h"

namespace nir {

#define GEN_PASS_DEF_INFERKINDS
#include "dialects/nir/NirPasses.h.inc"

namespace {

/// The nodes of one module, as the rule of ir/graph/SignalKinds.h sees them.
class KindGraph {
public:
  explicit KindGraph(mlir::ModuleOp module);
  /// Writes the kinds into the types of the signals.
  void apply(const std::vector<SignalKind> &kinds);

  std::vector<KindNode> nodes;

private:
  int32_t indexOf(mlir::Operation *op) {
    return indices.try_emplace(op, indices.size()).first->second;
  }
  mlir::Operation *leafOf(mlir::Value value);

  mlir::ModuleOp module;
  Ports ports;
  llvm::MapVector<mlir::Operation *, int32_t> indices; ///< of those that are no subgraphs
};

struct InferKinds : impl::InferKindsBase<InferKinds> {
  void runOnOperation() override {
    KindGraph graph(getOperation());
    graph.apply(signalKinds(graph.nodes));
  }
};

} // namespace

/// The node whose output a value is; for a result of a subgraph that is a nir.output inside.
mlir::Operation *KindGraph::leafOf(mlir::Value value) {
  auto result = llvm::cast<mlir::OpResult>(value);
  auto subgraph = llvm::dyn_cast<GraphOp>(result.getOwner());
  if (!subgraph) {
    return result.getOwner();
  }
  mlir::Attribute port = subgraph.getOutputPorts()[result.getResultNumber()];
  return ports.output(subgraph, llvm::cast<mlir::StringAttr>(port).getValue());
}

/// What drives the network is told by whoever wrote the text, if by anyone.
static bool isToldSpikes(mlir::Operation *op) {
  auto input = llvm::dyn_cast<InputOp>(op);
  return input && input.getOutput().getType().getKind() == SignalFlow::Event;
}

KindGraph::KindGraph(mlir::ModuleOp module) : module(module) {
  module.walk([&](NodeOpInterface node) {
    if (!llvm::isa<GraphOp>(*node)) {
      indexOf(node);
    }
  });
  nodes.resize(indices.size());
  const Semantics semantics; // whether a neuron can spike twice in a step is no matter here
  for (auto &[op, index] : indices) {
    nodes[index].own = ownKind(op, semantics);
    if (nodes[index].own && isToldSpikes(op)) {
      nodes[index].own = SignalKind::Spikes;
    }
  }
  module.walk([&](NodeOpInterface node) {
    auto subgraph = llvm::dyn_cast<GraphOp>(*node);
    for (auto [i, operand] : llvm::enumerate(node->getOperands())) {
      mlir::Operation *target = node;
      if (subgraph) {
        mlir::Attribute port = subgraph.getInputPorts()[i];
        target = ports.input(subgraph, llvm::cast<mlir::StringAttr>(port).getValue());
      }
      nodes[indexOf(target)].sources.push_back(indexOf(leafOf(operand)));
    }
  });
}

void KindGraph::apply(const std::vector<SignalKind> &kinds) {
  module.walk([&](NodeOpInterface node) {
    for (mlir::Value result : node->getResults()) {
      auto type = llvm::cast<SignalType>(result.getType());
      bool isAnalog = kinds[indexOf(leafOf(result))] == SignalKind::Analog;
      result.setType(type.withKind(isAnalog ? SignalFlow::Analog : SignalFlow::Event));
    }
  });
}

} // namespace nir
