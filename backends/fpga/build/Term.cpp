//===- Term.cpp - the terms of a unit as circuits -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/build/Term.h"

#include "passes/bodies/Interval.h"

#include <algorithm>
#include <fmt/format.h>

using namespace mlir;
using namespace hdl;
using namespace nirc;
using namespace nirc::fpga;

int nirc::fpga::bitsFor(const std::vector<int64_t> &numbers) {
  auto [least, most] = std::minmax_element(numbers.begin(), numbers.end());
  return neededBits({*least, *most});
}

void nirc::fpga::setField(APInt &word, int low, int bits, int64_t number) {
  word.insertBits(APInt(64, static_cast<uint64_t>(number), true).trunc(static_cast<unsigned>(bits)),
                  static_cast<unsigned>(low));
}

namespace {

class TermBuilder {
public:
  explicit TermBuilder(const TermSeat &seat)
      : seat(seat), c(seat.c), term(seat.unit.terms[seat.number]),
        stream(seat.shop.plan.streams[term.stream]), in(seat.in), layout(seat.unit.layout),
        sumBits(seat.sumBits), valueBits(seat.in.valueBits) {}
  TermCircuit build();

private:
  std::string name(const std::string &what) const {
    return fmt::format("term{}_{}", seat.number, what);
  }
  int64_t weightWords() const {
    int64_t lanes = term.isLane ? 1 : term.lanes;
    return term.weights.empty() ? 1 : static_cast<int64_t>(term.weights.size()) / lanes;
  }
  void buildLoops();
  void addCoordinate(size_t dim);
  void addTable(size_t dim);
  void addBlocks();
  void buildTaking();
  TermCircuit buildStages();
  Signal twoLater(Reg from, const std::string &what, int bits);
  Signal weightsAt(Signal address);
  Signal amountOf(Signal weight);

  const TermSeat &seat;
  Circuit &c;
  const Term &term;
  const Stream &stream;
  const StreamSignals &in;
  const Layout &layout;
  int sumBits, valueBits, weightBits = 1, wordBits = 1;

  // The event that is being spread.
  Reg busy, weightBase, wordBase, value, lane, block;
  Wire takesEvent;
  Signal nextWeight, nextWord; ///< what the bases become when one is taken
  Signal reaches;              ///< some window has it
  // Where the loops are.
  Signal weightNow, wordNow, lastBlock, isFinal;
  Signal carry; ///< all loops inside are at their last
  Signal value2, lane2;
  int weightWidth = 0;
};

} // namespace

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

/// A coordinate that is only multiplied.
void TermBuilder::addCoordinate(size_t dim) {
  const Term::Axis &axis = term.axes[dim];
  Signal index = in.coordinate(stream, dim);
  if (static_cast<int>(dim) == term.laneDim) {
    int bits = index.bits();
    lane.next(takesEvent, index.resized(std::max(term.laneBits, 1)));
    if (bits <= term.laneBits) {
      return;
    }
    index = index.bitsFrom(term.laneBits, bits - term.laneBits);
  }
  if (axis.each.weight != 0) {
    nextWeight = nextWeight + times(index, axis.each.weight, weightBits);
  }
  if (axis.each.sum != 0) {
    nextWord = nextWord + times(index, axis.each.sum, wordBits);
  }
}

/// A coordinate with a list of entries: a loop over them, by tables of {coordinate, entry}.
void TermBuilder::addTable(size_t dim) {
  const Term::Axis &axis = term.axes[dim];
  Signal coordinate = in.coordinate(stream, dim);
  size_t most = axis.mostEntries();
  int entryBits = indexBits(static_cast<int64_t>(most));
  Reg held = c.reg(name(fmt::format("at{}", dim)), coordinate.bits());
  held.next(takesEvent, coordinate);
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
    entry = c.reg(name(fmt::format("entry{}", dim)), entryBits);
    index = concat({held, entry}).named(name(fmt::format("row{}", dim)));
  }
  Signal isLast = most <= 1 ? c.high() : ~c.table(index, more, 1);
  isLast = isLast.named(name(fmt::format("last{}", dim)));
  if (entryBits > 0) {
    Signal steps = (busy & carry).named(name(fmt::format("step{}", dim)));
    entry.next(takesEvent | steps, mux(takesEvent | isLast, c.zero(entryBits), entry + 1));
  }
  auto isUsed = [](const std::vector<int64_t> &numbers) {
    return llvm::any_of(numbers, [](int64_t number) { return number != 0; });
  };
  if (isUsed(weights)) {
    weightNow = weightNow + c.table(index, weights, weightBits);
  }
  if (isUsed(sums)) {
    wordNow = wordNow + c.table(index, sums, wordBits);
  }
  if (!llvm::all_of(reach, [](int64_t number) { return number != 0; })) {
    reaches = reaches & c.table(coordinate, reach, 1);
  }
  carry = carry & isLast;
}

void TermBuilder::addBlocks() {
  if (term.blocks == 1) {
    block.next(c.zero(1));
    return;
  }
  int bits = block.value().bits();
  block.next(takesEvent | busy, mux(takesEvent | lastBlock, c.zero(bits), block + 1));
  weightNow = weightNow + block.value().resized(weightBits);
  wordNow = wordNow + times(block, term.blockStride, std::max(wordBits, bits)).resized(wordBits);
}

/// Over the entries of tables, the last dimension fastest, and inside over blocks.
void TermBuilder::buildLoops() {
  block = c.reg(name("block"), std::max(indexBits(term.blocks), 1));
  lastBlock = term.blocks == 1 ? c.high() : (block == term.blocks - 1).named(name("last_block"));
  carry = lastBlock;
  weightNow = weightBase;
  wordNow = wordBase;
  for (size_t d = term.axes.size(); d-- > 0;) {
    if (term.axes[d].isTable()) {
      addTable(d);
    } else {
      addCoordinate(d);
    }
  }
  isFinal = carry.named(name("is_final"));
  addBlocks();
}

/// Takes events. The end of a step waits until the last event is spread.
void TermBuilder::buildTaking() {
  Signal isEnd = in.isEnd();
  Reg ended = seat.ended;
  Wire ready = seat.ready;
  Signal wants = (in.valid & ~isEnd & ~ended.value()).named(name("wants"));
  Signal mayTake = (seat.gathers & seat.othersIdle & ~seat.othersWait & (~busy.value() | isFinal))
                       .named(name("may_take"));
  Signal takes = (wants & mayTake).named(name("takes"));
  takesEvent.drive(takes);
  Signal takesEnd =
      (in.valid & isEnd & ~ended.value() & seat.gathers & ~busy.value()).named(name("takes_end"));
  ready.drive(takes | takesEnd);
  ended.next(mux(seat.done, c.low(), ended | takesEnd));
  busy.next((takes & reaches) | (busy & ~isFinal));
  weightBase.next(takes, nextWeight);
  wordBase.next(takes, nextWord);
  value.next(takes, valueBits == 0 ? c.high() : in.value(valueBits));
  if (term.laneDim < 0) {
    lane.next(c.zero(1));
  }
}

//===----------------------------------------------------------------------===//
// Stages
//===----------------------------------------------------------------------===//

Signal TermBuilder::twoLater(Reg from, const std::string &what, int bits) {
  Reg one = c.reg(name(what + "1"), bits), two = c.reg(name(what + "2"), bits);
  one.next(from);
  two.next(one);
  return two;
}

/// The word of weights at an address, one cycle later.
Signal TermBuilder::weightsAt(Signal address) {
  weightWidth = bitsFor(term.weights);
  int64_t lanes = term.isLane ? 1 : term.lanes, words = weightWords();
  int width = weightWidth;
  std::string file = seat.shop.fileName(seat.unit.name + "_" + term.name);
  seat.shop.addImage(file, width * static_cast<int>(lanes), words, [&](int64_t w, APInt &word) {
    for (int64_t l = 0; l < lanes; ++l) {
      setField(word, static_cast<int>(l) * width, width,
               term.weights[static_cast<size_t>(w * lanes + l)]);
    }
  });
  return c.rom("weights_of_" + file.substr(0, file.size() - 4), words,
               width * static_cast<int>(lanes), address.resized(addressBits(words)), c.high(),
               file);
}

/// What is added: the weight times the number, without a weight the number times the factor.
Signal TermBuilder::amountOf(Signal weight) {
  if (!weight && valueBits == 0) {
    return c.constant(term.factor, sumBits);
  }
  if (!weight) {
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
  int bits = std::max(std::min(sumBits, valueBits + weightWidth), std::max(valueBits, weightWidth));
  return product(weight, value2, bits).resizedSigned(sumBits);
}

TermCircuit TermBuilder::buildStages() {
  Reg valid1 = c.reg(name("valid1"), 1, 0), valid2 = c.reg(name("valid2"), 1, 0);
  Reg weight1 = c.reg(name("weight1"), weightBits), word1 = c.reg(name("word1"), wordBits);
  Reg word2 = c.reg(name("word2"), wordBits);
  valid1.next(busy);
  valid2.next(valid1);
  weight1.next(weightNow);
  word1.next(wordNow);
  word2.next(word1);
  value2 = valueBits > 0 ? twoLater(value, "value", valueBits) : Signal();
  lane2 = term.laneBits > 0 ? twoLater(lane, "lane", term.laneBits) : Signal();
  Signal row = term.weights.empty() ? Signal() : weightsAt(weight1);

  TermCircuit made;
  Signal single = term.isLane ? amountOf(row) : Signal();
  for (int64_t l = 0; l < layout.lanes; ++l) {
    if (!term.isLane) {
      made.addends.push_back(
          amountOf(row.bitsFrom(static_cast<int>(l) * weightWidth, weightWidth)));
    } else if (layout.lanes == 1) {
      made.addends.push_back(single);
    } else { // one lane of them; the others get 0
      Signal here = lane2 ? lane2 == l : (l == 0 ? c.high() : c.low());
      made.addends.push_back(mux(here, single, c.zero(sumBits)));
    }
  }
  made.valid2 = valid2;
  made.word2 = word2;
  made.isBusy = busy;
  made.isIssuing = (valid1 | valid2).named(name("issues"));
  made.takesEvent = takesEvent;
  return made;
}

TermCircuit TermBuilder::build() {
  weightBits = addressBits(weightWords());
  wordBits = addressBits(layout.words());
  busy = c.reg(name("busy"), 1, 0);
  weightBase = c.reg(name("weight_base"), weightBits);
  wordBase = c.reg(name("word_base"), wordBits);
  value = c.reg(name("value"), std::max(valueBits, 1));
  lane = c.reg(name("lane"), std::max(term.laneBits, 1));
  nextWeight = c.zero(weightBits);
  nextWord = c.zero(wordBits);
  reaches = c.high();
  takesEvent = c.wire(name("takes_event"), 1);
  buildLoops();
  buildTaking();
  return buildStages();
}

TermCircuit nirc::fpga::buildTerm(const TermSeat &seat) { return TermBuilder(seat).build(); }
