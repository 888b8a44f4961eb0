//===- LowerDelay.cpp - functions of delays -------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// A delay is a ring of signals, as arrays, as lists of events, or both. It is read where it stands
// and written at the end of the step. A list that waits one step needs no ring: what is copied at
// the end of this step is what the next one reads. Where threads share the step it is copied while
// others still read that of this step, so there are two lists, which take turns.

#include "backends/cpu/lower/Compact.h"
#include "backends/cpu/plan/Lifetimes.h"

using namespace mlir;
using namespace nirc::cpu;

/// The ring whose events are kept; null where there is none.
static const Ring *ringOf(Emitter &emit, snn::DelayOp op) {
  auto found = emit.layout.rings.find(op);
  return found == emit.layout.rings.end() ? nullptr : &found->second;
}

static Value headOf(Emitter &emit, const Ring &ring) {
  return emit.loadIndex(emit.array(ring.head), emit.ownCounter());
}

/// Whether the delay hands on lists as they are.
static bool passesEvents(Emitter &emit, snn::DelayOp op) {
  return delaysEvents(op) && emit.signal(op.getResult()).events;
}

//===----------------------------------------------------------------------===//
// Arrays
//===----------------------------------------------------------------------===//

namespace {
/// How many steps ago, for each element or for all of them.
struct Ago {
  Ago(Emitter &emit, snn::DelayOp op) {
    ArrayRef<int64_t> steps = op.getSteps();
    if (op.longest() == op.shortest()) {
      uniform = emit.index(steps[0]);
      return;
    }
    auto count = static_cast<int64_t>(steps.size());
    if (emit.options.compact && op.longest() <= std::numeric_limits<uint16_t>::max()) {
      each = emit.parameter(nir::DType::U16, count, [&](char *to) {
        llvm::transform(steps, reinterpret_cast<uint16_t *>(to),
                        [](int64_t ago) { return static_cast<uint16_t>(ago); });
      });
      return;
    }
    each = emit.parameter(nir::DType::I64, count, [&](char *to) {
      std::copy(steps.begin(), steps.end(), reinterpret_cast<int64_t *>(to));
    });
  }
  Value of(Emitter &emit, Value i) const {
    return uniform ? uniform : emit.loadUnsignedIndex(each, i);
  }
  Value uniform, each;
};
} // namespace

/// The row of the ring that was written `ago` steps before this one: (head + length - ago) mod
/// length.
static Value rowOf(Emitter &emit, const Ring &ring, Value head, Value ago) {
  Value back = emit.sub(emit.add(head, emit.index(ring.length)), ago);
  return emit.rem(back, emit.index(ring.length));
}

/// y = x where the delay is 0, else the signal of that many steps ago: at head - steps in the ring,
/// which at head still holds the oldest.
static void readArray(Emitter &emit, snn::DelayOp op, const Ring &ring) {
  Value rings = emit.array(*ring.arrays), result = emit.array(op.getResult());
  Value head = headOf(emit, ring);
  Ago ago(emit, op);
  auto [from, to] = emit.range(snn::elementsOf(op.getType()));
  if (ago.uniform) {
    Value row = rowOf(emit, ring, head, ago.uniform);
    emit.loop(from, to, emit.lanes, [&](Value i) {
      emit.storeLanes(emit.loadLanes(rings, emit.flat(row, ring.pitch, i)), result, i);
    });
    return;
  }
  Value signal = op.shortest() == 0 ? emit.array(op.getSignal()) : Value();
  Value started = signal && op.getStart() ? emit.hasStarted(op.getStart()) : Value();
  emit.loop(from, to, [&](Value i) {
    Value steps = ago.of(emit, i);
    Value old = emit.load(rings, emit.flat(rowOf(emit, ring, head, steps), ring.pitch, i));
    if (signal) {
      Value now = emit.compare(arith::CmpIPredicate::eq, steps, emit.index(0));
      if (started) { // else what the ring holds there, 0
        now = arith::AndIOp::create(emit.builder, op.getLoc(), now, started);
      }
      old = arith::SelectOp::create(emit.builder, op.getLoc(), now, emit.load(signal, i), old);
    }
    emit.store(old, result, i);
  });
}

static void copyArray(Emitter &emit, Value from, Value fromStart, Value to, Value toStart,
                      int64_t elements) {
  auto [first, end] = emit.range(elements);
  emit.loop(first, end, emit.lanes, [&](Value i) {
    emit.storeLanes(emit.loadLanes(from, emit.add(fromStart, i)), to, emit.add(toStart, i));
  });
}

//===----------------------------------------------------------------------===//
// Bits
//===----------------------------------------------------------------------===//

/// Elements of arrays, which are words where they are bits.
static void copyElements(Emitter &emit, Value from, Value fromStart, Value to, Value toStart,
                         int64_t words) {
  emit.loop(words, [&](Value w) {
    emit.store(emit.load(from, emit.add(fromStart, w)), to, emit.add(toStart, w));
  });
}

/// As readArray, of bits.
static void readBits(Emitter &emit, snn::DelayOp op, const Ring &ring) {
  const Slot &slot = *emit.signal(op.getResult()).bits;
  Value rings = emit.array(*ring.arrays), result = emit.array(slot), head = headOf(emit, ring);
  Ago ago(emit, op);
  if (ago.uniform) {
    Value start = emit.mul(rowOf(emit, ring, head, ago.uniform), emit.index(ring.pitch));
    return copyElements(emit, rings, start, result, emit.index(0), ring.pitch);
  }
  Value signal;
  if (op.shortest() == 0) {
    signal = emit.array(*emit.signal(op.getSignal()).bits);
  }
  Value started = signal && op.getStart() ? emit.hasStarted(op.getStart()) : Value();
  clearBits(emit, slot);
  emit.loop(snn::elementsOf(op.getType()), [&](Value i) {
    Value steps = ago.of(emit, i);
    Value row = emit.mul(rowOf(emit, ring, head, steps), emit.index(ring.pitch * 32));
    Value bit = bitAt(emit, rings, emit.add(row, i));
    if (signal) {
      Value now = emit.compare(arith::CmpIPredicate::eq, steps, emit.index(0));
      if (started) { // else what the ring holds there, 0
        now = emit.both(now, started);
      }
      bit = emit.pick(now, bitAt(emit, signal, i), bit);
    }
    emit.when(emit.isNonZero(bit), [&] { setBit(emit, result, i); });
  });
}

//===----------------------------------------------------------------------===//
// Lists
//===----------------------------------------------------------------------===//

namespace {
/// A list somewhere: in a signal's slots, or in a row of a ring.
struct Place {
  Value list, counts, firstElement, firstCount;
};
} // namespace

static Place placeOf(Emitter &emit, const Events &events) {
  auto [firstElement, firstCount] = emit.firstOf(events);
  return {emit.array(events.list), emit.array(events.counts), firstElement, firstCount};
}

static Place placeOf(Emitter &emit, const Ring &ring, Value row) {
  return {emit.array(*ring.lists), emit.array(*ring.counts), emit.mul(row, emit.index(ring.pitch)),
          emit.mul(row, emit.index(ring.counts->elements / ring.length))};
}

/// This part's events.
static void copyEvents(Emitter &emit, const Place &from, const Place &to, int64_t elements) {
  Value own = emit.ownCounter();
  Value start = emit.part ? emit.rangeStart(elements, emit.part) : emit.index(0);
  Value count = emit.load(from.counts, emit.add(from.firstCount, own));
  emit.store(count, to.counts, emit.add(to.firstCount, own));
  Value end = emit.add(start, emit.cast(emit.builder.getIndexType(), count));
  emit.loop(start, end, emit.lanes, [&](Value k) {
    emit.storeLanes(emit.loadLanes(from.list, emit.add(from.firstElement, k)), to.list,
                    emit.add(to.firstElement, k));
  });
}

/// The same to the list whose turn is next, which this makes it.
static void copyToNextTurn(Emitter &emit, const Place &from, const Events &to, int64_t elements) {
  Value next = emit.sub(emit.index(1), emit.turnOf(to));
  auto [firstElement, firstCount] = emit.firstOf(to, next);
  copyEvents(emit, from, {emit.array(to.list), emit.array(to.counts), firstElement, firstCount},
             elements);
  emit.storeIndex(next, emit.array(*to.turn), emit.ownCounter());
}

//===----------------------------------------------------------------------===//
// The two halves
//===----------------------------------------------------------------------===//

/// Compact code: there is nothing but arrays and bits.
static void readCompact(Emitter &emit, snn::DelayOp op) {
  const Signal &result = emit.signal(op.getResult());
  const Ring *ring = ringOf(emit, op);
  if (ring) {
    return result.bits ? readBits(emit, op, *ring) : readArray(emit, op, *ring);
  }
  if (isKeptByDelay(op)) {
    return; // the result is there since the end of the last step
  }
  emit.from(op.getStart(), [&] { // no delay at all
    const Slot &to = result.values(), &from = emit.signal(op.getSignal()).values();
    copyElements(emit, emit.array(from), emit.index(0), emit.array(to), emit.index(0), to.elements);
  });
}

static void writeCompact(Emitter &emit, snn::DelayOp op) {
  const Signal &result = emit.signal(op.getResult());
  if (!result.array && !result.bits) {
    return;
  }
  const Ring *ring = ringOf(emit, op);
  const Slot &from = emit.signal(op.getSignal()).values();
  const Slot &to = ring ? *ring->arrays : result.values();
  Value head = ring ? headOf(emit, *ring) : Value();
  Value start = ring ? emit.mul(head, emit.index(ring->pitch)) : emit.index(0);
  emit.from(op.getStart(), [&] {
    copyElements(emit, emit.array(from), emit.index(0), emit.array(to), start, from.elements);
  });
  if (ring) {
    Value next = emit.rem(emit.add(head, emit.index(1)), emit.index(ring->length));
    emit.storeIndex(next, emit.array(ring->head), emit.index(0));
  }
}

void nirc::cpu::emitDelayRead(Emitter &emit, snn::DelayOp op) {
  if (emit.options.compact) {
    return readCompact(emit, op);
  }
  int64_t elements = snn::elementsOf(op.getType());
  const Signal &result = emit.signal(op.getResult());
  const Ring *ring = ringOf(emit, op);
  if (ring && ring->arrays) {
    readArray(emit, op, *ring);
  } else if (result.array) { // no delay at all
    emit.from(op.getStart(), [&] {
      copyArray(emit, emit.array(op.getSignal()), emit.index(0), emit.array(*result.array),
                emit.index(0), elements);
    });
  }
  if (ring && ring->lists) {
    copyEvents(emit, placeOf(emit, *ring, headOf(emit, *ring)), placeOf(emit, *result.events),
               elements);
  }
}

void nirc::cpu::emitDelayWrite(Emitter &emit, snn::DelayOp op) {
  if (emit.options.compact) {
    return writeCompact(emit, op);
  }
  int64_t elements = snn::elementsOf(op.getType());
  const Ring *ring = ringOf(emit, op);
  Value head = ring ? headOf(emit, *ring) : Value();
  emit.from(op.getStart(), [&] {
    if (ring && ring->arrays) {
      copyArray(emit, emit.array(op.getSignal()), emit.index(0), emit.array(*ring->arrays),
                emit.mul(head, emit.index(ring->pitch)), elements);
    }
    if (passesEvents(emit, op)) {
      Place from = placeOf(emit, *emit.signal(op.getSignal()).events);
      const Events &result = *emit.signal(op.getResult()).events;
      if (ring && ring->lists) {
        copyEvents(emit, from, placeOf(emit, *ring, head), elements);
      } else if (result.turn) {
        copyToNextTurn(emit, from, result, elements);
      } else {
        copyEvents(emit, from, placeOf(emit, result), elements);
      }
    }
  });
  if (ring) {
    Value next = emit.rem(emit.add(head, emit.index(1)), emit.index(ring->length));
    emit.storeIndex(next, emit.array(ring->head), emit.ownCounter());
  }
}
