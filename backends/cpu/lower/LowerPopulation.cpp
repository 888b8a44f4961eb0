//===- LowerPopulation.cpp - functions of populations ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// A population is one pass over its arrays: the sum of the inputs, the update, and the list of who
// spiked, a vector of neurons at a time.

#include "backends/cpu/lower/Emitter.h"

#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace nirc::cpu;

namespace {

class Update {
public:
  Update(Emitter &emit, snn::PopulationOp op)
      : emit(emit), op(op), signal(emit.signal(op.getResult())),
        spikes(snn::isSpikes(op.getType())), elements(snn::elementsOf(op.getType())) {
    if (isChannelsLast(op)) {
      order = channelsLast(op.getType(), emit.lanes);
    }
  }

  void emitAll();
  /// The states before the first step.
  void emitStart();

private:
  struct Values {
    Value array; ///< null where all are `uniform`
    Value uniform;
  };

  void prepare();
  Values valuesOf(ElementsAttr values);
  int64_t neuronAt(int64_t i) const;
  /// The sum of the inputs, the states and the parameters of the neurons from `i` on.
  Emitter::Values argumentsOf(Value i);
  /// The body over lanes; what it yields.
  Emitter::Values evaluate(ValueRange arguments);
  Operation *widen(Operation &scalar, IRMapping &mapping);
  /// The spikes of neurons that exist.
  Value existing(Value spiked, Value i);
  void fillBuckets(Value count);
  void collectBuckets();

  Emitter &emit;
  snn::PopulationOp op;
  const Signal &signal;
  bool spikes;
  int64_t elements;
  std::optional<ChannelsLast> order;
  Emitter::Values inputs, states;
  SmallVector<Values> parameters;
  Value result, events, buckets;
};

} // namespace

void Update::prepare() {
  for (Value input : op.getInputs()) {
    const Signal &from = emit.signal(input);
    inputs.push_back(emit.array(order ? *from.channelsLast : *from.array));
  }
  for (const Slot &slot : emit.layout.states.find(op)->second) {
    states.push_back(emit.array(slot));
  }
  for (Attribute values : op.getParams()) {
    parameters.push_back(valuesOf(cast<ElementsAttr>(values)));
  }
  if (signal.array && !order) {
    result = emit.array(*signal.array);
  }
  if (signal.events && spikes) {
    events = emit.array(signal.events->list);
  }
  if (order && events) {
    buckets = emit.array(emit.layout.buckets.find(op)->second);
  }
}

Update::Values Update::valuesOf(ElementsAttr values) {
  Numbers numbers = emit.numbers(values);
  if (numbers.isSplat()) {
    return {Value(), emit.splat(emit.number(numbers[0]))};
  }
  int64_t capacity = order ? order->elements() : elements;
  capacity = static_cast<int64_t>(llvm::alignTo(capacity, emit.lanes));
  return {emit.parameter(numbers, capacity, [&](int64_t i) { return neuronAt(i); }), Value()};
}

void Update::emitStart() {
  prepare();
  int64_t count = order ? order->elements() : elements;
  for (auto [state, values] : llvm::zip(states, snn::initialOf(op))) {
    if (!values) {
      continue;
    }
    Values initial = valuesOf(values);
    emit.loop(emit.index(0), emit.index(count), emit.lanes, [&](Value i) {
      emit.storeLanes(initial.array ? emit.loadNumberLanes(initial.array, i) : initial.uniform,
                      state, i);
    });
  }
}

/// The neuron of element `i`. Elements that are none's have parameters of a neuron too: an integer
/// that is divided by them must not be divided by 0.
int64_t Update::neuronAt(int64_t i) const {
  if (!order) {
    return std::min(i, elements - 1);
  }
  int64_t c = std::min(i % order->pitch, order->channels - 1);
  return c * order->positions + std::min(i / order->pitch, order->positions - 1);
}

Emitter::Values Update::argumentsOf(Value i) {
  Value u;
  for (Value input : inputs) {
    Value x = emit.loadNumberLanes(input, i);
    u = u ? emit.add(u, x) : x;
  }
  Emitter::Values arguments{u ? u : emit.splat(emit.number(0))};
  for (Value state : states) {
    arguments.push_back(emit.loadLanes(state, i));
  }
  for (const Values &values : parameters) {
    arguments.push_back(values.array ? emit.loadNumberLanes(values.array, i) : values.uniform);
  }
  return arguments;
}

/// The same operation over lanes: those of `arith` and `math` work element by element.
Operation *Update::widen(Operation &scalar, IRMapping &mapping) {
  OperationState state(scalar.getLoc(), scalar.getName());
  state.attributes = scalar.getAttrs();
  state.propertiesAttr = scalar.getPropertiesAsAttribute();
  for (Value operand : scalar.getOperands()) {
    state.operands.push_back(mapping.lookup(operand));
  }
  for (Type type : scalar.getResultTypes()) {
    state.types.push_back(emit.wide(type));
  }
  return emit.builder.create(state);
}

Emitter::Values Update::evaluate(ValueRange arguments) {
  Block &body = op.getBody().front();
  IRMapping mapping;
  mapping.map(body.getArguments(), arguments);
  for (Operation &inner : body.without_terminator()) {
    if (inner.hasTrait<OpTrait::ConstantLike>()) {
      Operation *constant = emit.builder.clone(inner);
      mapping.map(inner.getResult(0), emit.splat(constant->getResult(0)));
    } else {
      mapping.map(inner.getResults(), widen(inner, mapping)->getResults());
    }
  }
  Emitter::Values yielded;
  for (Value value : body.getTerminator()->getOperands()) {
    yielded.push_back(mapping.lookup(value));
  }
  return yielded;
}

Value Update::existing(Value spiked, Value i) {
  Value mask = emit.below(i, order ? order->elements() : elements);
  if (order && order->pitch != order->channels) {
    Value channel = emit.rem(emit.indexLanes(i), emit.splat(emit.integer(order->pitch, 32)));
    Value real = emit.compare(arith::CmpIPredicate::slt, channel,
                              emit.splat(emit.integer(order->channels, 32)));
    mask = mask ? arith::AndIOp::create(emit.builder, op.getLoc(), mask, real) : real;
  }
  return mask ? arith::AndIOp::create(emit.builder, op.getLoc(), spiked, mask) : spiked;
}

/// The neurons are listed position by position, and events go channel by channel.
void Update::fillBuckets(Value count) {
  emit.loop(emit.index(0), count, [&](Value k) {
    Value at = emit.loadIndex(events, k), pitch = emit.index(order->pitch);
    Value position = emit.div(at, pitch), channel = emit.sub(at, emit.mul(position, pitch));
    Value counter = emit.add(channel, emit.index(elements));
    Value filled = emit.loadIndex(buckets, counter);
    emit.storeIndex(position, buckets, emit.flat(channel, order->positions, filled));
    emit.storeIndex(emit.add(filled, emit.index(1)), buckets, counter);
  });
}

/// The buckets one after the other, as elements; and empties them.
void Update::collectBuckets() {
  Emitter::Values end =
      emit.loop(emit.index(0), emit.index(order->channels), 1, emit.index(0),
                [&](Value channel, ValueRange carried) -> Emitter::Values {
                  Value counter = emit.add(channel, emit.index(elements));
                  Value count = emit.loadIndex(buckets, counter);
                  emit.loop(emit.index(0), count, [&](Value k) {
                    Value position =
                        emit.loadIndex(buckets, emit.flat(channel, order->positions, k));
                    emit.storeIndex(emit.flat(channel, order->positions, position), events,
                                    emit.add(carried[0], k));
                  });
                  emit.storeIndex(emit.index(0), buckets, counter);
                  return {emit.add(carried[0], count)};
                });
  Value counts = emit.array(signal.events->counts);
  emit.storeIndex(end[0], counts, emit.index(0));
  if (signal.array) {
    Value all = emit.array(*signal.array);
    Value zero = emit.splat(emit.integer(0, 8)), one = emit.integer(1, 8);
    emit.loop(emit.index(0), emit.index(elements), emit.lanes,
              [&](Value i) { emit.storeLanes(zero, all, i); });
    emit.loop(emit.index(0), end[0],
              [&](Value k) { emit.store(one, all, emit.loadIndex(events, k)); });
  }
}

void Update::emitAll() {
  prepare();
  auto [from, to] =
      order ? std::pair(emit.index(0), emit.index(order->elements())) : emit.range(elements);
  Emitter::Values first;
  if (events) {
    first.push_back(from);
  }
  Emitter::Values end =
      emit.loop(from, to, emit.lanes, first, [&](Value i, ValueRange counters) -> Emitter::Values {
        Emitter::Values yielded = evaluate(argumentsOf(i));
        for (auto [state, value] : llvm::zip(states, llvm::drop_begin(yielded))) {
          emit.storeLanes(value, state, i);
        }
        Value passedOn = yielded[0];
        if (result) {
          emit.storeLanes(spikes ? arith::ExtUIOp::create(emit.builder, op.getLoc(),
                                                          emit.wide(emit.builder.getI8Type()),
                                                          passedOn)
                                 : passedOn,
                          result, i);
        }
        if (!events) {
          return {};
        }
        return Emitter::Values{emit.appendSet(events, counters[0], existing(passedOn, i), i)};
      });
  if (order && events) {
    fillBuckets(end[0]);
    collectBuckets();
  } else if (events) {
    emit.storeIndex(emit.sub(end[0], from), emit.array(signal.events->counts), emit.ownCounter());
  }
}

void nirc::cpu::emitStart(Emitter &emit, snn::PopulationOp op) { Update(emit, op).emitStart(); }

/// Before its start a population leaves its states and its result as they are before the first
/// step.
void nirc::cpu::emitPopulation(Emitter &emit, snn::PopulationOp op) {
  auto update = [&] { emit.from(op.getStart(), [&] { Update(emit, op).emitAll(); }); };
  if (isChannelsLast(op)) {
    emit.onFirstPart(update);
  } else {
    update();
  }
}
