//===- LowerElements.cpp - functions that go element by element -----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/Emitter.h"

using namespace mlir;
using namespace nirc::cpu;

void nirc::cpu::emitScale(Emitter &emit, snn::ScaleOp op) {
  Value signal = emit.array(op.getSignal()), result = emit.array(op.getResult());
  Numbers scale = emit.numbers(op.getScale());
  bool single = scale.size() == 1 || scale.isSplat();
  int64_t capacity = emit.signal(op.getResult()).array->capacity;
  Value uniform, each;
  if (single) {
    uniform = emit.splat(emit.number(scale[0]));
  } else {
    each = emit.parameter(scale, capacity, [&](int64_t i) { return i < scale.size() ? i : -1; });
  }
  auto [from, to] = emit.range(snn::elementsOf(op.getType()));
  emit.loop(from, to, emit.lanes, [&](Value i) {
    Value factor = single ? uniform : emit.loadNumberLanes(each, i);
    emit.storeLanes(emit.mul(emit.loadNumberLanes(signal, i), factor), result, i);
  });
}

void nirc::cpu::emitAdd(Emitter &emit, snn::AddOp op) {
  Emitter::Values signals;
  for (Value signal : op.getSignals()) {
    signals.push_back(emit.array(signal));
  }
  Value result = emit.array(op.getResult());
  auto [from, to] = emit.range(snn::elementsOf(op.getType()));
  emit.loop(from, to, emit.lanes, [&](Value i) {
    Value sum;
    for (Value signal : signals) {
      Value x = emit.loadNumberLanes(signal, i);
      sum = sum ? emit.add(sum, x) : x;
    }
    emit.storeLanes(sum ? sum : emit.splat(emit.number(0)), result, i);
  });
}

void nirc::cpu::emitGather(Emitter &emit, Value value) {
  const Signal &signal = emit.signal(value);
  Value array = emit.array(*signal.array), list = emit.array(signal.events->list);
  int64_t elements = snn::elementsOf(value.getType());
  auto [from, to] = emit.range(elements);
  Emitter::Values end =
      emit.loop(from, to, emit.lanes, from, [&](Value i, ValueRange count) -> Emitter::Values {
        Value mask = emit.isNonZero(emit.loadNumberLanes(array, i));
        if (Value inside = emit.below(i, elements)) {
          mask = arith::AndIOp::create(emit.builder, mask.getLoc(), mask, inside);
        }
        return emit.forEachSet(mask, i, count, [&](Value at, ValueRange inner) {
          return Emitter::Values{emit.append(list, inner[0], at)};
        });
      });
  emit.storeIndex(emit.sub(end[0], from), emit.array(signal.events->counts),
                  emit.part ? emit.part : emit.index(0));
}
