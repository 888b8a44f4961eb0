//===- Top.cpp - the whole design as a circuit ----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/build/Build.h"

#include "backends/fpga/build/Control.h"
#include "backends/fpga/datapath/ConstantProducts.h"
#include "backends/fpga/hdl/Simplify.h"
#include "backends/fpga/hdl/Stages.h"
#include "backends/fpga/verilog/Names.h"

#include <algorithm>
#include <fmt/format.h>

using namespace mlir;
using namespace hdl;
using namespace nirc;
using namespace nirc::fpga;

FailureOr<std::pair<CircuitOp, Datapath>> Workshop::datapath(snn::PopulationOp population) {
  FailureOr<Datapath> datapath = planDatapath(population);
  if (failed(datapath)) {
    return failure();
  }
  datapath->module = moduleName(datapath->module);
  Circuit c(module(), datapath->module,
            fmt::format("The next states of a neuron of {}, and what it passes on",
                        std::string_view(population.getNode())));
  SmallVector<Value> inputs;
  for (const DatapathPort &port : datapath->inputs) {
    inputs.push_back(c.input(port.name, port.bits).value());
  }
  SmallVector<Value> outputs = buildDatapath(c.builder, population, *datapath, inputs);
  for (auto [port, value] : llvm::zip(datapath->outputs, outputs)) {
    c.output(port.name, {&c, value});
  }
  expandConstantProducts(c.module.getBody().front(), {.hasMultipliers = options.hasMultipliers});
  made.datapaths.push_back({population, *datapath});
  return std::make_pair(c.module, *datapath);
}

std::vector<CircuitOp> Workshop::stagesOf(CircuitOp datapath) {
  (void)hdl::simplify(datapath); // what it leaves is verified with the design
  StageRule rule;
  rule.hasMultipliers = options.hasMultipliers;
  return cutIntoStages(datapath, rule, [&](int stage) {
    return moduleName(fmt::format("{}_stage{}", datapath.getSymName().str(), stage + 1));
  });
}

namespace {

/// One that takes the beats of a stream: its ready, and what it is told.
struct Consumer {
  Signal ready;
  Wire valid;
};

/// A stream in the top module.
struct Channel {
  Wire valid, data, ready;
  std::vector<Consumer> consumers;
};

class TopBuilder {
public:
  TopBuilder(Workshop &shop, StringRef top)
      : shop(shop), plan(shop.plan), c(shop.module(), top, "", "aclk") {
    shop.made.design.top = top.str();
  }
  LogicalResult build(const std::vector<UnitCircuit> &units);

private:
  void planBeats();
  void buildInputs();
  void buildUnits(const std::vector<UnitCircuit> &units);
  void buildMaps();
  void buildDelays();
  void buildOutputs();
  void buildControl();
  void connectChannels();
  StreamSignals signalsOf(size_t stream, Signal valid, Signal data) const;
  /// Takes the stream's beats through a buffer.
  std::pair<Signal, Signal> take(size_t stream, StringRef name, Wire ready);

  Workshop &shop;
  const Plan &plan;
  Circuit c;
  std::vector<Channel> channels;
  std::vector<CircuitOp> updates; ///< of maps

  Signal resetWire, isRunning;
  Wire runWire, internalReset;
  Signal tick;
  Wire tickWire, inputTaken;
  std::vector<Signal> tickReadies, idles, clearings;
  struct Window {
    size_t unit, memory;
    int low, bits;
    StateWindow window;
  };
  std::vector<Window> windows;
  std::vector<PeekedMemory> memories;

  Signal takesInput, inTaken, inEnd, outTaken, outEnd, outStalls;
};

} // namespace

//===----------------------------------------------------------------------===//
// Streams
//===----------------------------------------------------------------------===//

StreamSignals TopBuilder::signalsOf(size_t stream, Signal valid, Signal data) const {
  return {valid, data, plan.streams[stream].addressBits(), plan.streams[stream].valueBits()};
}

std::pair<Signal, Signal> TopBuilder::take(size_t stream, StringRef name, Wire ready) {
  int bits = StreamSignals::bitsOf(plan.streams[stream]);
  Consumer consumer;
  consumer.valid = c.wire((name + "_push").str(), 1);
  std::vector<Signal> outputs = c.instance((name + "_buffer").str(), shop.streamBuffer(bits),
                                           {c.reset, consumer.valid, channels[stream].data, ready});
  consumer.ready = outputs[0];
  channels[stream].consumers.push_back(consumer);
  return {outputs[1], outputs[2]};
}

/// A beat goes to all at once, when all can take it.
void TopBuilder::connectChannels() {
  for (Channel &channel : channels) {
    Signal all = c.high();
    for (size_t j = 0; j < channel.consumers.size(); ++j) {
      Signal others = channel.valid;
      for (size_t i = 0; i < channel.consumers.size(); ++i) {
        others = i == j ? others : others & channel.consumers[i].ready;
      }
      channel.consumers[j].valid.drive(others);
      all = all & channel.consumers[j].ready;
    }
    channel.ready.drive(all);
  }
}

//===----------------------------------------------------------------------===//
// Edges of the design
//===----------------------------------------------------------------------===//

void TopBuilder::planBeats() {
  Design &design = shop.made.design;
  auto widen = [&](BeatLayout &beat, const std::vector<Port> &ports,
                   std::vector<StreamPort> &described) {
    beat.portBits = indexBits(static_cast<int64_t>(ports.size()));
    for (const Port &port : ports) {
      const Stream &stream = plan.streams[port.stream];
      beat.addressBits = std::max(beat.addressBits, stream.addressBits());
      beat.valueBits = std::max(beat.valueBits, stream.valueBits());
      StreamPort each;
      each.number = static_cast<int>(described.size());
      each.dims = stream.dims;
      each.least = stream.least;
      each.most = stream.most;
      described.push_back(std::move(each));
    }
  };
  widen(design.in, plan.inputs, design.inputs);
  widen(design.out, plan.outputs, design.outputs);
}

void TopBuilder::buildInputs() {
  const BeatLayout &beat = shop.made.design.in;
  Signal valid = c.input("s_axis_tvalid", 1), data = c.input("s_axis_tdata", beat.busBits());
  Signal last = c.input("s_axis_tlast", 1);
  Signal all = runWire;
  for (const Port &port : plan.inputs) {
    all = all & channels[port.stream].ready;
  }
  for (Signal each : tickReadies) {
    all = all & each;
  }
  takesInput = all.named("takes_input");
  c.output("s_axis_tready", takesInput);
  inTaken = (valid & takesInput).named("input_taken");
  inEnd = (inTaken & last).named("input_end");
  tickWire.drive(inEnd);
  inputTaken.drive(inTaken);
  for (auto [p, port] : llvm::enumerate(plan.inputs)) {
    const Stream &stream = plan.streams[port.stream];
    Signal isHere = beat.portBits == 0
                        ? c.high()
                        : data.bitsFrom(beat.addressBits, beat.portBits) == static_cast<int64_t>(p);
    std::vector<Signal> fields{last};
    if (stream.valueBits() > 0) {
      fields.push_back(data.bitsFrom(beat.addressBits + beat.portBits, stream.valueBits()));
    }
    if (stream.addressBits() > 0) {
      fields.push_back(data.bitsFrom(0, stream.addressBits()));
    }
    // `ready` holds for all inputs together, so no channel waits.
    channels[port.stream].valid.drive(inTaken & (last | isHere));
    channels[port.stream].data.drive(concat(fields));
  }
}

void TopBuilder::buildOutputs() {
  const BeatLayout &beat = shop.made.design.out;
  int bus = beat.busBits();
  Signal ready = c.input("m_axis_tready", 1);
  Wire room = c.wire("output_room", 1);
  struct Source {
    Signal valid, data;
    Wire ready;
    Reg ended;
  };
  std::vector<Source> sources;
  Signal allEnded = c.high();
  for (auto [p, port] : llvm::enumerate(plan.outputs)) {
    Source source;
    source.ready = c.wire(fmt::format("output{}_taken", p), 1);
    std::tie(source.valid, source.data) =
        take(port.stream, fmt::format("output{}", p), source.ready);
    source.ended = c.reg(fmt::format("output{}_ended", p), 1, 0);
    allEnded = allEnded & source.ended;
    sources.push_back(source);
  }
  // A delay may know a step before its first event has entered, and waits for it.
  Reg ticks = c.reg("output_ticks", shop.tickBits(), 0);
  Reg begun = c.reg("step_has_begun", 1, 0);
  begun.next(inputTaken, ~tick);
  Signal isOpen = (begun | ticks.value().isNonzero()).named("output_is_open");
  tickReadies.push_back(ticks != c.constant(-1, shop.tickBits()));
  allEnded = (allEnded & ticks.value().isNonzero()).named("outputs_ended");
  // The first that has an event; it does not change while it waits, as a buffer takes it at once.
  Signal before = c.low(), beatData = c.zero(bus);
  for (auto [p, source] : llvm::enumerate(sources)) {
    const Stream &stream = plan.streams[plan.outputs[p].stream];
    StreamSignals in = signalsOf(plan.outputs[p].stream, source.valid, source.data);
    Signal wants = (source.valid & isOpen & ~in.isEnd() & ~source.ended.value())
                       .named(fmt::format("output{}_wants", p));
    std::vector<Signal> fields;
    if (int rest = bus - beat.bits(); rest > 0) {
      fields.push_back(c.zero(rest));
    }
    if (beat.valueBits > 0) {
      fields.push_back(in.value(beat.valueBits));
    }
    if (beat.portBits > 0) {
      fields.push_back(c.constant(static_cast<int64_t>(p), beat.portBits));
    }
    if (beat.addressBits > 0) {
      fields.push_back(stream.addressBits() == 0 ? c.zero(beat.addressBits)
                                                 : in.address().resized(beat.addressBits));
    }
    beatData = mux(wants & ~before, concat(fields), beatData);
    Signal isEnd = source.valid & isOpen & in.isEnd() & ~source.ended.value();
    source.ready.drive((wants & ~before & room) | isEnd);
    source.ended.next((source.ended & ~(allEnded & room)) | isEnd);
    before = before | wants;
  }
  Signal one = c.constant(1, shop.tickBits()), none = c.zero(shop.tickBits());
  ticks.next(ticks + mux(tick, one, none) - mux(allEnded & room, one, none));
  std::vector<Signal> out =
      c.instance("output_buffer", shop.streamBuffer(bus + 1),
                 {c.reset, before | allEnded,
                  concat({allEnded, mux(allEnded, c.zero(bus), beatData)}), ready});
  room.drive(out[0]);
  Signal valid = out[1].named("output_valid"), last = out[2].top().named("output_last");
  c.output("m_axis_tvalid", valid);
  c.output("m_axis_tdata", out[2].bitsFrom(0, bus));
  c.output("m_axis_tlast", last);
  outTaken = (valid & ready).named("output_taken");
  outEnd = (outTaken & last).named("output_end");
  outStalls = (valid & ~ready).named("output_stalls");
}

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

void TopBuilder::buildUnits(const std::vector<UnitCircuit> &units) {
  Design &design = shop.made.design;
  int64_t base = FirstState;
  for (auto [u, unit] : llvm::enumerate(plan.units)) {
    const UnitCircuit &circuit = units[u];
    std::string name = CircuitOp(circuit.module).getSymName().str();
    std::vector<Signal> operands{c.reset};
    std::vector<Wire> readies;
    for (size_t k = 0; k < unit.terms.size(); ++k) {
      readies.push_back(c.wire(fmt::format("{}_in{}_taken", name, k), 1));
      auto [valid, data] =
          take(unit.terms[k].stream, fmt::format("{}_in{}", name, k), readies.back());
      operands.push_back(valid);
      operands.push_back(data);
    }
    operands.push_back(channels[unit.result].ready);
    operands.push_back(tick);
    if (circuit.hasStates) {
      PeekedMemory memory;
      memory.peeks = c.wire(name + "_peeks", 1);
      memory.place = c.wire(name + "_peek_place", addressBits(unit.layout.elements()));
      memory.isSingle = unit.layout.elements() == 1;
      operands.push_back(memory.peeks);
      operands.push_back(memory.place);
      memories.push_back(memory);
    }
    std::vector<Signal> outputs = c.instance(name + "_unit", circuit.module, operands);
    size_t next = 0;
    for (Wire &ready : readies) {
      ready.drive(outputs[next++]);
    }
    if (circuit.hasStates) {
      memories.back().data = outputs[next++];
    }
    channels[unit.result].valid.drive(outputs[next++]);
    channels[unit.result].data.drive(outputs[next++]);
    tickReadies.push_back(outputs[next++]);
    idles.push_back(outputs[next++]);
    clearings.push_back(outputs[next++]);
    for (size_t s = 0; s < circuit.stateBits.size(); ++s) {
      int64_t size = int64_t(4) << indexBits(unit.layout.elements());
      base = (base + size - 1) / size * size;
      Window window{u, memories.size() - 1, circuit.stateLow[s], circuit.stateBits[s], {}};
      window.window.base = base;
      window.window.order = unit.layout.order;
      window.window.info.node = unit.name;
      window.window.dims = unit.layout.dims;
      auto name = cast<StringAttr>(
          snn::PopulationOp(unit.population).getStates()[static_cast<unsigned>(s)]);
      window.window.info.observable = name.str();
      base += size;
      windows.push_back(std::move(window));
    }
  }
  design.controlAddressBits = std::max(12, indexBits(base));
  for (const Window &window : windows) {
    design.states.push_back(window.window);
  }
}

void TopBuilder::buildMaps() {
  for (auto [m, map] : llvm::enumerate(plan.maps)) {
    const Stream &from = plan.streams[map.from], &to = plan.streams[map.to];
    Channel &source = channels[map.from], &target = channels[map.to];
    Consumer consumer;
    consumer.valid = c.wire(fmt::format("map{}_push", m), 1);
    StreamSignals in = signalsOf(map.from, consumer.valid, source.data);
    // Without parameters the number is all that its population can read.
    std::vector<Signal> operands;
    for (auto port : updates[m].getBody().getOps<InputOp>()) {
      int width = static_cast<int>(bitsOf(port.getResult()));
      operands.push_back(in.value(std::max(from.valueBits(), width)).bitsFrom(0, width));
    }
    std::vector<Signal> results = c.instance(fmt::format("map{}", m), updates[m], operands);
    Signal isKept = (in.isEnd() | results.front().isNonzero()).named(fmt::format("map{}_keeps", m));
    target.valid.drive(consumer.valid & isKept);
    std::vector<Signal> fields{in.isEnd()};
    if (to.valueBits() > 0) {
      fields.push_back(results.front().resizedSigned(to.valueBits()));
    }
    if (to.addressBits() > 0) {
      fields.push_back(in.address());
    }
    target.data.drive(concat(fields));
    consumer.ready = target.ready | ~isKept;
    source.consumers.push_back(consumer);
  }
}

void TopBuilder::buildDelays() {
  for (const Delay &delay : plan.delays) {
    const Stream &stream = plan.streams[delay.to];
    int64_t shortest = *std::min_element(delay.steps.begin(), delay.steps.end());
    bool isUniform = delay.steps.size() == 1;
    Consumer consumer;
    std::string name = c.fresh("delay_of_" + verilogName(delay.name));
    consumer.valid = c.wire(name + "_push", 1);
    Wire ready = c.wire(name + "_taken", 1);
    int64_t depth = std::max<int64_t>(shortest, 1) * (stream.elements() + 1);
    CircuitOp line = shop.delayLine(stream, depth, shortest, delay.start);
    std::vector<Signal> out =
        c.instance(name + "_line", line,
                   {c.reset, consumer.valid, channels[delay.from].data,
                    isUniform ? channels[delay.to].ready.value() : ready.value()});
    consumer.ready = out[0];
    channels[delay.from].consumers.push_back(consumer);
    Signal valid = out[1], data = out[2];
    if (isUniform) {
      ready.drive(c.low());
    } else {
      std::vector<int64_t> rest = delay.steps;
      for (int64_t &each : rest) {
        each -= shortest;
      }
      std::vector<Signal> slots =
          c.instance(name + "_slots", shop.delayRing(delay.name, rest, stream),
                     {c.reset, valid, data, channels[delay.to].ready});
      ready.drive(slots[0]);
      valid = slots[1];
      data = slots[2];
    }
    channels[delay.to].valid.drive(valid);
    channels[delay.to].data.drive(data);
  }
}

//===----------------------------------------------------------------------===//
// Control
//===----------------------------------------------------------------------===//

void TopBuilder::buildControl() {
  ControlPorts ports;
  ports.reset = resetWire;
  ports.run = runWire;
  ports.partsReset = internalReset;
  ports.inTaken = inTaken;
  ports.inEnd = inEnd;
  ports.outTaken = outTaken;
  ports.outEnd = outEnd;
  ports.outStalls = outStalls;
  ports.idles = idles;
  ports.clearings = clearings;
  ports.memories = memories;
  for (const Window &window : windows) {
    ports.fields.push_back({window.memory, window.low, window.bits, window.window.base,
                            plan.units[window.unit].layout.elements()});
  }
  shop.made.buildId = buildControlRegisters(c, shop.made.design.controlAddressBits, ports);
}

LogicalResult TopBuilder::build(const std::vector<UnitCircuit> &units) {
  planBeats();
  Signal aresetn = c.input("aresetn", 1);
  resetWire = (~aresetn).named("reset");
  c.reset = resetWire;
  internalReset = c.wire("parts_reset", 1);
  c.reset = internalReset;
  runWire = c.wire("is_running", 1);
  tickWire = c.wire("tick", 1);
  inputTaken = c.wire("any_input", 1);
  tick = tickWire;
  for (auto [s, stream] : llvm::enumerate(plan.streams)) {
    std::string name = c.fresh("stream_" + verilogName(stream.name));
    Channel channel;
    channel.valid = c.wire(name + "_valid", 1);
    channel.data = c.wire(name + "_data", StreamSignals::bitsOf(stream));
    channel.ready = c.wire(name + "_ready", 1);
    channels.push_back(std::move(channel));
  }
  for (const Map &map : plan.maps) {
    auto made = shop.datapath(map.population);
    if (failed(made)) {
      return failure();
    }
    updates.push_back(made->first);
  }
  buildUnits(units);
  buildMaps();
  buildDelays();
  buildOutputs();
  buildInputs();
  buildControl();
  connectChannels();
  return success();
}

FailureOr<Circuits> nirc::fpga::buildCircuits(const Plan &plan, StringRef top, MLIRContext *context,
                                              const BuildOptions &options) {
  Workshop shop(plan, context, options);
  std::string name = shop.moduleName(top);
  std::vector<UnitCircuit> units;
  for (const Unit &unit : plan.units) {
    FailureOr<UnitCircuit> made = shop.unit(unit);
    if (failed(made)) {
      return failure();
    }
    units.push_back(*made);
  }
  TopBuilder builder(shop, name);
  if (failed(builder.build(units))) {
    return failure();
  }
  return std::move(shop.made);
}
