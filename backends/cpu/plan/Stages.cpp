//===- Stages.cpp - where threads that share a step must meet -------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/plan/Stages.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace nirc::cpu;

/// A reshape is its source.
static const void *resourceOf(Value signal) {
  while (auto reshape = signal.getDefiningOp<snn::ReshapeOp>()) {
    signal = reshape.getSignal();
  }
  return signal.getAsOpaquePointer();
}

Accesses nirc::cpu::accessesOf(Operation &op, bool isShared) {
  Accesses accesses;
  Scope own = isShared ? Scope::Range : Scope::Whole;
  if (auto delay = dyn_cast<snn::DelayOp>(op)) {
    // A ring is read here; the signal itself where an element has no delay.
    accesses.push_back({&op, false, own});
    if (delay.shortest() == 0) {
      accesses.push_back({resourceOf(delay.getSignal()), false, own});
    }
  } else {
    Scope inputs = isShared && isa<snn::DenseOp>(op) ? Scope::All : own; // a matrix reads all
    for (Value operand : op.getOperands()) {
      accesses.push_back({resourceOf(operand), false, inputs});
    }
  }
  for (Value result : op.getResults()) {
    accesses.push_back({resourceOf(result), true, own});
  }
  return accesses;
}

Accesses nirc::cpu::gatherAccesses(Value signal) {
  return {{resourceOf(signal), true, Scope::Range}};
}

Accesses nirc::cpu::delayWriteAccesses(snn::DelayOp op) {
  // Not the result: a list that the next step reads is another than this step's.
  return {{op.getOperation(), true, Scope::Range},
          {resourceOf(op.getSignal()), false, Scope::Range}};
}

Accesses nirc::cpu::inputAccesses(snn::NetworkOp network) {
  Accesses accesses;
  for (auto input : network.getBody().getOps<snn::InputOp>()) {
    accesses.push_back({resourceOf(input.getResult()), true, Scope::Range});
  }
  return accesses;
}

Accesses nirc::cpu::outputAccesses(snn::NetworkOp network) {
  Accesses accesses;
  for (auto output : network.getBody().getOps<snn::OutputOp>()) {
    accesses.push_back({resourceOf(output.getSignal()), false, Scope::Range});
  }
  for (auto record : network.getBody().getOps<snn::RecordOp>()) {
    if (Value signal = record.getSignal()) { // a state is read by the part that updates it
      accesses.push_back({resourceOf(signal), false, Scope::Range});
    }
  }
  return accesses;
}

/// Of two accesses to the same resource.
static bool conflict(const Access &x, const Access &y) {
  bool same = x.scope == y.scope && x.scope != Scope::All; // by the same part
  return (x.write || y.write) && !same;
}

SmallVector<int64_t> nirc::cpu::stagesOf(ArrayRef<Accesses> functions) {
  SmallVector<int64_t> stages;
  llvm::DenseMap<const void *, Accesses> current; // the accesses of the stage, by resource
  for (const Accesses &function : functions) {
    bool meets = llvm::any_of(function, [&](const Access &one) {
      auto earlier = current.find(one.resource);
      return earlier != current.end() && llvm::any_of(earlier->second, [&](const Access &other) {
               return conflict(one, other);
             });
    });
    if (meets) {
      current.clear();
    }
    for (const Access &one : function) {
      current[one.resource].push_back(one);
    }
    stages.push_back(stages.empty() ? 0 : stages.back() + (meets ? 1 : 0));
  }
  return stages;
}
