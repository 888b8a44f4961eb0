//===- Ports.cpp - the ports of subgraphs ---------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nir/Ports.h"

#include "llvm/ADT/TypeSwitch.h"

namespace nir {

const Ports::Table &Ports::tableOf(GraphOp graph) {
  std::unique_ptr<Table> &table = tables[graph];
  if (!table) {
    table = std::make_unique<Table>();
    for (mlir::Operation &op : graph.getBody().getOps()) {
      llvm::TypeSwitch<mlir::Operation *>(&op)
          .Case([&](InputOp) { table->inputs.push_back(&op); })
          .Case([&](OutputOp) { table->outputs.push_back(&op); });
      if (auto node = llvm::dyn_cast<NodeOpInterface>(op)) {
        table->byName.try_emplace(node.getNodeName(), &op);
      }
    }
  }
  return *table;
}

NodeOpInterface Ports::find(GraphOp graph, llvm::StringRef name) {
  const Table &table = tableOf(graph);
  if (mlir::Operation *exact = table.byName.lookup(name)) {
    return llvm::cast<NodeOpInterface>(exact);
  }
  for (size_t dot = name.find('.'); dot != llvm::StringRef::npos; dot = name.find('.', dot + 1)) {
    auto inner = llvm::dyn_cast_or_null<GraphOp>(table.byName.lookup(name.take_front(dot)));
    if (NodeOpInterface found = inner ? find(inner, name.drop_front(dot + 1)) : nullptr) {
      return found;
    }
  }
  return nullptr;
}

template <typename OpT>
OpT Ports::end(GraphOp subgraph, llvm::StringRef port,
               llvm::SmallVector<mlir::Operation *, 1> Table::*ends) {
  if (!port.empty()) {
    NodeOpInterface found = find(subgraph, port);
    auto inner = found ? llvm::dyn_cast<GraphOp>(*found) : nullptr;
    if (!inner) {
      return found ? llvm::dyn_cast<OpT>(*found) : nullptr;
    }
    subgraph = inner;
  }
  const auto &all = tableOf(subgraph).*ends;
  return all.size() == 1 ? llvm::cast<OpT>(all.front()) : nullptr;
}

InputOp Ports::input(GraphOp subgraph, llvm::StringRef port) {
  return end<InputOp>(subgraph, port, &Table::inputs);
}

OutputOp Ports::output(GraphOp subgraph, llvm::StringRef port) {
  return end<OutputOp>(subgraph, port, &Table::outputs);
}

std::string spelled(llvm::StringRef node, llvm::StringRef port) {
  return port.empty() ? node.str() : (node + "." + port).str();
}

} // namespace nir
