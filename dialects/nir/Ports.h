//===- Ports.h - what an edge to a subgraph means ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "dialects/nir/Ops.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

namespace nir {

/// Finds the nodes that names mean, by the rule of ir/graph/FlatGraph.h. Keeps a table for each
/// graph it has looked into; valid as long as no node is added, removed or renamed.
class Ports {
public:
  /// The node called `name` as seen from the body of `graph`, or null: its node of exactly that
  /// name; else, for each prefix (the shortest first) that ends at a dot and names a subgraph, what
  /// the rest means there.
  NodeOpInterface find(GraphOp graph, llvm::StringRef name);
  /// The nir.input of a subgraph that an operand with this port drives, or null: `port` as in the
  /// op, empty for the only one.
  InputOp input(GraphOp subgraph, llvm::StringRef port);
  /// The nir.output of a subgraph that a result with this port reads, or null.
  OutputOp output(GraphOp subgraph, llvm::StringRef port);

private:
  struct Table {
    llvm::StringMap<mlir::Operation *> byName;
    llvm::SmallVector<mlir::Operation *, 1> inputs, outputs;
  };
  const Table &tableOf(GraphOp graph);
  template <typename OpT>
  OpT end(GraphOp subgraph, llvm::StringRef port, llvm::SmallVector<mlir::Operation *, 1> Table::*);

  llvm::DenseMap<mlir::Operation *, std::unique_ptr<Table>> tables;
};

/// The name by which a file spells a port of a node: "enc", or "enc.left".
std::string spelled(llvm::StringRef node, llvm::StringRef port);

} // namespace nir
