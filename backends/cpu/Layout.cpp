//===- Layout.cpp - the network's place in memory -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/Layout.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace nirc::cpu;

namespace {

class Planner {
public:
  Planner(snn::NetworkOp network, int64_t maxBytes) : network(network), maxBytes(maxBytes) {}

  FailureOr<Layout> plan();

private:
  /// The next free array; fails at `op` where the arena grows too large.
  FailureOr<Slot> take(Operation *op, int64_t elements, Type type, const Twine &name);
  FailureOr<Slot> takeSignal(Operation *op, Type signal);
  LogicalResult place(Operation &op);
  LogicalResult placeDelay(snn::DelayOp op);
  LogicalResult placePopulation(snn::PopulationOp op);
  LogicalResult addRecord(snn::RecordOp op);

  snn::NetworkOp network;
  int64_t maxBytes;
  Layout layout;
};

} // namespace

static Type storedType(Type signal) {
  return snn::isSpikes(signal) ? Type(IntegerType::get(signal.getContext(), 8))
                               : cast<RankedTensorType>(signal).getElementType();
}

static StringRef nodeOf(Operation *op) {
  auto node = op->getAttrOfType<StringAttr>("node");
  return node ? node.getValue() : StringRef();
}

FailureOr<Slot> Planner::take(Operation *op, int64_t elements, Type type, const Twine &name) {
  int64_t width = type.getIntOrFloatBitWidth() / 8;
  int64_t free = maxBytes - layout.bytes;
  if (elements > free / width) {
    return snn::nodeError(op) << "needs " << elements << " elements of " << type
                              << ", which brings the network's memory above " << maxBytes
                              << " bytes";
  }
  Slot slot{layout.bytes, elements, type};
  layout.slots.push_back({slot, name.str()});
  layout.bytes = static_cast<int64_t>(llvm::alignTo(layout.bytes + elements * width, 64));
  return slot;
}

FailureOr<Slot> Planner::takeSignal(Operation *op, Type signal) {
  StringRef part = isa<snn::DelayOp>(op) ? ".delayed" : isa<snn::AddOp>(op) ? ".sum" : "";
  return take(op, snn::elementsOf(signal), storedType(signal), nodeOf(op) + part);
}

LogicalResult Planner::placeDelay(snn::DelayOp op) {
  int64_t length = op.longest(), elements = snn::elementsOf(op.getType());
  if (length == 0) {
    return success();
  }
  if (length > maxBytes / elements) { // before the product can overflow
    return snn::nodeError(op) << "a delay of " << length << " steps of " << elements
                              << " elements needs more than " << maxBytes << " bytes";
  }
  FailureOr<Slot> signals =
      take(op, length * elements, storedType(op.getType()), op.getNode() + ".past");
  FailureOr<Slot> head = take(op, 1, IntegerType::get(op.getContext(), 64), op.getNode() + ".head");
  if (failed(signals) || failed(head)) {
    return failure();
  }
  layout.rings[op] = Ring{*signals, *head, length};
  return success();
}

LogicalResult Planner::placePopulation(snn::PopulationOp op) {
  SmallVector<Slot> &states = layout.states[op];
  for (auto name : op.getStates().getAsRange<StringAttr>()) {
    FailureOr<Slot> state = take(op, snn::elementsOf(op.getType()), network.getElement(),
                                 op.getNode() + "." + name.getValue());
    if (failed(state)) {
      return failure();
    }
    states.push_back(*state);
  }
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
    port.slot = layout.signals.lookup(signal);
    port.shape.assign(snn::shapeOf(signal.getType()).begin(), snn::shapeOf(signal.getType()).end());
    layout.outputs.push_back(std::move(port));
    return success();
  }
  for (auto population : network.getBody().getOps<snn::PopulationOp>()) {
    if (population.getNode() != op.getNode()) {
      continue;
    }
    for (auto [name, state] : llvm::zip(population.getStates(), layout.states[population])) {
      if (cast<StringAttr>(name).getValue() == op.getObservable()) {
        port.slot = state;
        ArrayRef<int64_t> shape = snn::shapeOf(population.getType());
        port.shape.assign(shape.begin(), shape.end());
        layout.outputs.push_back(std::move(port));
        return success();
      }
    }
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
    FailureOr<Slot> slot = takeSignal(&op, result.getType());
    if (failed(slot)) {
      return failure();
    }
    layout.signals[result] = *slot;
  }
  return llvm::TypeSwitch<Operation *, LogicalResult>(&op)
      .Case([&](snn::InputOp input) {
        ArrayRef<int64_t> shape = snn::shapeOf(input.getType());
        layout.inputs.push_back({input.getNode().str(), "value",
                                 layout.signals.lookup(input.getResult()),
                                 SmallVector<int64_t>(shape), false});
        return success();
      })
      .Case([&](snn::DelayOp delay) { return placeDelay(delay); })
      .Case([&](snn::PopulationOp population) { return placePopulation(population); })
      .Default([](Operation *) { return success(); });
}

/// Whether the op waits for a step.
static bool waits(Operation &op) {
  auto population = dyn_cast<snn::PopulationOp>(op);
  auto delay = dyn_cast<snn::DelayOp>(op);
  return (population && population.getStart() > 0) || (delay && delay.getStart() > 0);
}

FailureOr<Layout> Planner::plan() {
  Block &body = network.getBody().front();
  for (Operation &op : body) {
    if (failed(place(op))) {
      return failure();
    }
  }
  if (llvm::any_of(body, waits)) {
    FailureOr<Slot> clock = take(network, 1, IntegerType::get(network.getContext(), 64), "clock");
    if (failed(clock)) {
      return failure();
    }
    layout.clock = *clock;
  }
  for (auto output : body.getOps<snn::OutputOp>()) {
    bool spikes = output.getCount() || snn::isSpikes(output.getSignal().getType());
    layout.outputs.push_back({output.getNode().str(), spikes ? "spikes" : "value",
                              layout.signals.lookup(output.getSignal()),
                              SmallVector<int64_t>(output.getShape()), output.getCount(),
                              static_cast<int64_t>(output.getLatency())});
  }
  for (auto record : body.getOps<snn::RecordOp>()) {
    if (failed(addRecord(record))) {
      return failure();
    }
  }
  return std::move(layout);
}

FailureOr<Layout> nirc::cpu::layOut(snn::NetworkOp network, int64_t maxBytes) {
  return Planner(network, maxBytes).plan();
}
