//===- LowerElements.cpp - functions that go element by element -----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/lower/Emitter.h"

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
