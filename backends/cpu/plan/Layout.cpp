//===- Layout.cpp - the network's place in memory -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/plan/Layout.h"

#include "backends/cpu/plan/Lifetimes.h"
#include "dialects/snn/Records.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

#include <limits>

using namespace mlir;
using namespace nirc::cpu;

namespace {

class Planner {
public:
  Planner(snn::NetworkOp network, const FormsOf &forms, const LayoutOptions &options)
      : network(network), forms(forms), options(options),
        element(numberTypeOf(network.getElement())), lifetimes(network) {}

  FailureOr<Layout> plan();

private:
  /// Elements of an array that vectors can run over.
  int64_t padded(int64_t elements) const {
    return options.lanes == 1 ? elements
                              : static_cast<int64_t>(llvm::alignTo(elements, uint64_t(grain)));
  }
  /// A convolution's sums, and behind them positions for what falls outside.
  int64_t sumsOf(Type signal) const {
    ChannelsLast order = channelsLast(signal, options.lanes);
    return order.elements() + (options.lanes == 1 ? 0 : mostOutside * order.pitch);
  }
  /// Room for the counters of one kind: one a thread that may share the step.
  int64_t counters() const { return options.together ? maxParts * counterPitch : 1; }
  /// That of counts and positions.
  nir::DType counterType() const { return options.compact ? nir::DType::I32 : nir::DType::I64; }
  /// That of the numbers of a signal or a state.
  nir::DType numberType(Type signal) const;
  nir::DType storedType(Type signal) const {
    return snn::isSpikes(signal) ? nir::DType::U8 : numberType(signal);
  }
  bool isLast(snn::PopulationOp op) const { return !options.compact && isChannelsLast(op); }
  /// The next free array; fails at `op` where the arena grows too large.
  FailureOr<Slot> take(Operation *op, StringRef name, int64_t elements, nir::DType type);
  LogicalResult take(Operation *op, StringRef name, int64_t elements, nir::DType type,
                     std::optional<Slot> &slot);
  /// `rows` 2: one for each turn.
  LogicalResult takeEvents(Operation *op, StringRef name, int64_t elements, Signal &signal,
                           int64_t rows = 1);
  LogicalResult takeSignal(Operation *op, Value value);
  LogicalResult takeCompact(Operation *op, StringRef name, Value value);
  LogicalResult placeDelay(snn::DelayOp op, Ring &ring);
  LogicalResult place(Operation &op);
  LogicalResult placeDelay(snn::DelayOp op);
  LogicalResult placePopulation(snn::PopulationOp op);
  LogicalResult addOutput(snn::OutputOp op);
  LogicalResult addRecord(snn::RecordOp op);

  snn::NetworkOp network;
  const FormsOf &forms;
  LayoutOptions options;
  nir::DType element;
  Lifetimes lifetimes;
  Layout layout;
};

} // namespace

nir::DType Planner::numberType(Type signal) const {
  if (!options.compact || element != nir::DType::I32) {
    return element;
  }
  snn::IntegerRange range = snn::integerRange(signal);
  return narrowest(range.least, range.most);
}

static StringRef nodeOf(Operation *op) {
  auto node = op->getAttrOfType<StringAttr>("node");
  return node ? node.getValue() : StringRef();
}

FailureOr<Slot> Planner::take(Operation *op, StringRef name, int64_t elements, nir::DType type) {
  auto width = static_cast<int64_t>(nir::sizeOf(type));
  int64_t free = options.maxBytes - layout.bytes;
  if (elements > free / width - grain) {
    return snn::nodeError(op) << "needs " << elements << " elements of " << nir::name(type)
                              << ", which brings the network's memory above " << options.maxBytes
                              << " bytes";
  }
  Slot slot{layout.bytes, elements, padded(elements), type};
  layout.bytes = static_cast<int64_t>(llvm::alignTo(layout.bytes + slot.capacity * width, 64));
  layout.slots.push_back({(nodeOf(op) + name).str(), slot, nodeOf(op).str()});
  return slot;
}

LogicalResult Planner::take(Operation *op, StringRef name, int64_t elements, nir::DType type,
                            std::optional<Slot> &slot) {
  FailureOr<Slot> taken = take(op, name, elements, type);
  if (failed(taken)) {
    return failure();
  }
  slot = *taken;
  return success();
}

LogicalResult Planner::takeEvents(Operation *op, StringRef name, int64_t elements, Signal &signal,
                                  int64_t rows) {
  if (elements > std::numeric_limits<int32_t>::max()) {
    return snn::nodeError(op) << "has " << elements << " elements, expected less than 2^31";
  }
  // Room for the vector that an entry may be written with.
  int64_t room = options.lanes == 1 ? elements : padded(elements + grain);
  FailureOr<Slot> list = take(op, (name + ".events").str(), rows * room, nir::DType::I32);
  FailureOr<Slot> counts =
      take(op, (name + ".event_counts").str(), rows * counters(), nir::DType::I64);
  if (failed(list) || failed(counts)) {
    return failure();
  }
  signal.events = Events{*list, *counts};
  return rows == 1
             ? success()
             : take(op, (name + ".turn").str(), counters(), nir::DType::I64, signal.events->turn);
}

LogicalResult Planner::takeCompact(Operation *op, StringRef name, Value value) {
  Signal &signal = layout.signals[value];
  int64_t elements = snn::elementsOf(value.getType());
  if (!snn::isSpikes(value.getType())) {
    if (failed(take(op, name, elements, numberType(value.getType()), signal.array))) {
      return failure();
    }
  } else {
    if (failed(take(op, name, wordsOf(elements), nir::DType::U32, signal.bits))) {
      return failure();
    }
    signal.bits->bits = layout.slots.back().slot.bits = true;
  }
  layout.slots.back().lifetime = lifetimes.of(value);
  return success();
}

LogicalResult Planner::takeSignal(Operation *op, Value value) {
  Forms need = forms.lookup(value);
  Signal &signal = layout.signals[value];
  int64_t elements = snn::elementsOf(value.getType());
  StringRef name = isa<snn::DelayOp>(op)     ? ".delayed"
                   : isa<snn::AddOp>(op)     ? ".sum"
                   : isa<snn::RescaleOp>(op) ? ".rescaled"
                                             : "";
  if (options.compact) {
    return need.any() || isa<snn::InputOp>(op) ? takeCompact(op, name, value) : success();
  }
  // Inputs are written, and populations computed, whether or not anyone reads.
  if ((need.array || isa<snn::InputOp>(op)) &&
      failed(take(op, name, elements, storedType(value.getType()), signal.array))) {
    return failure();
  }
  bool isRead = need.array || need.channelsLast || need.events;
  if (isa<snn::ConvOp>(op) && isRead &&
      failed(take(op, ".channels_last", sumsOf(value.getType()), storedType(value.getType()),
                  signal.channelsLast))) {
    return failure();
  }
  auto delay = dyn_cast<snn::DelayOp>(op);
  bool byTurns = options.together && delay && delaysEvents(delay) && delay.longest() == 1;
  return need.events ? takeEvents(op, name, elements, signal, byTurns ? 2 : 1) : success();
}

LogicalResult Planner::placeDelay(snn::DelayOp op) {
  int64_t length = op.longest();
  const Signal &result = layout.signals[op.getResult()];
  bool events = delaysEvents(op) && result.events && length > 1;
  if (length == 0 || (!result.array && !result.bits && !events) ||
      (options.compact && isKeptByDelay(op))) {
    return success();
  }
  Ring ring;
  ring.length = length;
  if (failed(placeDelay(op, ring))) {
    return failure();
  }
  layout.rings[op] = ring;
  return success();
}

LogicalResult Planner::placeDelay(snn::DelayOp op, Ring &ring) {
  int64_t length = ring.length, elements = snn::elementsOf(op.getType());
  const Signal &result = layout.signals[op.getResult()];
  bool events = delaysEvents(op) && result.events && length > 1;
  ring.pitch = result.bits ? result.bits->elements : padded(elements);
  if (length > options.maxBytes / ring.pitch) { // before the product can overflow
    return snn::nodeError(op) << "a delay of " << length << " steps of " << elements
                              << " elements needs more than " << options.maxBytes << " bytes";
  }
  FailureOr<Slot> head = take(op, ".head", counters(), counterType());
  if (failed(head)) {
    return failure();
  }
  ring.head = *head;
  nir::DType type = result.bits ? nir::DType::U32 : storedType(op.getType());
  if ((result.array || result.bits) &&
      failed(take(op, ".ring", length * ring.pitch, type, ring.arrays))) {
    return failure();
  }
  return failure(
      events &&
      (failed(take(op, ".event_ring", length * ring.pitch, nir::DType::I32, ring.lists)) ||
       failed(take(op, ".event_count_ring", length * result.events->counts.elements,
                   nir::DType::I64, ring.counts))));
}

LogicalResult Planner::placePopulation(snn::PopulationOp op) {
  bool last = isLast(op);
  int64_t elements =
      last ? channelsLast(op.getType(), options.lanes).elements() : snn::elementsOf(op.getType());
  SmallVector<Slot> &states = layout.states[op];
  for (auto [index, name] : llvm::enumerate(op.getStates().getAsValueRange<StringAttr>())) {
    nir::DType type = element;
    if (options.compact && element == nir::DType::I32) {
      type = numberType(cast<TypeAttr>((*op.getStateTypes())[index]).getValue());
    }
    FailureOr<Slot> state = take(op, ("." + name).str(), elements, type);
    if (failed(state)) {
      return failure();
    }
    states.push_back(*state);
  }
  if (last && !layout.signals[op.getResult()].events && // the array is written from the list
      layout.signals[op.getResult()].array &&
      failed(takeEvents(op, "", snn::elementsOf(op.getType()), layout.signals[op.getResult()]))) {
    return failure();
  }
  if (last && layout.signals[op.getResult()].events) {
    // The positions that spiked, channel by channel, and after them how many.
    int64_t channels = snn::shapeOf(op.getType()).front();
    FailureOr<Slot> buckets =
        take(op, ".buckets", snn::elementsOf(op.getType()) + channels, nir::DType::I32);
    if (failed(buckets)) {
      return failure();
    }
    layout.buckets[op] = *buckets;
  }
  return success();
}

static SmallVector<int64_t> shapeVector(Type signal) {
  return SmallVector<int64_t>(snn::shapeOf(signal));
}

/// What the numbers of a signal or state stand for; nothing for spikes and in networks of floats.
static std::optional<Quantized> quantizedOf(Type signal) {
  auto tensor = dyn_cast<RankedTensorType>(signal);
  if (!tensor || !snn::isInteger(tensor.getElementType())) {
    return std::nullopt;
  }
  snn::IntegerRange range = snn::integerRange(signal);
  return Quantized{snn::scalesOf(signal), range.least, range.most};
}

LogicalResult Planner::addOutput(snn::OutputOp op) {
  bool spikes = op.getCount() || snn::isSpikes(op.getSignal().getType());
  layout.outputs.push_back({op.getNode().str(), spikes ? "spikes" : "value",
                            layout.signals.lookup(op.getSignal()).values(),
                            SmallVector<int64_t>(op.getShape()), op.getCount(),
                            static_cast<int64_t>(op.getLatency()), std::nullopt,
                            quantizedOf(op.getSignal().getType())});
  return success();
}

LogicalResult Planner::addRecord(snn::RecordOp op) {
  Port port{op.getNode().str(),
            op.getObservable().str(),
            {},
            {},
            op.getCount(),
            static_cast<int64_t>(op.getLatency())};
  if (Value signal = op.getSignal()) {
    port.slot = layout.signals.lookup(signal).values();
    port.shape = shapeVector(signal.getType());
    port.quantized = quantizedOf(signal.getType());
    layout.outputs.push_back(std::move(port));
    return success();
  }
  if (std::optional<snn::State> state = snn::stateOf(op)) {
    port.slot = layout.states[state->population][state->index];
    port.state = true;
    port.isDecided = snn::isAhead(state->population) && op.getObservable() == "v";
    port.quantized = quantizedOf(state->type());
    port.shape = shapeVector(state->population.getType());
    if (isLast(state->population)) {
      port.order = channelsLast(state->population.getType(), options.lanes);
    }
    layout.outputs.push_back(std::move(port));
    return success();
  }
  return snn::nodeError(op) << "no population of this name has a state '" << op.getObservable()
                            << "'";
}

LogicalResult Planner::place(Operation &op) {
  // A reshape is its source, under another type.
  if (auto reshape = dyn_cast<snn::ReshapeOp>(op)) {
    layout.signals[reshape.getResult()] = layout.signals.lookup(reshape.getSignal());
    return success();
  }
  for (Value result : op.getResults()) {
    if (failed(takeSignal(&op, result))) {
      return failure();
    }
  }
  return llvm::TypeSwitch<Operation *, LogicalResult>(&op)
      .Case([&](snn::InputOp input) {
        layout.inputs.push_back(
            {input.getNode().str(), "value", layout.signals.lookup(input.getResult()).values(),
             shapeVector(input.getType()), false, 0, std::nullopt, quantizedOf(input.getType())});
        return success();
      })
      .Case([&](snn::DelayOp delay) { return placeDelay(delay); })
      .Case([&](snn::PopulationOp population) { return placePopulation(population); })
      .Default([](Operation *) { return success(); });
}

FailureOr<Layout> Planner::plan() {
  Block &body = network.getBody().front();
  for (Operation &op : body) {
    if (failed(place(op))) {
      return failure();
    }
  }
  bool isShort = latestStart(network) < std::numeric_limits<int32_t>::max();
  nir::DType clock = isShort ? counterType() : nir::DType::I64;
  if (hasClock(network) && failed(take(network, "clock", 1, clock, layout.clock))) {
    return failure();
  }
  for (auto output : body.getOps<snn::OutputOp>()) {
    if (failed(addOutput(output))) {
      return failure();
    }
  }
  for (auto record : body.getOps<snn::RecordOp>()) {
    if (failed(addRecord(record))) {
      return failure();
    }
  }
  if (options.together) {
    // A tile of sums is 1 kB. Arenas one after the other are then 1 kB apart modulo 4 kB, which is
    // what a way of a first-level cache holds.
    layout.bytes = static_cast<int64_t>(llvm::alignTo(layout.bytes, 4096)) + 1024;
  }
  return std::move(layout);
}

nir::DType nirc::cpu::numberTypeOf(Type element) {
  return element.isF64() ? nir::DType::F64 : element.isF32() ? nir::DType::F32 : nir::DType::I32;
}

nir::DType nirc::cpu::narrowest(int64_t least, int64_t most) {
  auto holds = [&](auto limits) { return least >= limits.min() && most <= limits.max(); };
  return holds(std::numeric_limits<int8_t>())    ? nir::DType::I8
         : holds(std::numeric_limits<int16_t>()) ? nir::DType::I16
                                                 : nir::DType::I32;
}

uint64_t nirc::cpu::latestStart(snn::NetworkOp network) {
  uint64_t latest = 0;
  for (Operation &op : network.getBody().front()) {
    latest = std::max(latest, startOf(op));
  }
  return latest;
}

bool nirc::cpu::hasClock(snn::NetworkOp network) { return latestStart(network) > 0; }

int64_t nirc::cpu::scratchElements(const Layout &layout) {
  int64_t largest = grain;
  for (const NamedSlot &named : layout.slots) {
    largest = std::max(largest, named.slot.capacity);
  }
  return 2 * largest;
}

void Layout::forgetNetwork() {
  signals.clear();
  states.clear();
  rings.clear();
  buckets.clear();
}

FailureOr<Layout> nirc::cpu::layOut(snn::NetworkOp network, const FormsOf &forms,
                                    const LayoutOptions &options) {
  return Planner(network, forms, options).plan();
}
