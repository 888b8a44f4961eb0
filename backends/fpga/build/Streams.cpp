//===- Streams.cpp - streams, buffers and delays as circuits --------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/build/Build.h"

#include "backends/fpga/verilog/Names.h"
#include "ir/Wording.h"

#include "llvm/ADT/StringExtras.h"

#include <fmt/format.h>

using namespace mlir;
using namespace hdl;
using namespace nirc;
using namespace nirc::fpga;

//===----------------------------------------------------------------------===//
// Fields
//===----------------------------------------------------------------------===//

Signal StreamSignals::address() const {
  return addressBits == 0 ? data.in().low() : data.bitsFrom(0, addressBits);
}

Signal StreamSignals::coordinate(const Stream &stream, size_t dim) const {
  int low = 0;
  for (size_t d = stream.dims.size() - 1; d > dim; --d) {
    low += indexBits(stream.dims[d]);
  }
  int bits = indexBits(stream.dims[dim]);
  return bits == 0 ? data.in().low() : data.bitsFrom(low, bits);
}

Signal StreamSignals::value(int bits) const {
  return valueBits == 0 ? data.in().constant(1, bits)
                        : data.bitsFrom(addressBits, valueBits).resizedSigned(bits);
}

//===----------------------------------------------------------------------===//
// What parts share
//===----------------------------------------------------------------------===//

Workshop::Workshop(const Plan &plan, MLIRContext *context, const BuildOptions &options)
    : plan(plan), options(options) {
  context->loadDialect<HdlDialect, arith::ArithDialect>();
  made.module = mlir::ModuleOp::create(UnknownLoc::get(context));
}

static std::string unique(std::set<std::string> &taken, const std::string &name) {
  std::string chosen = name;
  for (int n = 2; !taken.insert(StringRef(chosen).lower()).second; ++n) {
    chosen = fmt::format("{}_{}", name, n);
  }
  return chosen;
}

/// Names without a small letter are those of vendors' cells: LUT6, SB_DFF.
std::string Workshop::moduleName(StringRef node) {
  std::string name = verilogName(node);
  bool hasSmall = llvm::any_of(name, [](char c) { return c >= 'a' && c <= 'z'; });
  return unique(taken, hasSmall ? name : name + "_module");
}
std::string Workshop::fileName(StringRef name) { return unique(taken, verilogName(name)) + ".hex"; }

void Workshop::addImage(const std::string &file, int bits, int64_t words,
                        const std::function<void(int64_t, APInt &)> &fill) {
  Image image{file, words, bits, {}};
  auto digits = static_cast<size_t>((bits + 3) / 4);
  for (int64_t w = 0; w < words; ++w) {
    APInt word(static_cast<unsigned>(bits), 0);
    fill(w, word);
    SmallString<64> text;
    word.toString(text, 16, /*Signed=*/false, /*formatAsCLiteral=*/false, /*UpperCase=*/false);
    image.text.append(digits - std::min(digits, text.size()), '0');
    image.text += text.str();
    image.text += '\n';
  }
  made.images.push_back(std::move(image));
}

//===----------------------------------------------------------------------===//
// Buffers
//===----------------------------------------------------------------------===//

CircuitOp Workshop::streamBuffer(int bits) {
  CircuitOp &made = buffers[bits];
  if (made) {
    return made;
  }
  std::string name = moduleName(fmt::format("stream_buffer_{}", bits));
  Circuit c(module(), name,
            "Two beats, so that a ready is a register and no beat waits for nothing.");
  c.reset = c.input("rst", 1);
  Signal inValid = c.input("in_valid", 1), inData = c.input("in_data", bits);
  Signal outReady = c.input("out_ready", 1);
  Reg headValid = c.reg("head_valid", 1, 0), tailValid = c.reg("tail_valid", 1, 0);
  Reg head = c.reg("head", bits), tail = c.reg("tail", bits);
  Signal inReady = ~tailValid.value();
  Signal taken = (inValid & inReady).named("taken");
  Signal given = (headValid & outReady).named("given");
  // The tail moves up when the head leaves. What comes goes behind what is there then.
  Signal headStays = headValid & ~given;
  Signal fromTail = (~headStays & tailValid).named("from_tail");
  Signal toHead = (taken & ~headStays & ~tailValid.value()).named("to_head");
  headValid.next(headStays | fromTail | toHead);
  head.next(fromTail | toHead, mux(tailValid, tail, inData));
  tailValid.next((tailValid & ~fromTail) | (taken & ~toHead));
  tail.next(taken, inData);
  c.output("in_ready", inReady);
  c.output("out_valid", headValid);
  c.output("out_data", head);
  this->made.streams += fmt::format("buffer {} {}\n", name, bits);
  return made = c.module;
}

//===----------------------------------------------------------------------===//
// Delays
//===----------------------------------------------------------------------===//

/// Counts from 0, and to 0 again behind the last one.
static Signal nextPlace(Signal place, int64_t places) {
  return mux(place == places - 1, place.in().zero(place.bits()), place + 1);
}

CircuitOp Workshop::delayLine(const Stream &stream, int64_t depth, int64_t steps, int64_t start) {
  int bits = StreamSignals::bitsOf(stream);
  Circuit c(module(), moduleName("delay_" + stream.name),
            fmt::format("Events as they come, {} later: {} in a memory, behind as many ends of "
                        "steps.",
                        nir::counted(steps, "step"), nir::counted(depth, "beat")));
  c.reset = c.input("rst", 1);
  Signal inValid = c.input("in_valid", 1), inData = c.input("in_data", bits);
  Signal outReady = c.input("out_ready", 1);

  Wire takenWire = c.wire("taken", 1);
  Signal taken = takenWire, isStored = c.high();
  if (start > 0) {
    int ageBits = indexBits(start + 1);
    Reg age = c.reg("age", ageBits, 0);
    Signal isEarly = (age < start).named("is_early");
    age.next(taken & inData.top() & isEarly, age + 1);
    isStored = inData.top() | ~isEarly;
  }
  int placeBits = addressBits(depth), countBits = indexBits(depth + 1);
  Reg target = c.reg("target", placeBits, 0), source = c.reg("source", placeBits, 0);
  Reg count = c.reg("count", countBits, 0);
  Reg filled = c.reg("filled", 1, 0); ///< the memory's register holds a beat
  Signal inReady = (count != c.constant(depth, countBits)).named("has_room");
  takenWire.drive(inValid & inReady);
  Signal stores = (taken & isStored).named("stores");

  // Ends of steps that no input has made.
  int marksBits = indexBits(steps + 1);
  Reg marks = c.reg("marks", std::max(marksBits, 1), steps);
  Signal hasMarks = steps > 0 ? marks.value().isNonzero() : c.low();
  Signal given = (filled & ~hasMarks & outReady).named("given");
  marks.next(hasMarks & outReady, marks - 1);
  Signal fetches = (count.value().isNonzero() & (~filled.value() | given)).named("fetches");
  filled.next(fetches | (filled & ~given));
  target.next(stores, nextPlace(target, depth));
  source.next(fetches, nextPlace(source, depth));
  Signal one = c.constant(1, countBits), none = c.zero(countBits);
  count.next(count + mux(stores, one, none) - mux(fetches, one, none));
  Signal beat = c.ram("beat", depth, bits, source, fetches, target, inData, stores);
  c.output("in_ready", inReady);
  c.output("out_valid", filled | hasMarks);
  c.output("out_data", mux(hasMarks, endOfStep(c, bits), beat));
  made.streams +=
      fmt::format("line {} {} {} {} {}\n", c.module.getSymName().str(), bits, steps, depth, start);
  return c.module;
}

/// The number of an event's element, row-major.
static Signal elementOf(Circuit &c, const StreamSignals &in, const Stream &stream, int bits) {
  Signal element = c.zero(bits);
  int64_t stride = 1;
  for (size_t d = stream.dims.size(); d-- > 0; stride *= stream.dims[d]) {
    if (stream.dims[d] > 1) {
      element = element + times(in.coordinate(stream, d), stride, bits);
    }
  }
  return element.named("element");
}

/// What proof/streams.py reads of a delay by element.
static std::string lineOf(CircuitOp ring, const Stream &stream, const std::vector<int64_t> &steps) {
  return fmt::format("ring {} {} {} {} {}\n", ring.getSymName().str(),
                     StreamSignals::bitsOf(stream), stream.valueBits(), fmt::join(stream.dims, "x"),
                     fmt::join(steps, ","));
}

/// A memory of slots, each a step's numbers of all elements. Of step t, element e goes to slot t +
/// steps[e], modulo their number, or on at once. The slot of a step is swept for its events first.
CircuitOp Workshop::delayRing(const std::string &name, const std::vector<int64_t> &steps,
                              const Stream &stream) {
  int64_t elements = stream.elements();
  int64_t slots = *std::max_element(steps.begin(), steps.end()) + 1;
  int64_t words = slots * elements;
  int bits = StreamSignals::bitsOf(stream), valueBits = std::max(stream.valueBits(), 1);
  int slotBits = addressBits(slots), wordBits = addressBits(words);
  Circuit c(module(), moduleName("delay_" + name),
            fmt::format("Numbers of {} elements, each up to {} steps later: a slot of memory for "
                        "each step.",
                        elements, slots - 1));
  c.reset = c.input("rst", 1);
  StreamSignals in{c.input("in_valid", 1), c.input("in_data", bits), stream.addressBits(),
                   stream.valueBits()};
  Signal outReady = c.input("out_ready", 1);

  constexpr int64_t pass = 0, sweep = 1, clear = 2;
  Reg phase = c.reg("phase", 2, clear);
  Signal clears = (phase == clear).named("clears"), sweeps = (phase == sweep).named("sweeps");
  Reg slot = c.reg("slot", slotBits, 0); // of this step
  Reg full = c.reg("full", static_cast<int>(slots), 0);

  // The sweep: a word a cycle, and a stage behind it.
  Reg place = c.reg("place", wordBits, 0);
  Reg readValid = c.reg("read_valid", 1, 0);
  Reg readPlace = c.reg("read_place", wordBits);
  Reg readAddress = c.reg("read_address", std::max(stream.addressBits(), 1));
  Wire word = c.wire("word", valueBits);
  Signal fires = (readValid & word.value().isNonzero()).named("fires");
  Signal advance = (~fires | outReady).named("advance");
  Signal runs = (sweeps & advance).named("runs");
  std::vector<Signal> coordinates;
  Signal carry = c.high();
  for (size_t d = stream.dims.size(); d-- > 0;) {
    int coordinateBits = indexBits(stream.dims[d]);
    if (coordinateBits == 0) {
      continue;
    }
    Reg coordinate = c.reg(fmt::format("coordinate_{}", d), coordinateBits, 0);
    Signal isLast = coordinate == stream.dims[d] - 1;
    coordinate.next(runs & carry, mux(isLast, c.zero(coordinateBits), coordinate + 1));
    carry = carry & isLast;
    coordinates.insert(coordinates.begin(), coordinate);
  }
  Signal isLast = carry.named("is_last");
  readValid.next(advance, sweeps);
  readPlace.next(runs, place);
  readAddress.next(runs, coordinates.empty() ? c.low() : concat(coordinates));
  Signal clearsWord = (readValid & advance).named("clears_word");

  // What comes goes on, or to the slot of a later step.
  Signal passes = ((phase == pass) & ~readValid.value()).named("passes");
  Signal element = elementOf(c, in, stream, wordBits);
  Signal later = c.table(element.resized(std::max(indexBits(elements), 1)), steps, slotBits + 1)
                     .named("later");
  Signal sum = (slot.value().resized(slotBits + 1) + later).named("far_slot");
  Signal target = mux(sum < slots, sum, sum - slots).resized(slotBits).named("target_slot");
  Signal leaves = (passes & in.valid & (in.isEnd() | later.isZero())).named("leaves");
  Signal stores = (passes & in.valid & ~in.isEnd() & later.isNonzero()).named("stores");
  Signal storeAt =
      (times(target, elements, std::max(wordBits, slotBits)).resized(wordBits) + element)
          .named("store_at");
  word.drive(c.ram("slot_word", words, valueBits, place, runs,
                   mux(clears, place, mux(clearsWord, readPlace, storeAt)),
                   mux(stores, in.value(valueBits), c.zero(valueBits)),
                   (clears | clearsWord | stores).named("writes")));

  Signal ends = (leaves & in.isEnd() & outReady).named("ends");
  Signal next = nextPlace(slot, slots).named("next_slot");
  slot.next(ends, next);
  std::vector<Signal> isTarget, isSlot, isNext;
  for (int64_t s = slots; s-- > 0;) {
    isTarget.push_back(target == s);
    isSlot.push_back(slot == s);
    isNext.push_back(next == s);
  }
  Signal none = c.zero(static_cast<int>(slots));
  full.next((full & ~mux(sweeps, concat(isSlot), none)) | mux(stores, concat(isTarget), none));
  // A slot that nothing went to is not swept.
  Signal sweepsNext = (ends & (full & concat(isNext)).isNonzero()).named("sweeps_next");
  phase.next(
      mux(clears, mux(place == words - 1, c.constant(pass, 2), c.constant(clear, 2)),
          mux(sweepsNext, c.constant(sweep, 2), mux(runs & isLast, c.constant(pass, 2), phase))));
  Signal first = times(next, elements, std::max(wordBits, slotBits)).resized(wordBits);
  place.next(mux(sweepsNext, first,
                 mux(clears, mux(place == words - 1, c.zero(wordBits), place + 1),
                     mux(runs, place + 1, place))));

  c.output("in_ready", stores | (leaves & outReady));
  c.output("out_valid", fires | leaves);
  std::vector<Signal> stored{c.low()};
  if (stream.valueBits() > 0) {
    stored.push_back(word);
  }
  if (stream.addressBits() > 0) {
    stored.push_back(readAddress);
  }
  c.output("out_data", mux(fires, concat(stored), in.data));
  made.streams += lineOf(c.module, stream, steps);
  return c.module;
}
