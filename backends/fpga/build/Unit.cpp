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
//     place -> states, sums and parameters are read -> u -> update; states are written -> event
//
// and finishes with the end of the step. A sweep stands still while its event is not taken.
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/build/Build.h"

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

int bitsFor(const std::vector<int64_t> &numbers) {
  auto [least, most] = std::minmax_element(numbers.begin(), numbers.end());
  return neededBits({*least, *most});
}

/// A word as it lies in a memory file: fields of signed numbers, the first one lowest.
void setField(APInt &word, int low, int bits, int64_t number) {
  word.insertBits(APInt(64, static_cast<uint64_t>(number), true).trunc(static_cast<unsigned>(bits)),
                  static_cast<unsigned>(low));
}

/// What a term shows of itself to the unit.
struct TermCircuit {
  Signal valid2, word2;        ///< an addition is two stages from being written
  std::vector<Signal> addends; ///< of each lane
  Signal isBusy, isIssuing, ended, takesEvent;
};

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
                       unit.population ? "neurons" : "sums", layout.words(), layout.lanes);
  }
  TermCircuit buildTerm(size_t k, Signal othersIdle, Signal othersWait);
  Signal weightsOf(const Term &term, Signal address, int &bits);
  void buildGather();
  void buildSweep();
  LogicalResult planParameters();
  Signal fieldOf(Signal word, int low, int bits) { return word.bitsFrom(low, bits); }

  Workshop &shop;
  const Unit &unit;
  const Layout &layout;
  const Stream &result;
  Circuit c;

  snn::PopulationOp population = unit.population;
  CircuitOp update;
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
// Terms
//===----------------------------------------------------------------------===//

/// The word of weights at an address, one cycle later.
Signal UnitBuilder::weightsOf(const Term &term, Signal address, int &bits) {
  bits = bitsFor(term.weights);
  auto lanes = term.isLane ? 1 : term.lanes;
  auto words = static_cast<int64_t>(term.weights.size()) / lanes;
  std::string file = shop.fileName(unit.name + "_" + term.name);
  shop.addImage(file, bits * static_cast<int>(lanes), words, [&](int64_t w, APInt &word) {
    for (int64_t lane = 0; lane < lanes; ++lane) {
      setField(word, static_cast<int>(lane) * bits, bits,
               term.weights[static_cast<size_t>(w * lanes + lane)]);
    }
  });
  return c.rom(term.name.empty() ? "weights" : "weights_of_" + file.substr(0, file.size() - 4),
               words, bits * static_cast<int>(lanes), address.resized(addressBits(words)), c.high(),
               file);
}

TermCircuit UnitBuilder::buildTerm(size_t k, Signal othersIdle, Signal othersWait) {
  const Term &term = unit.terms[k];
  const Stream &stream = shop.plan.streams[term.stream];
  const StreamSignals &in = inputs[k];
  auto name = [&](const char *what) { return fmt::format("term{}_{}", k, what); };
  TermCircuit made;

  int64_t weightWords = term.weights.empty() ? 1
                        : term.isLane ? static_cast<int64_t>(term.weights.size())
                                      : static_cast<int64_t>(term.weights.size()) / term.lanes;
  int weightBits = addressBits(weightWords), wordBits = addressBits(layout.words());
  int valueBits = in.valueBits;

  // The event that is being spread.
  Reg busy = c.reg(name("busy"), 1, 0);
  Reg weightBase = c.reg(name("weight_base"), weightBits);
  Reg wordBase = c.reg(name("word_base"), wordBits);
  Reg value = c.reg(name("value"), std::max(valueBits, 1));
  Reg lane = c.reg(name("lane"), std::max(term.laneBits, 1));
  Signal nextWeight = c.zero(weightBits), nextWord = c.zero(wordBits);
  Signal reaches = c.high(); ///< some window has it

  // Loops: over the entries of tables, the last dimension fastest, and inside over blocks.
  Wire takesEvent = c.wire(name("takes_event"), 1);
  Reg block = c.reg(name("block"), std::max(indexBits(term.blocks), 1));
  Signal lastBlock =
      term.blocks == 1 ? c.high() : (block == term.blocks - 1).named(name("last_block"));
  Signal carry = lastBlock;
  Signal weightNow = weightBase, wordNow = wordBase;
  for (size_t d = term.axes.size(); d-- > 0;) {
    const Term::Axis &axis = term.axes[d];
    Signal coordinate = in.coordinate(stream, d);
    if (!axis.isTable()) {
      Signal index = coordinate;
      if (static_cast<int>(d) == term.laneDim) {
        int bits = index.bits();
        lane.next(takesEvent, index.resized(std::max(term.laneBits, 1)));
        if (bits <= term.laneBits) {
          continue;
        }
        index = index.bitsFrom(term.laneBits, bits - term.laneBits);
      }
      if (axis.each.weight != 0) {
        nextWeight = nextWeight + times(index, axis.each.weight, weightBits);
      }
      if (axis.each.sum != 0) {
        nextWord = nextWord + times(index, axis.each.sum, wordBits);
      }
      continue;
    }
    size_t most = axis.mostEntries();
    int entryBits = indexBits(static_cast<int64_t>(most));
    Reg held = c.reg(fmt::format("term{}_at{}", k, d), coordinate.bits());
    held.next(takesEvent, coordinate);
    // By coordinate and entry, as {coordinate, entry}.
    auto rows = axis.entries.size() << entryBits;
    std::vector<int64_t> weights(rows), sums(rows), more(rows), reach(axis.entries.size());
    for (size_t at = 0; at < axis.entries.size(); ++at) {
      const std::vector<Term::Entry> &list = axis.entries[at];
      reach[at] = list.empty() ? 0 : 1;
      for (size_t i = 0; i < list.size(); ++i) {
        size_t row = (at << entryBits) + i;
        weights[row] = list[i].weight;
        sums[row] = list[i].sum;
        more[row] = i + 1 < list.size();
      }
    }
    Signal index = held;
    Reg entry;
    if (entryBits > 0) {
      entry = c.reg(fmt::format("term{}_entry{}", k, d), entryBits);
      index = concat({held, entry}).named(fmt::format("term{}_row{}", k, d));
    }
    Signal isLast = most <= 1 ? c.high() : ~c.table(index, more, 1);
    isLast = isLast.named(fmt::format("term{}_last{}", k, d));
    if (entryBits > 0) {
      Signal steps = (busy & carry).named(fmt::format("term{}_step{}", k, d));
      entry.next(takesEvent | steps, mux(takesEvent | isLast, c.zero(entryBits), entry + 1));
    }
    if (llvm::any_of(weights, [](int64_t w) { return w != 0; })) {
      weightNow = weightNow + c.table(index, weights, weightBits);
    }
    if (llvm::any_of(sums, [](int64_t s) { return s != 0; })) {
      wordNow = wordNow + c.table(index, sums, wordBits);
    }
    if (llvm::any_of(reach, [](int64_t r) { return r == 0; })) {
      reaches = reaches & c.table(coordinate, reach, 1);
    }
    carry = carry & isLast;
  }
  Signal isFinal = carry.named(name("is_final"));
  if (term.blocks > 1) {
    block.next(takesEvent | busy,
               mux(takesEvent | lastBlock, c.zero(block.value().bits()), block + 1));
    weightNow = weightNow + block.value().resized(weightBits);
    wordNow =
        wordNow +
        times(block, term.blockStride, std::max(wordBits, block.value().bits())).resized(wordBits);
  } else {
    block.next(c.zero(1));
  }

  // Taking events. The end of a step waits until the last event is spread.
  Signal isEnd = in.isEnd();
  Signal wants = (in.valid & ~isEnd & ~ended[k].value()).named(name("wants"));
  Signal mayTake =
      (gathers & othersIdle & ~othersWait & (~busy.value() | isFinal)).named(name("may_take"));
  Signal takes = (wants & mayTake).named(name("takes"));
  takesEvent.drive(takes);
  Signal takesEnd =
      (in.valid & isEnd & ~ended[k].value() & gathers & ~busy.value()).named(name("takes_end"));
  ready[k].drive(takes | takesEnd);
  ended[k].next(mux(done, c.low(), ended[k] | takesEnd));
  busy.next((takes & reaches) | (busy & ~isFinal));
  weightBase.next(takes, nextWeight);
  wordBase.next(takes, nextWord);
  value.next(takes, valueBits == 0 ? c.high() : in.value(valueBits));
  if (term.laneDim < 0) {
    lane.next(c.zero(1));
  }

  // The stages behind the loop.
  Reg valid1 = c.reg(name("valid1"), 1, 0), valid2 = c.reg(name("valid2"), 1, 0);
  Reg weight1 = c.reg(name("weight1"), weightBits), word1 = c.reg(name("word1"), wordBits);
  Reg word2 = c.reg(name("word2"), wordBits);
  valid1.next(busy);
  valid2.next(valid1);
  weight1.next(weightNow);
  word1.next(wordNow);
  word2.next(word1);
  auto twoLater = [&](Reg from, const char *what, int bits) -> Signal {
    Reg one = c.reg(name((std::string(what) + "1").c_str()), bits);
    Reg two = c.reg(name((std::string(what) + "2").c_str()), bits);
    one.next(from);
    two.next(one);
    return two;
  };
  Signal value2 = valueBits > 0 ? twoLater(value, "value", valueBits) : Signal();
  Signal lane2 = term.laneBits > 0 ? twoLater(lane, "lane", term.laneBits) : Signal();

  int weightWidth = 0;
  Signal row = term.weights.empty() ? Signal() : weightsOf(term, weight1, weightWidth);
  auto amount = [&](Signal weight) {
    if (!weight) {
      if (valueBits == 0) {
        return c.constant(term.factor, sumBits);
      }
      int factorBits = neededBits({term.factor, term.factor});
      return term.factor == 1 ? value2.resizedSigned(sumBits)
                              : product(value2, c.constant(term.factor, factorBits),
                                        std::max({sumBits, valueBits, factorBits}))
                                    .resized(sumBits);
    }
    if (valueBits == 0) {
      return weight.resizedSigned(sumBits);
    }
    // No wider than what is kept of it.
    int bits =
        std::max(std::min(sumBits, valueBits + weightWidth), std::max(valueBits, weightWidth));
    return product(weight, value2, bits).resizedSigned(sumBits);
  };
  Signal single = term.isLane ? amount(row) : Signal();
  for (int64_t l = 0; l < layout.lanes; ++l) {
    if (!term.isLane) {
      made.addends.push_back(amount(row.bitsFrom(static_cast<int>(l) * weightWidth, weightWidth)));
    } else if (layout.lanes == 1) {
      made.addends.push_back(single);
    } else {
      Signal here = lane2 ? lane2 == l : (l == 0 ? c.high() : c.low());
      made.addends.push_back(mux(here, single, c.zero(sumBits)));
    }
  }
  made.valid2 = valid2;
  made.word2 = word2;
  made.isBusy = busy;
  made.isIssuing = (valid1 | valid2).named(name("issues"));
  made.takesEvent = takes;
  return made;
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
    terms.push_back(buildTerm(k, othersIdle, waits));
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

void UnitBuilder::buildSweep() {
  int64_t elements = layout.elements();
  int placeBits = addressBits(elements), wordBits = addressBits(layout.words());
  Reg place = c.reg("place", placeBits, 0), word = c.reg("word", wordBits, 0);
  Signal runs = (sweeps & advance).named("runs");
  Signal isLast = (place == elements - 1).named("is_last");
  place.next(runs, mux(isLast, c.zero(placeBits), place + 1));

  // Coordinates count with the places, in the order of the layout.
  std::vector<Signal> coordinate(layout.dims.size());
  Signal carry = c.high(), lane = c.low(), isWordsLast = c.high();
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
  Signal address = parts.empty() ? c.low() : concat(parts);

  // Stage 1: what was read.
  Reg valid1 = c.reg("valid1", 1, 0), place1 = c.reg("place1", placeBits);
  Reg address1 = c.reg("address1", address.bits()), lane1 = c.reg("lane1", lane.bits());
  Reg words1 = c.reg("words_last1", 1), word1 = c.reg("word1", wordBits);
  valid1.next(advance, sweeps);
  place1.next(advance, place);
  address1.next(advance, address);
  lane1.next(advance, lane);
  words1.next(advance, isWordsLast);
  word1.next(advance, word);
  clearsWord.drive(unit.terms.empty() ? c.low() : valid1 & words1 & advance);
  clearTarget.drive(word1);

  Signal parameterWord;
  if (parameterBits > 0) {
    std::string file = shop.fileName(unit.name + "_parameters");
    shop.addImage(file, parameterBits, elements, [&](int64_t w, APInt &bits) {
      auto set = [&](const Field &field) {
        if (field.low >= 0) {
          setField(bits, field.low, field.bits, field.values[static_cast<size_t>(w)]);
        }
      };
      set(bias);
      llvm::for_each(parameters, set);
      llvm::for_each(starts, set);
    });
    parameterWord = c.rom("parameters", elements, parameterBits, place, advance, file);
  }

  // Stage 2: what the update sees.
  Reg valid2 = c.reg("sweep_valid2", 1, 0), place2 = c.reg("place2", placeBits);
  Reg address2 = c.reg("address2", address.bits());
  valid2.next(advance, valid1);
  place2.next(advance, place1);
  address2.next(advance, address1);
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
  Reg u = c.reg("u", sumBits);
  u.next(advance, total.named("total"));

  int stateBits = 0;
  std::vector<int> stateLow, stateWidth;
  for (int s = 0; s < states; ++s) {
    const DatapathPort &port = datapath.outputs[static_cast<size_t>(1 + s)];
    stateLow.push_back(stateBits);
    stateWidth.push_back(port.bits);
    stateBits += port.bits;
  }
  Wire stateWord = c.wire("state_word", std::max(stateBits, 1));
  Reg state2 = c.reg("state2", std::max(stateBits, 1));
  state2.next(advance, stateWord);
  Reg parameter2 = c.reg("parameter2", std::max(parameterBits, 1));
  parameter2.next(advance, parameterBits > 0 ? parameterWord : c.low());

  // The update.
  Signal passed = u;
  std::vector<Signal> newStates;
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
    std::vector<Signal> results = c.instance("update", update, operands);
    passed = results.front();
    newStates.assign(results.begin() + 1, results.end());
  }
  Signal frozen = c.low();
  if (population && population.getStart() > 0) {
    auto start = static_cast<int64_t>(population.getStart());
    Reg age = c.reg("age", indexBits(start + 1), 0);
    frozen = (age < start).named("is_frozen");
    age.next(done & ~clearing.value() & frozen, age + 1);
  }
  Signal isActive = (passed.isNonzero() & ~frozen).named("is_active");
  if (states > 0) {
    std::vector<Signal> next, first;
    for (int s = states; s-- > 0;) {
      next.push_back(newStates[static_cast<size_t>(s)]);
      first.push_back(constantOr(starts[static_cast<size_t>(s)], parameter2,
                                 stateWidth[static_cast<size_t>(s)]));
    }
    Signal written = concat(next).named("new_state");
    Signal writes = (valid2 & advance & (clearing | ~frozen)).named("writes_state");
    Signal peeks = made.peeks;
    Signal readAt = mux(gathers, made.peekPlace.resized(placeBits), place);
    stateWord.drive(c.ram("states", elements, stateBits, readAt, mux(gathers, peeks, advance),
                          place2, mux(clearing, concat(first), written), writes));
    isActive = (isActive | (written != state2)).named("is_changed");
    for (int s = 0; s < states; ++s) {
      made.stateLow.push_back(stateLow[static_cast<size_t>(s)]);
      made.stateBits.push_back(stateWidth[static_cast<size_t>(s)]);
    }
    c.output("peek_data", stateWord);
  } else {
    stateWord.drive(c.low());
  }

  // Stage 3: the event.
  Reg fires = c.reg("fires", 1, 0);
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

  // From phase to phase.
  Signal drained = (~valid1.value() & ~valid2.value() & ~fires.value()).named("is_drained");
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
  buildSweep();
  made.module = c.module;
  return made;
}

FailureOr<UnitCircuit> Workshop::unit(const Unit &unit) { return UnitBuilder(*this, unit).build(); }
