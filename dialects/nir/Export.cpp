//===- Export.cpp - the nir dialect to nir::Graph -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nir/Export.h"

#include "dialects/nir/Diagnostics.h"
#include "dialects/nir/Nodes.h"
#include "dialects/nir/Ports.h"

namespace nir {

/// The name by which an edge starts at this value.
static std::string sourceOf(mlir::Value value) {
  auto result = llvm::cast<mlir::OpResult>(value);
  llvm::StringRef name = llvm::cast<NodeOpInterface>(result.getOwner()).getNodeName();
  if (auto subgraph = llvm::dyn_cast<GraphOp>(result.getOwner())) {
    mlir::Attribute port = subgraph.getOutputPorts()[result.getResultNumber()];
    return spelled(name, llvm::cast<mlir::StringAttr>(port).getValue());
  }
  return name.str();
}

/// The name by which an edge ends at this operand.
static std::string targetOf(mlir::OpOperand &operand) {
  llvm::StringRef name = llvm::cast<NodeOpInterface>(operand.getOwner()).getNodeName();
  if (auto subgraph = llvm::dyn_cast<GraphOp>(operand.getOwner())) {
    mlir::Attribute port = subgraph.getInputPorts()[operand.getOperandNumber()];
    return spelled(name, llvm::cast<mlir::StringAttr>(port).getValue());
  }
  return name.str();
}

/// The edges of a body in the file's order.
static std::vector<Edge> edgesOf(GraphOp graph) {
  std::vector<Edge> edges;
  for (mlir::Operation &op : graph.getBody().front()) {
    for (mlir::OpOperand &operand : op.getOpOperands()) {
      edges.push_back({sourceOf(operand.get()), targetOf(operand)});
    }
  }
  if (std::optional<llvm::ArrayRef<int64_t>> order = graph.getEdgeOrder()) {
    std::vector<Edge> ordered;
    ordered.reserve(edges.size());
    for (int64_t place : *order) {
      ordered.push_back(std::move(edges[place]));
    }
    return ordered;
  }
  return edges;
}

static Graph graphOf(GraphOp op) {
  Graph graph;
  for (auto node : op.getBody().getOps<NodeOpInterface>()) {
    Node &made = graph.nodes.emplace_back(nodeOf(node, tensorOf));
    if (auto inner = llvm::dyn_cast<GraphOp>(*node)) {
      made.params = graphOf(inner);
    }
    if (mlir::ArrayAttr metadata = node.getNodeMetadata()) {
      made.metadata = metadataOf(metadata);
    }
  }
  graph.edges = edgesOf(op);
  return graph;
}

/// What is wrong with a node of another dialect: files have no word for it.
static std::optional<Error> unknownNode(GraphOp root) {
  std::optional<Error> error;
  root.walk([&](NodeOpInterface node) {
    if (!error && !llvm::isa<GraphOp>(*node) && !primitiveOfType(node.getNirType())) {
      error = Error::atNode(Cause::WrongModel, nodePath(node),
                            "has the type '" + node.getNirType().str() +
                                "', expected a primitive of NIR");
    }
  });
  return error;
}

Result<Model> exportGraph(mlir::ModuleOp module) {
  GraphOp root;
  for (mlir::Operation &op : module.getBody()->getOperations()) {
    auto graph = llvm::dyn_cast<GraphOp>(op);
    if (!graph || root) {
      return Error(Cause::WrongModel, "the module holds '" + op.getName().getStringRef().str() +
                                          "', expected one 'nir.graph' and nothing else");
    }
    root = graph;
  }
  if (!root) {
    return Error(Cause::WrongModel, "the module is empty, expected one 'nir.graph'");
  }
  if (std::optional<Error> error = unknownNode(root)) {
    return std::move(*error);
  }
  Model model;
  model.version = root.getVersion().value_or("").str();
  model.graph = graphOf(root);
  if (mlir::ArrayAttr metadata = root.getMetadataAttr()) {
    model.metadata = metadataOf(metadata);
  }
  return model;
}

} // namespace nir
