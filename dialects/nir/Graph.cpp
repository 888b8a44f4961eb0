//===- Graph.cpp - nir.graph: text and rules ------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nir/Diagnostics.h"
#include "dialects/nir/Ports.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/BitVector.h"

namespace nir {

mlir::RegionKind GraphOp::getRegionKind(unsigned) { return mlir::RegionKind::Graph; }

bool GraphOp::isOutermost() { return !llvm::isa_and_nonnull<GraphOp>((*this)->getParentOp()); }

void GraphOp::getAsmResultNames(mlir::OpAsmSetValueNameFn setName) {
  mlir::ArrayAttr ports = getOutputPortsAttr();
  if (!getNameAttr() || !ports || ports.size() != getNumResults()) {
    return; // a wrong op is printed too
  }
  for (auto [result, port] : llvm::zip(getOutputs(), ports)) {
    if (auto text = llvm::dyn_cast<mlir::StringAttr>(port)) {
      setName(result, spelled(getName(), text.getValue()));
    }
  }
}

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

using Operands = llvm::SmallVector<mlir::OpAsmParser::UnresolvedOperand>;

/// `(` "port": %value, ... `)`
static mlir::ParseResult parseInputs(mlir::OpAsmParser &parser, mlir::ArrayAttr &ports,
                                     Operands &operands) {
  llvm::SmallVector<mlir::Attribute> names;
  auto parseOne = [&]() -> mlir::ParseResult {
    std::string port;
    if (parser.parseString(&port) || parser.parseColon() ||
        parser.parseOperand(operands.emplace_back())) {
      return mlir::failure();
    }
    names.push_back(parser.getBuilder().getStringAttr(port));
    return mlir::success();
  };
  if (parser.parseCommaSeparatedList(mlir::AsmParser::Delimiter::OptionalParen, parseOne)) {
    return mlir::failure();
  }
  ports = parser.getBuilder().getArrayAttr(names);
  return mlir::success();
}

/// `->` `(` "port", ... `)`
static mlir::ParseResult parseOutputs(mlir::OpAsmParser &parser, mlir::ArrayAttr &ports) {
  llvm::SmallVector<mlir::Attribute> names;
  auto parseOne = [&]() -> mlir::ParseResult {
    std::string port;
    if (parser.parseString(&port)) {
      return mlir::failure();
    }
    names.push_back(parser.getBuilder().getStringAttr(port));
    return mlir::success();
  };
  if (mlir::succeeded(parser.parseOptionalArrow()) &&
      parser.parseCommaSeparatedList(mlir::AsmParser::Delimiter::Paren, parseOne)) {
    return mlir::failure();
  }
  ports = parser.getBuilder().getArrayAttr(names);
  return mlir::success();
}

mlir::ParseResult GraphOp::parse(mlir::OpAsmParser &parser, mlir::OperationState &state) {
  auto &properties = state.getOrAddProperties<Properties>();
  mlir::Builder &builder = parser.getBuilder();
  std::string name, version;
  (void)parser.parseOptionalString(&name);
  properties.setName(builder.getStringAttr(name));
  if (mlir::succeeded(parser.parseOptionalKeyword("version"))) {
    if (parser.parseString(&version)) {
      return mlir::failure();
    }
    properties.setVersion(builder.getStringAttr(version));
  }
  Operands operands;
  llvm::SMLoc place = parser.getCurrentLocation();
  if (parseInputs(parser, properties.input_ports, operands) ||
      parseOutputs(parser, properties.output_ports) ||
      parser.parseOptionalAttrDictWithKeyword(state.attributes)) {
    return mlir::failure();
  }
  mlir::Region *body = state.addRegion();
  if (parser.parseRegion(*body, /*arguments=*/{}, /*enableNameScoping=*/true)) {
    return mlir::failure();
  }
  if (body->empty()) {
    body->emplaceBlock();
  }
  if (operands.empty() && properties.output_ports.empty()) {
    return mlir::success();
  }
  mlir::FunctionType type;
  if (parser.parseColonType(type) ||
      parser.resolveOperands(operands, type.getInputs(), place, state.operands)) {
    return mlir::failure();
  }
  state.addTypes(type.getResults());
  return mlir::success();
}

void GraphOp::print(mlir::OpAsmPrinter &printer) {
  if (!getName().empty() || !isOutermost()) {
    printer << ' ';
    printQuoted(printer, getName());
  }
  if (std::optional<llvm::StringRef> version = getVersion()) {
    printer << " version ";
    printQuoted(printer, *version);
  }
  bool hasPorts = getNumOperands() > 0 || getNumResults() > 0;
  if (hasPorts) {
    printer << " (";
    llvm::interleaveComma(llvm::zip(getInputPorts(), getInputs()), printer, [&](auto input) {
      printQuoted(printer, llvm::cast<mlir::StringAttr>(std::get<0>(input)).getValue());
      printer << ": " << std::get<1>(input);
    });
    printer << ") -> (";
    llvm::interleaveComma(getOutputPorts(), printer, [&](mlir::Attribute port) {
      printQuoted(printer, llvm::cast<mlir::StringAttr>(port).getValue());
    });
    printer << ')';
  }
  printer.printOptionalAttrDictWithKeyword(
      (*this)->getAttrs(),
      {getNameAttrName(), getVersionAttrName(), getInputPortsAttrName(), getOutputPortsAttrName()});
  printer << ' ';
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false);
  if (hasPorts) {
    printer << " : ";
    printer.printFunctionalType(*this);
  }
}

//===----------------------------------------------------------------------===//
// Verification
//===----------------------------------------------------------------------===//

/// graph (G1): nodes alone, of different names.
static mlir::LogicalResult verifyBody(GraphOp graph) {
  if (graph.getBody().getNumArguments() != 0) {
    return nodeError(graph) << "the body has arguments, expected none";
  }
  llvm::StringMap<mlir::Operation *> names;
  for (mlir::Operation &op : graph.getBody().front()) {
    auto node = llvm::dyn_cast<NodeOpInterface>(op);
    if (!node) {
      return nodeError(graph) << "the body holds '" << op.getName() << "', expected nodes";
    }
    auto [first, isNew] = names.try_emplace(node.getNodeName(), &op);
    if (!isNew) {
      mlir::InFlightDiagnostic error = nodeError(&op)
                                       << "two nodes have this name, expected one of a name";
      error.attachNote(first->second->getLoc()) << "the other one";
      return error;
    }
  }
  return mlir::success();
}

/// graph (G2): the outermost graph alone has a version, and nothing outside drives or reads it.
static mlir::LogicalResult verifyPlace(GraphOp graph) {
  if (!graph.isOutermost()) {
    if (graph.getVersion()) {
      return nodeError(graph) << "a subgraph has a version, expected it at the outermost graph";
    }
    return mlir::success();
  }
  if (graph->getNumOperands() > 0 || graph->getNumResults() > 0) {
    return nodeError(graph) << "the outermost graph has " << graph->getNumOperands()
                            << " inputs and " << graph->getNumResults()
                            << " results, expected none";
  }
  return mlir::success();
}

/// What one operand or result of a subgraph is tied to.
struct PortUse {
  llvm::StringRef port;
  SignalType signal;
  const char *side, *kind; ///< for the messages
};

static mlir::LogicalResult verifyPort(GraphOp graph, GraphOp subgraph, Ports &ports,
                                      const PortUse &use, NodeOpInterface end) {
  if (!end) {
    mlir::InFlightDiagnostic error = nodeError(subgraph);
    error << use.side << " '" << use.port << "' names no " << use.kind << " node";
    error.attachNote() << "an empty name stands for the only " << use.kind << " node";
    return error;
  }
  if (!use.port.empty()) {
    NodeOpInterface meant = ports.find(graph, spelled(subgraph.getName(), use.port));
    auto inner = llvm::dyn_cast<GraphOp>(*meant);
    bool isEnd = inner ? end->getParentOp() == inner : meant == end;
    if (!isEnd) {
      return nodeError(subgraph) << use.side << " '" << use.port << "' is spelled '"
                                 << spelled(subgraph.getName(), use.port)
                                 << "' in a file, where it means node '" << nodePath(meant) << "'";
    }
  }
  Shape declared;
  for (int64_t dim : viewOf(end->getAttrOfType<mlir::ElementsAttr>("shape")).toInts()) {
    declared.push_back(dim);
  }
  Shape got(use.signal.getShape().begin(), use.signal.getShape().end());
  if (got != declared) {
    mlir::InFlightDiagnostic error = nodeError(subgraph)
                                     << use.side << " '" << use.port << "' has shape " << str(got)
                                     << ", expected " << str(declared);
    error.attachNote(end->getLoc()) << "which node '" << nodePath(end) << "' declares";
    return error;
  }
  return mlir::success();
}

/// graph (G3): the ports of the subgraphs in a body.
static mlir::LogicalResult verifyPorts(GraphOp graph) {
  Ports ports;
  for (auto subgraph : graph.getBody().getOps<GraphOp>()) {
    if (subgraph.getInputPorts().size() != subgraph->getNumOperands() ||
        subgraph.getOutputPorts().size() != subgraph->getNumResults()) {
      return nodeError(subgraph) << "has " << subgraph.getInputPorts().size() << " and "
                                 << subgraph.getOutputPorts().size() << " ports, expected "
                                 << subgraph->getNumOperands() << " and "
                                 << subgraph->getNumResults() << " like operands and results";
    }
    for (auto [value, name] : llvm::zip(subgraph.getInputs(), subgraph.getInputPorts())) {
      PortUse use{llvm::cast<mlir::StringAttr>(name).getValue(),
                  llvm::cast<SignalType>(value.getType()), "input", "Input"};
      InputOp end = ports.input(subgraph, use.port);
      if (mlir::failed(verifyPort(graph, subgraph, ports, use,
                                  end ? NodeOpInterface(end) : NodeOpInterface()))) {
        return mlir::failure();
      }
    }
    llvm::StringMap<char> seen;
    for (auto [value, name] : llvm::zip(subgraph.getOutputs(), subgraph.getOutputPorts())) {
      PortUse use{llvm::cast<mlir::StringAttr>(name).getValue(),
                  llvm::cast<SignalType>(value.getType()), "output", "Output"};
      if (!seen.try_emplace(use.port).second) {
        return nodeError(subgraph)
               << "two results are called '" << use.port << "', expected one of a spelling";
      }
      OutputOp end = ports.output(subgraph, use.port);
      if (mlir::failed(verifyPort(graph, subgraph, ports, use,
                                  end ? NodeOpInterface(end) : NodeOpInterface()))) {
        return mlir::failure();
      }
    }
  }
  return mlir::success();
}

/// graph (G4): a permutation of the edges in which those of a node keep their order.
static mlir::LogicalResult verifyEdgeOrder(GraphOp graph) {
  std::optional<llvm::ArrayRef<int64_t>> order = graph.getEdgeOrder();
  if (!order) {
    return mlir::success();
  }
  llvm::SmallVector<unsigned> nodeOf; // the node that each edge enters
  unsigned nodes = 0;
  for (mlir::Operation &op : graph.getBody().front()) {
    nodeOf.append(op.getNumOperands(), nodes++);
  }
  if (order->size() != nodeOf.size()) {
    return nodeError(graph) << "edge_order has " << order->size() << " places, expected "
                            << nodeOf.size() << ", one an edge";
  }
  llvm::SmallVector<int64_t> last(nodes, -1);
  llvm::BitVector seen(nodeOf.size());
  for (int64_t place : *order) {
    if (place < 0 || place >= static_cast<int64_t>(nodeOf.size()) || seen.test(place)) {
      return nodeError(graph) << "edge_order has place " << place << ", expected each from 0 to "
                              << nodeOf.size() - 1 << " once";
    }
    seen.set(place);
    if (place < last[nodeOf[place]]) {
      return nodeError(graph) << "edge_order has place " << place << " after "
                              << last[nodeOf[place]]
                              << ", expected the edges into a node in the order of its operands";
    }
    last[nodeOf[place]] = place;
  }
  return mlir::success();
}

mlir::LogicalResult GraphOp::verifyRegions() {
  return mlir::failure(mlir::failed(verifyBody(*this)) || mlir::failed(verifyPlace(*this)) ||
                       mlir::failed(verifyPorts(*this)) || mlir::failed(verifyEdgeOrder(*this)));
}

} // namespace nir
