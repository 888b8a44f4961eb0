//===- Control.cpp - what AXI4-Lite reads and writes ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/build/Control.h"

using namespace hdl;
using namespace nirc;
using namespace nirc::fpga;

namespace {

/// A read under way: asked, fetched a cycle later, answered another one later.
struct Reading {
  Reg address, asked, fetched;
};

} // namespace

/// The value at the address that is read, a cycle after it was asked.
static Signal windowsAt(Circuit &c, int bits, const ControlPorts &ports, const Reading &reading,
                        Signal value) {
  std::vector<Signal> peeks(ports.memories.size(), c.low());
  auto isHere = [&](int64_t base, int64_t elements) {
    int low = 2 + indexBits(elements);
    return reading.address.value().bitsFrom(low, bits - low) == (base >> low);
  };
  for (const PeekedField &field : ports.fields) {
    Signal here = isHere(field.base, field.elements);
    peeks[field.memory] = peeks[field.memory] | here;
    Signal number = ports.memories[field.memory].data.bitsFrom(field.low, field.bits);
    value = mux(here, number.resizedSigned(32), value);
  }
  for (size_t m = 0; m < ports.memories.size(); ++m) {
    PeekedMemory memory = ports.memories[m];
    memory.peeks.drive(reading.asked & peeks[m]);
    int placeBits = memory.place.value().bits();
    // A single neuron's windows follow each other: no bit of the address says which neuron.
    memory.place.drive(memory.isSingle ? c.low() : reading.address.value().bitsFrom(2, placeBits));
  }
  for (const WordWindow &window : ports.words) {
    auto elements = static_cast<int64_t>(window.words.size());
    Signal here = isHere(window.base, elements), number = window.words.front().resizedSigned(32);
    for (int64_t n = 1; n < elements; ++n) {
      Signal place = reading.address.value().bitsFrom(2, indexBits(elements));
      number = mux(place == n, window.words[static_cast<size_t>(n)].resizedSigned(32), number);
    }
    value = mux(here, number, value);
  }
  return value;
}

WireOp nirc::fpga::buildControlRegisters(Circuit &c, int bits, const ControlPorts &ports) {
  Signal awaddr = c.input("s_axil_awaddr", bits);
  c.input("s_axil_awprot", 3);
  Signal awvalid = c.input("s_axil_awvalid", 1);
  Signal wdata = c.input("s_axil_wdata", 32), wstrb = c.input("s_axil_wstrb", 4);
  Signal wvalid = c.input("s_axil_wvalid", 1), bready = c.input("s_axil_bready", 1);
  Signal araddr = c.input("s_axil_araddr", bits);
  c.input("s_axil_arprot", 3);
  Signal arvalid = c.input("s_axil_arvalid", 1), rready = c.input("s_axil_rready", 1);

  Signal parts = c.reset; // which these registers cause
  c.reset = ports.reset;
  Reg answered = c.reg("write_answered", 1, 0);
  Signal written = (awvalid & wvalid & ~answered.value()).named("is_written");
  answered.next(written | (answered & ~bready));
  Signal controls =
      (written & (awaddr.bitsFrom(2, bits - 2) == 0) & wstrb.bit(0)).named("controls");
  Reg run = c.reg("run", 1, 0), clear = c.reg("clear", 1, 0);
  run.next(controls, wdata.bit(0));
  clear.next(controls & wdata.bit(1));
  Wire runWire = ports.run, resetWire = ports.partsReset;
  runWire.drive(run);
  resetWire.drive(ports.reset | clear);

  Reading reading{c.reg("read_address", bits), c.reg("reading", 1, 0), c.reg("fetched", 1, 0)};
  Reg hasData = c.reg("has_data", 1, 0), readData = c.reg("read_data", 32);
  Signal free =
      (~reading.asked.value() & ~reading.fetched.value() & ~hasData.value()).named("read_free");
  Signal asked = (arvalid & free).named("is_asked");
  reading.address.next(asked, araddr);
  reading.asked.next(asked);
  reading.fetched.next(reading.asked);
  hasData.next(reading.fetched | (hasData & ~rready));

  c.reset = parts;
  auto counter = [&](const char *name, Signal counts) -> Signal {
    Reg reg = c.reg(name, 32, 0);
    reg.next(counts, reg + 1);
    return reg;
  };
  Signal stepsIn = counter("steps_in", ports.inEnd), stepsOut = counter("steps_out", ports.outEnd);
  Signal idle = stepsIn == stepsOut, clearing = clear;
  for (Signal each : ports.idles) {
    idle = idle & each;
  }
  for (Signal each : ports.clearings) {
    clearing = clearing | each;
  }
  idle = idle.named("is_idle");
  Signal id = c.constant(0, 32).named("build_id");
  const std::pair<int64_t, Signal> registers[] = {
      {Control, run.value().resized(32)},
      {Status, concat({c.zero(30), clearing, idle})},
      {StepsIn, stepsIn},
      {StepsOut, stepsOut},
      {Cycles, counter("cycles", ~idle)},
      {EventsIn, counter("events_in", ports.inTaken & ~ports.inEnd)},
      {EventsOut, counter("events_out", ports.outTaken & ~ports.outEnd)},
      {Stalls, counter("stalls", ports.outStalls)},
      {BuildId, id}};
  Signal value = c.zero(32);
  for (const auto &[address, each] : registers) {
    value = mux(reading.address == address, each, value);
  }
  readData.next(reading.fetched, windowsAt(c, bits, ports, reading, value));

  c.output("s_axil_awready", written);
  c.output("s_axil_wready", written);
  c.output("s_axil_bresp", c.zero(2));
  c.output("s_axil_bvalid", answered);
  c.output("s_axil_arready", free);
  c.output("s_axil_rdata", readData);
  c.output("s_axil_rresp", c.zero(2));
  c.output("s_axil_rvalid", hasData);
  return id.value().getDefiningOp<WireOp>();
}
