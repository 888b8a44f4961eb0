//===- Calls.cpp - the calls of a step ------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/lower/Calls.h"

#include "llvm/ADT/MapVector.h"

#include <cstring>

using namespace mlir;
using namespace nirc::cpu;

static void writeOneByOne(Emitter &emit, ArrayRef<Callee> callees, Value arena,
                          func::FuncOp report) {
  for (auto [number, callee] : llvm::enumerate(callees)) {
    emit.call(callee, arena);
    if (report) {
      emit.call({report}, emit.integer(static_cast<int64_t>(number), 64));
    }
  }
}

namespace {
/// Calls as numbers: which function, and its row.
struct CallTable {
  explicit CallTable(ArrayRef<Callee> callees);
  llvm::MapVector<Operation *, Callee> functions;
  std::vector<int64_t> numbers;
};
} // namespace

CallTable::CallTable(ArrayRef<Callee> callees) {
  llvm::DenseMap<Operation *, int64_t> numberOf;
  for (Callee callee : callees) {
    functions.insert({callee.function, callee});
    auto [found, isNew] = numberOf.try_emplace(callee.function, numberOf.size());
    numbers.push_back(found->second);
    numbers.push_back(callee.row.value_or(0));
  }
}

/// `switch (which) { case 0: first(arena, row) ... }`
static void writeSwitch(Emitter &emit, Location loc, const CallTable &calls, Value which, Value row,
                        Value arena) {
  OpBuilder &b = emit.builder;
  auto cases = llvm::to_vector(llvm::seq<int64_t>(0, static_cast<int64_t>(calls.functions.size())));
  auto branch = scf::IndexSwitchOp::create(b, loc, TypeRange(), which, cases,
                                           static_cast<unsigned>(cases.size()));
  OpBuilder::InsertionGuard guard(b);
  b.createBlock(&branch.getDefaultRegion());
  scf::YieldOp::create(b, loc);
  for (auto [region, entry] : llvm::zip(branch.getCaseRegions(), calls.functions)) {
    b.createBlock(&region);
    SmallVector<Value> arguments{arena};
    if (entry.second.row) {
      arguments.push_back(row);
    }
    emit.call({entry.second.function}, arguments);
    scf::YieldOp::create(b, loc);
  }
}

static void writeListed(Emitter &emit, Location loc, ArrayRef<Callee> callees, Value arena,
                        func::FuncOp report) {
  CallTable calls(callees);
  OpBuilder &b = emit.builder;
  for (auto &[op, callee] : calls.functions) {
    // Each is called in one place, where all would be inlined into one function.
    op->setAttr("passthrough", b.getStrArrayAttr({"noinline"}));
  }
  Value table =
      emit.parameter(nir::DType::I64, static_cast<int64_t>(calls.numbers.size()), [&](char *to) {
        std::memcpy(to, calls.numbers.data(), calls.numbers.size() * sizeof(int64_t));
      });
  emit.loop(static_cast<int64_t>(callees.size()), [&](Value number) {
    Value at = emit.mul(number, emit.index(2));
    Value which = emit.loadIndex(table, at);
    Value row = emit.loadIndex(table, emit.add(at, emit.index(1)));
    writeSwitch(emit, loc, calls, which, row, arena);
    if (report) {
      emit.call({report}, emit.cast(b.getI64Type(), number));
    }
  });
}

func::FuncOp nirc::cpu::beginCalls(Emitter &emit, Location loc, StringRef name,
                                   ArrayRef<Callee> callees, func::FuncOp report) {
  func::FuncOp function = emit.begin(loc, name, /*isShared=*/false);
  auto least = static_cast<size_t>(emit.options.leastListed);
  if (least > 0 && callees.size() >= least) {
    writeListed(emit, loc, callees, function.getArgument(0), report);
  } else {
    writeOneByOne(emit, callees, function.getArgument(0), report);
  }
  return function;
}
