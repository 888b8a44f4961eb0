//===- Simplify.cpp - circuits without what nobody reads ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/hdl/Simplify.h"

#include "backends/fpga/hdl/Hdl.h"

#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace hdl;

/// Registers and memories that only feed themselves stay for MLIR, which does not follow loops:
/// what is needed is found from the outputs.
static void removeUnread(CircuitOp circuit) {
  Block &body = circuit.getBody().front();
  llvm::DenseSet<Operation *> needed;
  SmallVector<Operation *> open;
  auto need = [&](Operation *op) {
    if (op && needed.insert(op).second) {
      open.push_back(op);
    }
  };
  for (Operation &op : body) {
    if (isa<InputOp, OutputOp, InstanceOp>(op)) {
      need(&op);
    }
  }
  while (!open.empty()) {
    for (Value operand : open.pop_back_val()->getOperands()) {
      need(operand.getDefiningOp());
    }
  }
  SmallVector<Operation *> dead;
  for (Operation &op : body) {
    if (!needed.contains(&op)) {
      op.dropAllReferences();
      dead.push_back(&op);
    }
  }
  for (Operation *op : dead) {
    op->dropAllUses();
    op->erase();
  }
}

static void addPasses(OpPassManager &passes) {
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
}

LogicalResult hdl::simplify(CircuitOp circuit) {
  PassManager passes(circuit.getContext(), CircuitOp::getOperationName());
  passes.enableVerifier(false);
  addPasses(passes);
  return passes.run(circuit);
}

LogicalResult hdl::simplify(mlir::ModuleOp circuits) {
  PassManager passes(circuits.getContext());
  passes.enableVerifier(false); // once, below
  addPasses(passes.nest<CircuitOp>());
  for (auto circuit : circuits.getOps<CircuitOp>()) {
    removeUnread(circuit);
  }
  if (failed(passes.run(circuits))) {
    return failure();
  }
  for (auto circuit : circuits.getOps<CircuitOp>()) {
    removeUnread(circuit);
  }
  return verify(circuits);
}
