//===- Unit.cpp - sums and neurons as a circuit ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A unit goes through three phases in a step. While it gathers, its terms spread events over the
// memory of sums, one term at a time, a word of lanes each cycle:
//
//     loop  -> issue: addresses -> weights are read -> product; sums are read -> sum is written
//
// Then it sweeps, a neuron each cycle, unless nothing came and the last sweep found all at rest:
//
//     place -> states, sums and parameters are read -> u -> update -> states are written; event
//
// and finishes with the end of the step. The update takes a cycle for each of its stages. A sweep
// stands still while its event is not taken.
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/build/Term.h"

#include "backends/fpga/hdl/Stages.h"
#include "backends/fpga/plan/Numbers.h"
#include "passes/bodies/Interval.h"

#include <algorithm>
#include <fmt/format.h>

using namespace mlir;
using namespace hdl;
using namespace nirc;
using namespace nirc::fpga;

namespace {

constexpr int64_t gatherPhase = 0, sweepPhase = 1, finishPhase = 2;

class UnitBuilder {
public:
  UnitBuilder(Workshop &shop, const Unit &unit)
      : shop(shop), unit(unit), layout(unit.layout), result(shop.plan.streams[unit.result]),
        c(shop.module(), shop.moduleName(unit.name), docOf(unit)) {}

  FailureOr<UnitCircuit> build();

private:
  static std::string docOf(const Unit &unit) {
    const Layout &layout = unit.layout;
    return fmt::format("{}: {} {}, sums in {} words of {} lanes", unit.name, layout.elements(),
                       unit.elementNoun(), layout.words(), layout.lanes);
  }
  void buildGather();
  void buildPlaces();
  void buildReads();
  void buildOperands();
  void buildUpdate();
  void buildStates();
  void buildPhases();
  LogicalResult planParameters();
  /// A cycle later, if the sweep does not stand still.
  Signal held(StringRef name, Signal signal);
  Signal held(StringRef name, Signal signal, int64_t start);
  Signal fieldOf(Signal word, int low, int bits) { return word.bitsFrom(low, bits); }

  Workshop &shop;
  const Unit &unit;
  const Layout &layout;
  const Stream &result;
  Circuit c;

  snn::PopulationOp population = unit.population;
  CircuitOp update;
  std::vector<CircuitOp> stages; ///< of it
  Datapath datapath;
  int states = 0;
  int sumBits = 1;

  /// What is read of a neuron beside its states: bias, parameters, start values.
  struct Field {
    std::vector<int64_t> values; ///< by place in a sweep
    int bits = 0, low = -1;      ///< low < 0: one number for all
  };
  Signal constantOr(const Field &field, Signal word, int bits);
  Field fieldFor(std::vector<int64_t> byElement);
  Field bias;
  std::vector<Field> parameters, starts;
  int parameterBits = 0;

  // Shared by the phases.
  Reg phase, clearing, ticks, touched, quiet, calm;
  Signal gathers, sweeps, finishes, done, outReady, advance;
  std::vector<Reg> ended;
  std::vector<StreamSignals> inputs;
  std::vector<Wire> ready;
  Signal allEnded, isEmpty;
  Signal sumWord; ///< what the memory of sums gave
  Wire sweepWord, clearsWord, clearTarget, doneWire, advanceWire;
  UnitCircuit made;

  // Of the sweep, by stage.
  int placeBits = 1, stateBits = 0;
  std::vector<int> stateLow, stateWidth;
  Reg place, word, valid1, place1, address1, lane1, u, fires;
  Signal valid2, place2, address2, state2, parameter2; ///< beside the update
  Signal updates; ///< a stage of it before the last holds a neuron
  Signal runs, isLast, address, lane, isWordsLast, parameterWord;
  Wire stateWord;
  Signal passed, frozen, isActive; ///< is not at rest
  std::vector<Signal> newStates;
};

} // namespace

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

UnitBuilder::Field UnitBuilder::fieldFor(std::vector<int64_t> byElement) {
  Field field;
  field.bits = bitsFor(byElement);
  if (llvm::all_equal(byElement)) {
    field.values = {byElement.front()};
    return field;
  }
  for (int64_t place = 0; place < layout.elements(); ++place) {
    field.values.push_back(byElement[static_cast<size_t>(layout.elementAt(place))]);
  }
  field.low = parameterBits;
  parameterBits += field.bits;
  return field;
}

LogicalResult UnitBuilder::planParameters() {
  int64_t elements = layout.elements();
  bias =
      fieldFor(unit.bias.empty() ? std::vector<int64_t>(static_cast<size_t>(elements)) : unit.bias);
  sumBits = std::min(neededBits({unit.sumLeast, unit.sumMost}), 32);
  if (!population) {
    return success();
  }
  auto made = shop.datapath(population);
  if (failed(made)) {
    return failure();
  }
  std::tie(update, datapath) = *made;
  stages = shop.stagesOf(update);
  states = static_cast<int>(population.getStates().size());
  for (const DatapathPort &port : datapath.inputs) {
    if (port.place > states) {
      parameters.push_back(fieldFor(wholeNumbers(
          cast<ElementsAttr>(population.getParams()[port.place - 1 - states]), elements)));
    } else if (port.place == 0) {
      sumBits = std::max(sumBits, port.bits);
    }
  }
  for (ElementsAttr values : snn::initialOf(population)) {
    starts.push_back(fieldFor(values ? wholeNumbers(values, elements)
                                     : std::vector<int64_t>(static_cast<size_t>(elements))));
  }
  return success();
}

Signal UnitBuilder::constantOr(const Field &field, Signal word, int bits) {
  return field.low < 0 ? c.constant(field.values.front(), bits)
                       : fieldOf(word, field.low, field.bits).resizedSigned(bits);
}

//===----------------------------------------------------------------------===//
// Phases
//===----------------------------------------------------------------------===//

void UnitBuilder::buildGather() {
  int wordBits = addressBits(layout.words());
  auto lanes = static_cast<size_t>(layout.lanes);
  sweepWord = c.wire("sweep_word", wordBits);
  clearsWord = c.wire("clears_word", 1);
  clearTarget = c.wire("clear_target", wordBits);
  if (unit.terms.empty()) {
    allEnded = isEmpty = c.high();
    touched.next(c.low());
    return;
  }
  // One term at a time: the first that has an event begins when no other is busy.
  std::vector<Wire> busyWires;
  for (size_t k = 0; k < unit.terms.size(); ++k) {
    busyWires.push_back(c.wire(fmt::format("term{}_is_busy", k), 1));
  }
  std::vector<TermCircuit> terms;
  Signal waits = c.low();
  for (size_t k = 0; k < unit.terms.size(); ++k) {
    Signal othersIdle = c.high();
    for (size_t j = 0; j < unit.terms.size(); ++j) {
      othersIdle = j == k ? othersIdle : othersIdle & ~busyWires[j].value();
    }
    terms.push_back(buildTerm({shop, c, unit, k, inputs[k], sumBits, gathers, done, othersIdle,
                               waits, ended[k], ready[k]}));
    waits = waits | (inputs[k].valid & ~inputs[k].isEnd() & ~ended[k].value());
  }
  Signal valid2 = c.low(), word2 = terms[0].word2, anyTaken = c.low(), anyBusy = c.low();
  allEnded = c.high();
  Signal issuing = c.low();
  std::vector<Signal> addends = terms[0].addends;
  for (size_t k = 0; k < terms.size(); ++k) {
    busyWires[k].drive(terms[k].isBusy);
    valid2 = valid2 | terms[k].valid2;
    anyTaken = anyTaken | terms[k].takesEvent;
    anyBusy = anyBusy | terms[k].isBusy;
    issuing = issuing | terms[k].isIssuing;
    allEnded = allEnded & ended[k];
    if (k > 0) {
      word2 = mux(terms[k].valid2, terms[k].word2, word2);
      for (size_t l = 0; l < lanes; ++l) {
        addends[l] = mux(terms[k].valid2, terms[k].addends[l], addends[l]);
      }
    }
  }
  valid2 = valid2.named("valid2");
  word2 = word2.named("word2");
  touched.next(mux(done, c.low(), touched | anyTaken));

  Reg valid3 = c.reg("valid3", 1, 0), word3 = c.reg("word3", wordBits);
  valid3.next(valid2);
  word3.next(word2);
  // The sum that was written a cycle ago was not there yet when this one was read.
  Reg isSame = c.reg("is_same", 1, 0);
  isSame.next(valid2 & valid3 & (word2 == word3));
  Wire sum = c.wire("sum", static_cast<int>(lanes) * sumBits);
  std::vector<Signal> newSums;
  for (size_t l = 0; l < lanes; ++l) {
    Reg addend = c.reg(fmt::format("addend{}", l), sumBits);
    addend.next(addends[l]);
    Reg last = c.reg(fmt::format("last_sum{}", l), sumBits);
    Signal before = mux(isSame, last, sum.value().bitsFrom(static_cast<int>(l) * sumBits, sumBits));
    Signal now = (before + addend).named(fmt::format("new_sum{}", l));
    last.next(now);
    newSums.insert(newSums.begin(), now);
  }
  Signal clears = clearsWord;
  Signal written = mux(clears, c.zero(static_cast<int>(lanes) * sumBits), concat(newSums));
  Signal reads = mux(gathers, valid2, advance);
  sum.drive(c.ram("sums", layout.words(), static_cast<int>(lanes) * sumBits,
                  mux(gathers, word2, sweepWord), reads, mux(clears, clearTarget, word3), written,
                  (clears | valid3).named("writes_sum")));
  sumWord = sum;
  isEmpty = (~anyBusy & ~issuing & ~valid3.value()).named("is_empty");
}

Signal UnitBuilder::held(StringRef name, Signal signal) {
  Reg reg = c.reg(name, signal.bits());
  reg.next(advance, signal);
  return reg;
}

Signal UnitBuilder::held(StringRef name, Signal signal, int64_t start) {
  Reg reg = c.reg(name, signal.bits(), start);
  reg.next(advance, signal);
  return reg;
}

/// A place after the other: its word, its lane and its coordinates.
void UnitBuilder::buildPlaces() {
  placeBits = addressBits(layout.elements());
  int wordBits = addressBits(layout.words());
  place = c.reg("place", placeBits, 0);
  word = c.reg("word", wordBits, 0);
  runs = (sweeps & advance).named("runs");
  isLast = (place == layout.elements() - 1).named("is_last");
  place.next(runs, mux(isLast, c.zero(placeBits), place + 1));

  // Coordinates count with the places, in the order of the layout.
  std::vector<Signal> coordinate(layout.dims.size());
  Signal carry = c.high();
  lane = c.low();
  isWordsLast = c.high();
  for (size_t i = layout.order.size(); i-- > 0;) {
    int d = layout.order[i];
    int64_t size = layout.dims[d];
    int bits = indexBits(size);
    if (bits == 0) {
      continue;
    }
    Reg at = c.reg(fmt::format("at{}", d), bits, 0);
    Signal ends = (at == size - 1).named(fmt::format("at{}_ends", d));
    at.next(runs & carry, mux(ends, c.zero(bits), at + 1));
    if (d == layout.lanesDim() && layout.lanes > 1) {
      int laneBits = static_cast<int>(llvm::Log2_64(static_cast<uint64_t>(layout.lanes)));
      lane = at.value().resized(laneBits);
      isWordsLast = ((lane == layout.lanes - 1) | ends).named("is_words_last");
    }
    carry = carry & ends;
    coordinate[static_cast<size_t>(d)] = at;
  }
  word.next(runs & isWordsLast, mux(isLast, c.zero(wordBits), word + 1));
  sweepWord.drive(word);
  std::vector<Signal> parts;
  for (Signal part : coordinate) {
    if (part) {
      parts.push_back(part);
    }
  }
  address = parts.empty() ? c.low() : concat(parts);
}

/// Stage 1: states, sums and parameters are read.
void UnitBuilder::buildReads() {
  valid1 = c.reg("valid1", 1, 0);
  place1 = c.reg("place1", placeBits);
  address1 = c.reg("address1", address.bits());
  lane1 = c.reg("lane1", lane.bits());
  Reg words1 = c.reg("words_last1", 1), word1 = c.reg("word1", word.value().bits());
  valid1.next(advance, sweeps);
  place1.next(advance, place);
  address1.next(advance, address);
  lane1.next(advance, lane);
  words1.next(advance, isWordsLast);
  word1.next(advance, word);
  clearsWord.drive(unit.terms.empty() ? c.low() : valid1 & words1 & advance);
  clearTarget.drive(word1);

  if (parameterBits == 0) {
    return;
  }
  std::string file = shop.fileName(unit.name + "_parameters");
  shop.addImage(file, parameterBits, layout.elements(), [&](int64_t w, APInt &bits) {
    auto set = [&](const Field &field) {
      if (field.low >= 0) {
        setField(bits, field.low, field.bits, field.values[static_cast<size_t>(w)]);
      }
    };
    set(bias);
    llvm::for_each(parameters, set);
    llvm::for_each(starts, set);
  });
  parameterWord = c.rom("parameters", layout.elements(), parameterBits, place, advance, file);
}

/// Stage 2: what the update sees.
void UnitBuilder::buildOperands() {
  valid2 = held("sweep_valid2", valid1, 0);
  place2 = held("place2", place1);
  address2 = held("address2", address1);
  Signal total = c.zero(sumBits);
  if (!unit.terms.empty()) {
    total = sumWord.bitsFrom(0, sumBits);
    for (int64_t l = 1; l < layout.lanes; ++l) {
      total = mux(lane1 == l, sumWord.bitsFrom(static_cast<int>(l) * sumBits, sumBits), total);
    }
  }
  if (bias.low >= 0 || bias.values.front() != 0) {
    total = total + constantOr(bias, parameterWord, sumBits);
  }
  u = c.reg("u", sumBits);
  u.next(advance, total.named("total"));

  for (int s = 0; s < states; ++s) {
    const DatapathPort &port = datapath.outputs[static_cast<size_t>(s) + 1];
    stateLow.push_back(stateBits);
    stateWidth.push_back(port.bits);
    stateBits += port.bits;
  }
  stateWord = c.wire("state_word", std::max(stateBits, 1));
  state2 = held("state2", stateWord);
  parameter2 = held("parameter2", parameterBits > 0 ? parameterWord : c.low());
}

/// Stages 3 and up: what goes beside the update is held as often as what is in it.
void UnitBuilder::buildUpdate() {
  passed = u;
  updates = c.low();
  if (population) {
    std::vector<Signal> operands;
    size_t parameter = 0;
    for (const DatapathPort &port : datapath.inputs) {
      if (port.place == 0) {
        operands.push_back(u.value().resizedSigned(port.bits));
      } else if (port.place <= states) {
        auto s = static_cast<size_t>(port.place - 1);
        operands.push_back(fieldOf(state2, stateLow[s], stateWidth[s]).resizedSigned(port.bits));
      } else {
        operands.push_back(constantOr(parameters[parameter++], parameter2, port.bits));
      }
    }
    std::vector<Signal> results =
        connectStages(c, "update", update, stages, operands,
                      [&](StringRef name, Signal signal) { return held(name, signal); });
    passed = results.front();
    newStates.assign(results.begin() + 1, results.end());
    for (size_t s = 1; s < stages.size(); ++s) {
      updates = updates | valid2;
      auto stage = [&](const char *name) { return fmt::format("{}{}", name, s + 2); };
      valid2 = held(stage("sweep_valid"), valid2, 0);
      place2 = held(stage("place"), place2);
      address2 = held(stage("address"), address2);
      state2 = held(stage("state"), state2);
      parameter2 = held(stage("parameter"), parameter2);
    }
  }
  frozen = c.low();
  if (population && population.getStart() > 0) {
    auto start = static_cast<int64_t>(population.getStart());
    Reg age = c.reg("age", indexBits(start + 1), 0);
    frozen = (age < start).named("is_frozen");
    age.next(done & ~clearing.value() & frozen, age + 1);
  }
  isActive = (passed.isNonzero() & ~frozen).named("is_active");
}

void UnitBuilder::buildStates() {
  if (states == 0) {
    stateWord.drive(c.low());
    return;
  }
  std::vector<Signal> next, first;
  for (int s = states; s-- > 0;) {
    next.push_back(newStates[static_cast<size_t>(s)]);
    first.push_back(
        constantOr(starts[static_cast<size_t>(s)], parameter2, stateWidth[static_cast<size_t>(s)]));
  }
  Signal written = concat(next).named("new_state");
  Signal writes = (valid2 & advance & (clearing | ~frozen)).named("writes_state");
  Signal peeks = made.peeks;
  Signal readAt = mux(gathers, made.peekPlace.resized(placeBits), place);
  stateWord.drive(c.ram("states", layout.elements(), stateBits, readAt,
                        mux(gathers, peeks, advance), place2, mux(clearing, concat(first), written),
                        writes));
  isActive = (isActive | (written != state2)).named("is_changed");
  for (int s = 0; s < states; ++s) {
    made.stateLow.push_back(stateLow[static_cast<size_t>(s)]);
    made.stateBits.push_back(stateWidth[static_cast<size_t>(s)]);
  }
  c.output("peek_data", stateWord);
}

/// The last stage: the event, and from phase to phase.
void UnitBuilder::buildPhases() {
  fires = c.reg("fires", 1, 0);
  int bits = StreamSignals::bitsOf(result);
  Reg event = c.reg("fired", bits);
  fires.next(advance, valid2 & passed.isNonzero() & ~clearing.value() & ~frozen);
  std::vector<Signal> fields{c.low()};
  if (result.valueBits() > 0) {
    fields.push_back(passed.resizedSigned(result.valueBits()));
  }
  if (result.addressBits() > 0) {
    fields.push_back(address2);
  }
  event.next(advance, concat(fields));

  Signal drained = (~valid1.value() & ~updates & ~valid2 & ~fires.value()).named("is_drained");
  Signal starts = (gathers & allEnded & isEmpty & ticks.value().isNonzero()).named("starts");
  Signal skips = (starts & quiet & ~touched.value()).named("skips");
  Signal ends = (finishes & drained & ~clearing.value()).named("ends");
  Signal finished = (finishes & drained & (clearing | outReady)).named("finished");
  doneWire.drive(finished);
  advanceWire.drive(~(fires & ~outReady));
  phase.next(mux(skips, c.constant(finishPhase, 2),
                 mux(starts, c.constant(sweepPhase, 2),
                     mux(runs & isLast, c.constant(finishPhase, 2),
                         mux(finished, c.constant(gatherPhase, 2), phase)))));
  clearing.next(clearing & ~finished);
  Signal one = c.constant(1, shop.tickBits()), none = c.zero(shop.tickBits());
  ticks.next(ticks + mux(made.tick, one, none) - mux(finished & ~clearing.value(), one, none));
  calm.next(starts | (calm & ~(valid2 & advance & isActive)));
  quiet.next(finished, calm & ~touched.value() & ~clearing.value() & ~frozen);

  c.output("out_valid", fires | ends);
  c.output("out_data", mux(fires, event, endOfStep(c, bits)));
  c.output("tick_ready", ticks != c.constant(-1, shop.tickBits()));
  c.output("idle", gathers & ticks.value().isZero());
  c.output("clearing", clearing);
}

FailureOr<UnitCircuit> UnitBuilder::build() {
  if (failed(planParameters())) {
    return failure();
  }
  c.reset = c.input("rst", 1);
  for (size_t k = 0; k < unit.terms.size(); ++k) {
    const Stream &stream = shop.plan.streams[unit.terms[k].stream];
    inputs.push_back({c.input(fmt::format("in{}_valid", k), 1),
                      c.input(fmt::format("in{}_data", k), StreamSignals::bitsOf(stream)),
                      stream.addressBits(), stream.valueBits()});
  }
  outReady = c.input("out_ready", 1);
  made.tick = c.input("tick", 1);
  made.hasStates = states > 0;
  if (states > 0) {
    made.peeks = c.input("peek", 1);
    made.peekPlace = c.input("peek_place", addressBits(layout.elements()));
  }
  phase = c.reg("phase", 2, sweepPhase);
  clearing = c.reg("is_clearing", 1, 1);
  ticks = c.reg("ticks", shop.tickBits(), 0);
  touched = c.reg("touched", 1, 0);
  quiet = c.reg("quiet", 1, 0);
  calm = c.reg("calm", 1, 0);
  gathers = (phase == gatherPhase).named("gathers");
  sweeps = (phase == sweepPhase).named("sweeps");
  finishes = (phase == finishPhase).named("finishes");
  doneWire = c.wire("done", 1);
  advanceWire = c.wire("advance", 1);
  done = doneWire;
  advance = advanceWire;
  for (size_t k = 0; k < unit.terms.size(); ++k) {
    ended.push_back(c.reg(fmt::format("in{}_ended", k), 1, 0));
    ready.push_back(c.wire(fmt::format("in{}_is_taken", k), 1));
  }
  buildGather();
  for (size_t k = 0; k < unit.terms.size(); ++k) {
    c.output(fmt::format("in{}_ready", k), ready[k]);
  }
  buildPlaces();
  buildReads();
  buildOperands();
  buildUpdate();
  buildStates();
  buildPhases();
  made.module = c.module;
  return made;
}

FailureOr<UnitCircuit> Workshop::unit(const Unit &unit) { return UnitBuilder(*this, unit).build(); }
