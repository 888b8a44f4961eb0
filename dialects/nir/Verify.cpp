//===- Verify.cpp - what an op can tell from itself -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What an op can tell from itself. The rules of shapes and values are those of ir/ (Shapes.h,
// Parameters.h), so that a file and its text are refused with the same words.
//
//===----------------------------------------------------------------------===//

#include "dialects/nir/Diagnostics.h"
#include "dialects/nir/Nodes.h"

#include "ir/graph/Parameters.h"
#include "ir/graph/Schedule.h"
#include "ir/graph/Shapes.h"

namespace nir {

static Shape shapeOf(mlir::Value signal) {
  llvm::ArrayRef<int64_t> shape = llvm::cast<SignalType>(signal.getType()).getShape();
  return {shape.begin(), shape.end()};
}

static mlir::LogicalResult report(mlir::Operation *op, const Diagnostic &fault) {
  mlir::InFlightDiagnostic error = nodeError(op) << fault.message;
  setCode(error, fault.code);
  for (const Note &note : fault.notes) {
    error.attachNote() << note.message;
  }
  return error;
}

static mlir::LogicalResult verifyName(NodeOpInterface op) {
  auto graph = llvm::dyn_cast<GraphOp>(*op);
  if (!op.getNodeName().empty() || (graph && graph.isOutermost())) {
    return mlir::success();
  }
  bool isLone = llvm::hasSingleElement(*op->getBlock()) &&
                llvm::cast<GraphOp>(op->getParentOp()).isOutermost();
  if (!isLone) { // node (N1)
    return nodeError(op) << "a " << op.getNirType()
                         << " node has an empty name, expected a name to connect it by";
  }
  return mlir::success();
}

static mlir::LogicalResult verifyParameters(NodeOpInterface op) {
  for (mlir::StringAttr name : op->getName().getAttributeNames()) {
    auto tensor = op->getAttrOfType<mlir::ElementsAttr>(name);
    std::string broken = tensor ? brokenValues(tensor) : std::string();
    if (!broken.empty()) { // node (N3), (N4)
      return nodeError(op) << name.getValue() << " " << broken;
    }
  }
  mlir::ArrayAttr metadata = op.getNodeMetadata();
  std::string broken = metadata ? brokenMetadata(metadata) : std::string();
  if (!broken.empty()) {
    return nodeError(op) << "metadata " << broken;
  }
  return mlir::success();
}

/// The edges into a node have its input's shape, and its result has the shape that follows.
static mlir::LogicalResult verifySignals(NodeOpInterface op, const Node &node) {
  Result<std::optional<Shape>> fixed = fixedInputShape(node);
  if (!fixed) {
    return report(op, fixed.error());
  }
  std::optional<Shape> input = *fixed;
  if (!input && op->getNumOperands() > 0) {
    input = shapeOf(op->getOperand(0));
  }
  if (!input) {
    return mlir::success();
  }
  for (mlir::Value operand : op->getOperands()) {
    Shape got = shapeOf(operand);
    bool fits = node.as<Output>() ? numElements(got) == numElements(*input) : got == *input;
    if (!fits) { // node (N2)
      return nodeError(op) << "input has shape " << str(got) << ", expected " << str(*input);
    }
  }
  Result<Shape> output = outputShape(node, *input);
  if (!output) {
    return report(op, output.error());
  }
  if (op->getNumResults() == 1 && shapeOf(op->getResult(0)) != *output) { // node (N5)
    return nodeError(op) << "result has shape " << str(shapeOf(op->getResult(0))) << ", expected "
                         << str(*output);
  }
  return mlir::success();
}

/// A node that NIR does not have: a neuron, whose parameters have one value or one a neuron.
static mlir::LogicalResult verifyOwnNeuron(NodeOpInterface op) {
  if (!llvm::isa<HybridSystemOpInterface>(*op) || op->getNumResults() != 1) {
    return nodeError(op) << "NIR has no primitive '" << op.getNirType() << "', expected a neuron";
  }
  Shape shape = shapeOf(op->getResult(0));
  for (mlir::Value operand : op->getOperands()) {
    if (shapeOf(operand) != shape) { // node (N2), (N5)
      return nodeError(op) << "input has shape " << str(shapeOf(operand)) << ", expected "
                           << str(shape);
    }
  }
  for (mlir::NamedAttribute parameter : op->getAttrs()) {
    auto tensor = llvm::dyn_cast<mlir::ElementsAttr>(parameter.getValue());
    Shape got;
    if (tensor) {
      got.assign(tensor.getShapedType().getShape().begin(),
                 tensor.getShapedType().getShape().end());
    }
    if (tensor && !got.empty() && got != shape) {
      return nodeError(op) << parameter.getName().getValue() << " has shape " << str(got)
                           << ", expected " << str(shape) << " like the result";
    }
  }
  return mlir::success();
}

mlir::LogicalResult verifyNode(mlir::Operation *operation) {
  auto op = llvm::cast<NodeOpInterface>(operation);
  if (mlir::failed(verifyName(op)) || mlir::failed(verifyParameters(op))) {
    return mlir::failure();
  }
  if (llvm::isa<GraphOp>(operation)) {
    return mlir::success();
  }
  if (!primitiveOfType(op.getNirType())) {
    return verifyOwnNeuron(op);
  }
  Node node = nodeOf(op, viewOf);
  if (mlir::failed(verifySignals(op, node))) {
    return mlir::failure();
  }
  // The values of weights are looked at once, on import: there can be many of them.
  std::vector<Diagnostic> found;
  if (isNeuron(node) || node.as<Delay>()) {
    checkValues(node, found);
  }
  for (const Diagnostic &fault : found) {
    if (fault.severity == Severity::Error) {
      return report(op, fault);
    }
  }
  return mlir::success();
}

} // namespace nir
