//===- Memory.cpp - what a network takes of flash and RAM -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/emit/Memory.h"

#include "backends/cpu/plan/Lifetimes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace nirc;
using namespace nirc::cpu;

StringRef nirc::cpu::nodeOf(Operation *op) {
  auto name = dyn_cast<NameLoc>(op->getLoc());
  return name ? name.getName().getValue() : StringRef();
}

/// Bytes that an op takes in Thumb-2, in the mean of what gcc and clang made of some networks with
/// -Os. Doubles, and floats where a processor has none, are calls.
static int64_t codeBytesOf(Operation &op) {
  bool isWide = llvm::any_of(op.getResultTypes(), [](Type type) { return type.isInteger(64); });
  if (isa<arith::ConstantOp, memref::GetGlobalOp, memref::ViewOp, arith::IndexCastOp,
          arith::IndexCastUIOp, arith::ExtSIOp, arith::ExtUIOp, arith::TruncIOp>(op)) {
    return 0;
  }
  if (isa<scf::ForOp, scf::WhileOp, scf::IfOp>(op)) {
    return 6;
  }
  return isWide ? 8 : 3;
}

static int64_t codeBytesOf(ModuleOp module) {
  constexpr int64_t ofFunction = 16, ofInterface = 150;
  int64_t bytes = ofInterface;
  module.walk([&](func::FuncOp function) {
    bytes += ofFunction;
    function.walk([&](Operation *op) { bytes += codeBytesOf(*op); });
  });
  return bytes;
}

MemoryUse nirc::cpu::memoryOf(const Lowered &lowered, ModuleOp module) {
  MemoryUse use;
  llvm::MapVector<StringRef, MemoryUse::Row> rows;
  for (const NodeFunction &function : lowered.nodes) {
    rows.insert({function.node, {}});
  }
  // A parameter is the first node's that reads it; one that nothing reads is not written.
  llvm::StringMap<StringRef> readers;
  module.walk(
      [&](memref::GetGlobalOp global) { readers.insert({global.getName(), nodeOf(global)}); });
  for (const Parameter &parameter : lowered.parameters) {
    if (auto reader = readers.find(parameter.symbol); reader != readers.end()) {
      rows[reader->second].flashBytes += static_cast<int64_t>(parameter.data().size());
    }
  }
  SharedMemory shared = shareMemory(lowered.layout.slots);
  int64_t alignment = shared.alignment;
  use.signalBytes = use.ramBytes = shared.bytes;
  for (const NamedSlot &named : lowered.layout.slots) {
    if (!named.lifetime) {
      rows[named.node].ramBytes += named.slot.bytes();
      use.ramBytes += named.slot.bytes();
      alignment = std::max(alignment, static_cast<int64_t>(nir::sizeOf(named.slot.type)));
    }
  }
  use.ramBytes = static_cast<int64_t>(llvm::alignTo(use.ramBytes, alignment));
  for (auto &[node, row] : rows) {
    if (row.flashBytes > 0 || row.ramBytes > 0) {
      row.node = node.str();
      use.rows.push_back(std::move(row));
    }
  }
  use.codeBytes = codeBytesOf(module);
  return use;
}
