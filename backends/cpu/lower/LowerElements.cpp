//===- LowerElements.cpp - functions that go element by element -----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/lower/Compact.h"

using namespace mlir;
using namespace nirc::cpu;

void nirc::cpu::emitScale(Emitter &emit, snn::ScaleOp op) {
  Source signal(emit, op.getSignal());
  Value result = emit.array(op.getResult());
  ArrayRef<int64_t> shape = snn::shapeOf(op.getType());
  ElementNumbers scale(emit, emit.numbers(op.getScale()), shape,
                       emit.signal(op.getResult()).array->capacity);
  forEachElement(emit, shape, scale.isByChannel(), [&](Value i, Value channel) {
    emit.storeLanes(emit.mul(signal.lanes(i), scale.lanes(i, channel)), result, i);
  });
}

void nirc::cpu::emitAdd(Emitter &emit, snn::AddOp op) {
  SmallVector<Source> signals;
  for (Value signal : op.getSignals()) {
    signals.emplace_back(emit, signal);
  }
  Value result = emit.array(op.getResult());
  auto [from, to] = emit.range(snn::elementsOf(op.getType()));
  emit.loop(from, to, emit.lanes, [&](Value i) {
    Value sum;
    for (Source &signal : signals) {
      Value x = signal.lanes(i);
      sum = sum ? emit.add(sum, x) : x;
    }
    emit.storeLanes(sum ? sum : emit.splat(emit.number(0)), result, i);
  });
}
