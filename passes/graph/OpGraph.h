//===- OpGraph.h - a nested nir.graph made flat -----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// A nested nir.graph as one flat graph: its nodes, what each reads, in which order a step evaluates
// them, and which edges carry the value of the step before. docs/semantics.md, "Cycles".

#pragma once

#include "dialects/nir/Ops.h"
#include "ir/choices/Semantics.h"
#include "ir/graph/SignalKinds.h"

#include "llvm/ADT/DenseMap.h"

#include <string>
#include <vector>

namespace nirc {

struct OpNode {
  mlir::Operation *op = nullptr;
  std::string path; ///< "encoder.lif1"
  bool outermost =
      false; ///< in the outermost graph: its inputs and outputs are those of the network
  std::vector<unsigned> reads; ///< the sources of its edges, in the file's order
  std::vector<bool> feedback;  ///< for each of them, whether it is read as of the step before
  /// A neuron that spikes for the v of the step before and lies on a loop: it comes before what it
  /// reads.
  bool isAhead = false;

  /// Whether what it passes on follows from its inputs alone: no neuron, no delay, no input of the
  /// network.
  bool isStateless() const;
  /// Whether it holds a membrane or a threshold.
  bool isNeuron() const;
};

struct OpGraph {
  std::vector<OpNode> nodes;   ///< subgraphs in the place of their op
  std::vector<unsigned> order; ///< in which a step evaluates them
};

/// Flattens `graph` and orders it. Fails with a diagnostic at a port that is not there, and at a
/// loop without state.
llvm::FailureOr<OpGraph> flatten(nir::GraphOp graph, const nir::Semantics &semantics);

/// Writes into the graph which of its edges are feedback edges, unless it says so already.
/// `flatten` reads it then: the rule looks at the graph as it was before passes changed it.
mlir::LogicalResult settleFeedback(nir::GraphOp graph, const nir::Semantics &semantics);
/// Of a graph that says so: whether an edge is a feedback edge, and to make it one. `copyLate`
/// gives an op with other attributes, `to`, the feedback edges into `from`.
bool isLate(mlir::OpOperand &operand);
void setLate(mlir::OpOperand &operand);
void copyLate(mlir::Operation *from, mlir::NamedAttrList &to);

/// The kind of signal that each node passes on, by the rule of ir/graph/SignalKinds.h.
std::vector<nir::SignalKind> signalKinds(const OpGraph &flat, const nir::Semantics &semantics);

/// A delay in steps: floor(delay / dt + 0.5). Rounded, not truncated: 0.0006 / 0.0001 is 5.999...
int64_t delaySteps(double delaySeconds, double dtSeconds);

} // namespace nirc
