//===- LowerPopulation.cpp - functions of populations ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// A population is one pass over its arrays: the sum of the inputs, the update, and the list of who
// spiked, a vector of neurons at a time.

#include "backends/cpu/lower/Compact.h"
#include "dialects/snn/Coefficient.h"

#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace nirc::cpu;

namespace {

class Update {
public:
  Update(Emitter &emit, snn::PopulationOp op)
      : emit(emit), op(op), signal(emit.signal(op.getResult())),
        spikes(snn::isSpikes(op.getType())), elements(snn::elementsOf(op.getType())) {
    if (!emit.options.compact && isChannelsLast(op)) {
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
    bool byChannel = false; ///< the array has one a channel
  };

  void prepare();
  void prepareParameters();
  Values valuesOf(ElementsAttr values);
  Values keptValuesOf(StringRef name, ElementsAttr values, Value argument);
  void emitCompact();
  /// `values` of the neurons from `i` on, which are of that channel.
  Value loaded(const Values &values, Value i, Value channel) {
    return values.array ? emit.loadNumberLanes(values.array, values.byChannel ? channel : i)
                        : values.uniform;
  }
  int64_t neuronAt(int64_t i) const;
  /// The sum of the inputs, the states and the parameters of the neurons from `i` on.
  Emitter::Values argumentsOf(Value i, Value channel = {});
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
  Emitter::Values states;
  SmallVector<Source> inputs;
  SmallVector<Values> parameters;
  Value result, events, buckets;
};

} // namespace

void Update::prepare() {
  for (Value input : op.getInputs()) {
    const Signal &from = emit.signal(input);
    if (order) {
      inputs.push_back(Source::ofArray(emit, emit.array(*from.channelsLast)));
    } else {
      inputs.emplace_back(emit, input);
    }
  }
  for (const Slot &slot : emit.layout.states.find(op)->second) {
    states.push_back(emit.array(slot));
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

void Update::prepareParameters() {
  size_t first = op.getBody().getNumArguments() - op.getParams().size();
  for (auto [i, one] : llvm::enumerate(op.getParams())) {
    auto name = cast<StringAttr>(op.getParamNames()[i]);
    auto values = cast<ElementsAttr>(one);
    parameters.push_back(emit.options.keepsThresholds && isThreshold(name)
                             ? keptValuesOf(name, values, op.getBody().getArgument(first + i))
                             : valuesOf(values));
  }
}

Update::Values Update::valuesOf(ElementsAttr values) {
  Numbers numbers = emit.numbers(values);
  bool compact = emit.options.compact;
  if (numbers.isSplat() || (compact && numbers.isUniformIn(1))) {
    return {Value(), emit.splat(emit.number(numbers[0]))};
  }
  int64_t channels = snn::shapeOf(op.getType()).front();
  if (compact && channels < elements && numbers.isUniformIn(channels)) {
    int64_t positions = elements / channels;
    return {emit.parameter(numbers, channels, [&](int64_t c) { return c * positions; }), Value(),
            /*byChannel=*/true};
  }
  int64_t capacity = order ? order->elements() : elements;
  capacity = static_cast<int64_t>(llvm::alignTo(capacity, emit.lanes));
  return {emit.parameter(numbers, capacity, [&](int64_t i) { return neuronAt(i); }), Value()};
}

/// A number for all neurons stays one.
Update::Values Update::keptValuesOf(StringRef name, ElementsAttr values, Value argument) {
  Numbers numbers = emit.numbers(values);
  Values kept;
  Value array;
  if (numbers.isSplat()) {
    array = emit.parameter(numbers, 1, [](int64_t) { return 0; });
    kept.uniform = emit.splat(emit.loadNumber(array, emit.index(0)));
  } else {
    kept = valuesOf(values);
    array = kept.array;
  }
  KeptNumber number{
      op.getNode().str(), name.str(), array.getDefiningOp<memref::GetGlobalOp>().getName().str(),
      numbers.isSplat(),  elements,   order};
  if (std::optional<snn::Coefficient> what = snn::coefficientOf(argument)) {
    number.divisor.assign(what->divisor.begin(), what->divisor.end());
    number.less.assign(what->less.begin(), what->less.end());
  }
  emit.kept.push_back(std::move(number));
  return kept;
}

void Update::emitStart() {
  prepare();
  int64_t count = order ? order->elements() : elements;
  for (auto [state, values] : llvm::zip(states, snn::initialOf(op))) {
    if (!values) {
      continue;
    }
    Values initial = valuesOf(values);
    if (initial.byChannel) {
      forEachElement(emit, snn::shapeOf(op.getType()), true, [&](Value i, Value channel) {
        emit.store(loaded(initial, i, channel), state, i);
      });
      continue;
    }
    emit.loop(emit.index(0), emit.index(count), emit.lanes,
              [&](Value i) { emit.storeLanes(loaded(initial, i, Value()), state, i); });
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

Emitter::Values Update::argumentsOf(Value i, Value channel) {
  Value u;
  for (Source &input : inputs) {
    Value x = input.lanes(i);
    u = u ? emit.add(u, x) : x;
  }
  Emitter::Values arguments{u ? u : emit.splat(emit.number(0))};
  for (Value state : states) {
    arguments.push_back(emit.loadNumberLanes(state, i));
  }
  for (const Values &values : parameters) {
    arguments.push_back(loaded(values, i, channel));
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

/// One neuron after the other; of spikes the bits of those that spiked.
void Update::emitCompact() {
  bool byChannel = llvm::any_of(parameters, [](const Values &values) { return values.byChannel; });
  Value bits = signal.bits ? emit.array(*signal.bits) : Value();
  if (bits) {
    clearBits(emit, *signal.bits);
  }
  forEachElement(emit, snn::shapeOf(op.getType()), byChannel, [&](Value i, Value channel) {
    Emitter::Values yielded = evaluate(argumentsOf(i, channel));
    for (auto [state, value] : llvm::zip(states, llvm::drop_begin(yielded))) {
      emit.store(value, state, i);
    }
    if (result) {
      emit.store(yielded[0], result, i);
    }
    if (bits) {
      emit.when(yielded[0], [&] { setBit(emit, bits, i); });
    }
  });
}

void Update::emitAll() {
  prepare();
  prepareParameters();
  if (emit.options.compact) {
    return emitCompact();
  }
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
