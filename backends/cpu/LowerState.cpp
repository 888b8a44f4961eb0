//===- LowerState.cpp - functions of populations and delays ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The functions of populations and delays: what has state.

#include "backends/cpu/Emitter.h"

#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace nirc::cpu;

/// A row of slots as arrays.
static SmallVector<Value> arrays(Emitter &emit, ArrayRef<Slot> slots) {
  SmallVector<Value> all;
  for (const Slot &slot : slots) {
    all.push_back(emit.array(slot));
  }
  return all;
}

/// One update of every neuron.
static void emitUpdate(Emitter &emit, snn::PopulationOp op) {
  SmallVector<Value> inputs, states = arrays(emit, emit.layout.states.lookup(op));
  for (Value input : op.getInputs()) {
    inputs.push_back(emit.array(input));
  }
  SmallVector<Emitter::Weights> parameters;
  for (Attribute values : op.getParams()) {
    parameters.push_back(emit.weights(cast<ElementsAttr>(values)));
  }
  Value result = emit.array(op.getResult());
  bool spikes = snn::isSpikes(op.getType());

  emit.loop(snn::elementsOf(op.getType()), [&](Value i) {
    Value u;
    for (Value input : inputs) {
      Value x = emit.loadNumber(input, i);
      u = u ? emit.add(u, x) : x;
    }
    SmallVector<Value> arguments{u ? u : emit.number(0)};
    for (Value state : states) {
      arguments.push_back(emit.load(state, i));
    }
    for (const Emitter::Weights &values : parameters) {
      arguments.push_back(emit.loadWeight(values, i));
    }
    Block &body = op.getBody().front();
    IRMapping mapping;
    mapping.map(body.getArguments(), arguments);
    for (Operation &inner : body.without_terminator()) {
      emit.builder.clone(inner, mapping);
    }
    auto yield = cast<snn::YieldOp>(body.getTerminator());
    Value passedOn = mapping.lookupOrDefault(yield.getValues()[0]);
    if (spikes) {
      passedOn =
          arith::ExtUIOp::create(emit.builder, op.getLoc(), emit.builder.getI8Type(), passedOn);
    }
    emit.store(passedOn, result, i);
    for (auto [state, value] : llvm::zip(states, yield.getValues().drop_front())) {
      emit.store(mapping.lookupOrDefault(value), state, i);
    }
  });
}

/// Before its start a population leaves its states and its result as the arena has them first, 0.
void nirc::cpu::emitPopulation(Emitter &emit, snn::PopulationOp op) {
  emit.from(op.getStart(), [&] { emitUpdate(emit, op); });
}

/// The delays of a DelayOp as an array of i64, or null where there is one for all.
static Emitter::Weights stepsOf(Emitter &emit, snn::DelayOp op) {
  if (op.getSteps().size() == 1) {
    return {Value(), emit.index(op.getSteps()[0])};
  }
  auto type = RankedTensorType::get({static_cast<int64_t>(op.getSteps().size())},
                                    emit.builder.getI64Type());
  return {emit.integers(DenseIntElementsAttr::get(type, op.getSteps())), Value()};
}

/// y = x where the delay is 0, else the signal of that many steps ago: at head - steps in the ring,
/// which at head still holds the oldest.
void nirc::cpu::emitDelayRead(Emitter &emit, snn::DelayOp op) {
  OpBuilder &b = emit.builder;
  Location loc = op.getLoc();
  int64_t elements = snn::elementsOf(op.getType());
  Value result = emit.array(op.getResult());
  if (op.longest() == 0) {
    Value signal = emit.array(op.getSignal());
    emit.from(op.getStart(), [&] {
      emit.loop(elements, [&](Value i) { emit.store(emit.load(signal, i), result, i); });
    });
    return;
  }
  const Ring ring = emit.layout.rings.lookup(op);
  Value signals = emit.array(ring.signals), zero = emit.index(0);
  Value head =
      arith::IndexCastOp::create(b, loc, b.getIndexType(), emit.load(emit.array(ring.head), zero));
  Emitter::Weights steps = stepsOf(emit, op);
  Value signal = op.shortest() == 0 ? emit.array(op.getSignal()) : Value();
  Value started = signal && op.getStart() ? emit.hasStarted(op.getStart()) : Value();

  emit.loop(elements, [&](Value i) {
    Value ago = steps.uniform;
    if (!ago) {
      ago = arith::IndexCastOp::create(b, loc, b.getIndexType(), emit.load(steps.array, i));
    }
    // (head + length - ago) mod length
    Value back = arith::SubIOp::create(b, loc, emit.add(head, emit.index(ring.length)), ago);
    Value row = arith::RemUIOp::create(b, loc, back, emit.index(ring.length));
    Value old = emit.load(signals, emit.flat(row, elements, i));
    if (signal) {
      Value now = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, ago, zero);
      if (started) { // else what the ring holds there, 0
        now = arith::AndIOp::create(b, loc, now, started);
      }
      old = arith::SelectOp::create(b, loc, now, emit.load(signal, i), old);
    }
    emit.store(old, result, i);
  });
}

void nirc::cpu::emitDelayWrite(Emitter &emit, snn::DelayOp op) {
  OpBuilder &b = emit.builder;
  Location loc = op.getLoc();
  const Ring ring = emit.layout.rings.lookup(op);
  int64_t elements = snn::elementsOf(op.getType());
  Value signals = emit.array(ring.signals), signal = emit.array(op.getSignal()),
        zero = emit.index(0);
  Value headArray = emit.array(ring.head);
  Value head = arith::IndexCastOp::create(b, loc, b.getIndexType(), emit.load(headArray, zero));
  emit.from(op.getStart(), [&] {
    emit.loop(elements, [&](Value i) {
      emit.store(emit.load(signal, i), signals, emit.flat(head, elements, i));
    });
  });
  Value next =
      arith::RemUIOp::create(b, loc, emit.add(head, emit.index(1)), emit.index(ring.length));
  emit.store(arith::IndexCastOp::create(b, loc, b.getI64Type(), next), headArray, zero);
}
