//===- Lifetimes.cpp - when a signal means something ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/plan/Lifetimes.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <limits>

using namespace mlir;
using namespace nirc::cpu;

/// Delays write, and results are read, behind all ops.
static constexpr int64_t endOfStep = std::numeric_limits<int64_t>::max();

uint64_t nirc::cpu::startOf(Operation &op) {
  if (auto population = dyn_cast<snn::PopulationOp>(op)) {
    return population.getStart();
  }
  auto delay = dyn_cast<snn::DelayOp>(op);
  return delay ? delay.getStart() : 0;
}

/// Calls visit(reader) for all that read the signal, also under another shape.
static void forEachReader(Value signal, llvm::function_ref<void(Operation *)> visit) {
  SmallVector<Value> names{signal};
  while (!names.empty()) {
    for (Operation *user : names.pop_back_val().getUsers()) {
      if (auto reshape = dyn_cast<snn::ReshapeOp>(user)) {
        names.push_back(reshape.getResult());
      } else {
        visit(user);
      }
    }
  }
}

bool nirc::cpu::isKeptByDelay(snn::DelayOp op) {
  bool isReadAfterStep = false;
  forEachReader(op.getResult(), [&](Operation *reader) {
    isReadAfterStep |= isa<snn::OutputOp, snn::RecordOp>(reader);
  });
  return op.longest() == 1 && op.shortest() == 1 && !isReadAfterStep;
}

Lifetimes::Lifetimes(snn::NetworkOp network) {
  for (Operation &op : network.getBody().front()) {
    places[&op] = static_cast<int64_t>(places.size());
  }
}

std::optional<Lifetime> Lifetimes::of(Value signal) const {
  Operation *maker = signal.getDefiningOp();
  auto delay = dyn_cast<snn::DelayOp>(maker);
  // What an op passes on before its start is what was there before the first step.
  if (startOf(*maker) > 0 || (delay && isKeptByDelay(delay))) {
    return std::nullopt;
  }
  int64_t made = places.lookup(maker);
  Lifetime lifetime{isa<snn::InputOp>(maker) ? -1 : made, made};
  forEachReader(signal, [&](Operation *reader) {
    bool isLate = isa<snn::DelayOp, snn::OutputOp, snn::RecordOp>(reader);
    lifetime.last = std::max(lifetime.last, isLate ? endOfStep : places.lookup(reader));
  });
  return lifetime;
}

SharedMemory nirc::cpu::shareMemory(ArrayRef<NamedSlot> slots) {
  SmallVector<const NamedSlot *> order;
  for (const NamedSlot &named : slots) {
    if (named.lifetime) {
      order.push_back(&named);
    }
  }
  // The largest first, which have the fewest places to go to.
  llvm::sort(order, [](const NamedSlot *a, const NamedSlot *b) {
    return std::pair(-a->slot.bytes(), a->slot.offset) <
           std::pair(-b->slot.bytes(), b->slot.offset);
  });
  SharedMemory memory;
  SmallVector<std::pair<const NamedSlot *, int64_t>> placed; // by ascending place
  for (const NamedSlot *named : order) {
    auto alignment = static_cast<int64_t>(nir::sizeOf(named->slot.type));
    int64_t place = 0;
    for (auto [other, at] : placed) {
      bool isBefore = place + named->slot.bytes() <= at;
      if (!isBefore && other->lifetime->meets(*named->lifetime)) {
        int64_t end = at + other->slot.bytes();
        place = std::max(place, static_cast<int64_t>(llvm::alignTo(end, alignment)));
      }
    }
    auto next = llvm::find_if(placed, [&](const auto &one) { return one.second > place; });
    placed.insert(next, {named, place});
    memory.places[named->slot.offset] = place;
    memory.bytes = std::max(memory.bytes, place + named->slot.bytes());
    memory.alignment = std::max(memory.alignment, alignment);
  }
  memory.bytes = static_cast<int64_t>(llvm::alignTo(memory.bytes, memory.alignment));
  return memory;
}
