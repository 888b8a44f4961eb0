//===- CNeuron.cpp - the turn of a loop for a neuron ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/proof/CNeuron.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

using namespace mlir;
using namespace nirc;
using namespace nirc::proof;

using Kind = c::Expression::Kind;
using Role = CArray::Role;

constexpr int numberBits = 32; ///< of a network of integers

static Interval extremesOf(const std::vector<int64_t> &numbers) {
  auto [least, most] = std::ranges::minmax(numbers);
  return {least, most};
}

//===----------------------------------------------------------------------===//
// What a turn begins with
//===----------------------------------------------------------------------===//

/// What the array holds is the number's lowest bits. That they are enough is a matter of its range.
CNumber CNeuronTerms::element(const c::Type &type, Value number, Interval range) {
  Interval all = rangeOfWidth(type.bits);
  Interval raw{0, type.bits < numberBits ? 2 * all.most + 1 : all.most};
  bool isRaw = !type.isSigned && !range.fits(type.bits) && range.isWithin(raw);
  if (!range.fits(type.bits) && !isRaw) {
    mustNot(theory.truth(true), fmt::format("{} do not fit {}", range.most, type.name));
  }
  CNumber made{type, number, {}, type.isSigned ? neededBits(range) : type.bits + 1};
  if (type.bits < numberBits) {
    made.term = theory.truncated(number, numberBits, type.bits);
    made.whole = number;
    made.bitsOfWhole = numberBits;
    made.isWholeSigned = !isRaw;
  }
  return made;
}

CNumber CNeuronTerms::word(const std::string &name) {
  CNumber made{c::integerType(numberBits, false), theory.constant(0, numberBits)};
  made.tag = "word:" + name;
  return made;
}

CNumber CNeuronTerms::first(const std::string &name, const CArray &array) {
  switch (array.role) {
  case Role::State: {
    auto type = cast<TypeAttr>((*op.getStateTypes())[array.number]).getValue();
    snn::IntegerRange range = snn::integerRange(type);
    return element(array.type, body.states[array.number], {range.least, range.most});
  }
  case Role::Input: {
    snn::IntegerRange range = snn::integerRange(op.getInputs()[array.number].getType());
    return element(array.type, body.inputs[array.number].number, {range.least, range.most});
  }
  case Role::Sums: {
    Value sums =
        bias ? theory.binary(Operator::Subtract, body.drive, bias, numberBits) : body.drive;
    CNumber made{array.type, sums};
    if (array.type.bits < numberBits) { // that sums fit is shown where it is chosen
      made.term = theory.truncated(sums, numberBits, array.type.bits);
      made.whole = sums;
      made.bitsOfWhole = numberBits;
    }
    return made;
  }
  case Role::Spikes:
    if (!isCleared(name)) {
      mustNot(theory.truth(true), fmt::format("'{}' is not cleared", name));
    }
    return truth(theory.truth(false));
  case Role::Bits:
    return word(name);
  case Role::Table:
  case Role::Result:
  case Role::List:
    break;
  }
  return {array.type, theory.declared("old." + name, array.type.bits)};
}

void CNeuronTerms::startBias() {
  const std::vector<int64_t> &values = neurons.bias;
  if (values.empty() || std::ranges::all_of(values, [](int64_t b) { return b == 0; })) {
    return;
  }
  Interval range = extremesOf(values);
  if (range.least == range.most) {
    bias = theory.constant(range.least, numberBits);
    return;
  }
  bias = theory.declared("bias", numberBits, range);
  // It goes with the parameters of its neuron.
  constexpr size_t few = 64;
  std::vector<std::vector<int64_t>> parameters;
  for (size_t k = 0; k < op.getParams().size(); ++k) {
    parameters.push_back(parameterOf(op, k));
  }
  std::set<std::vector<int64_t>> kinds;
  for (size_t n = 0; n < values.size(); ++n) {
    std::vector<int64_t> kind{values[n]};
    for (const std::vector<int64_t> &each : parameters) {
      kind.push_back(each[n]);
    }
    kinds.insert(std::move(kind));
  }
  if (kinds.size() > few) {
    theory.isLoose = true;
    return;
  }
  SmallVector<Value> any;
  for (const std::vector<int64_t> &kind : kinds) {
    SmallVector<Value> same{theory.equal(bias, theory.constant(kind[0], numberBits))};
    for (size_t k = 0; k < parameters.size(); ++k) {
      same.push_back(theory.equal(body.parameters[k], theory.constant(kind[k + 1], numberBits)));
    }
    any.push_back(theory.all(same));
  }
  theory.facts.push_back(theory.any(any));
}

/// What is hoisted out of the loop, and what goes from turn to turn.
void CNeuronTerms::startBefore(const c::Statement &s) {
  if (s.kind != c::Statement::Kind::Declare || !s.type.isInteger() || s.of.empty()) {
    return; // of arrays alone, which loopOf has looked at
  }
  std::string text = c::textOf(s.of[0]);
  int64_t count = snn::elementsOf(op.getType());
  if (text == neurons.count) {
    declare(s.text, s.type, theory.constant(count, s.type.bits));
  } else if (text == neurons.first) {
    constexpr int64_t most = 0xffff;
    firstNeuron = theory.declared("first", s.type.bits, {0, most});
    declare(s.text, s.type, firstNeuron);
  } else if (text == "0") {
    Value before = theory.declared("turn." + s.text, s.type.bits, {0, count - 1});
    declare(s.text, s.type, before);
    turns.emplace(s.text, before);
  } else {
    run(s);
  }
}

void CNeuronTerms::start() {
  startBias();
  for (const auto &[name, array] : code.arrays) {
    bool isWord = array.role == Role::Bits || array.role == Role::Spikes;
    if (array.role != Role::Table && array.role != Role::List) {
      cells.emplace(isWord ? name : fmt::format("{}[{}]", name, code.neuron), first(name, array));
    }
  }
  for (const c::Statement *each : code.loop.before) {
    startBefore(*each);
  }
  for (auto [counter, end] : llvm::zip_equal(code.loop.counters, code.ends)) {
    declare(counter.name, counter.type,
            theory.declared("at." + counter.name, counter.type.bits, {0, end - 1}));
  }
}

/// Before the neurons all words are set to 0: in a loop, or one by one.
bool CNeuronTerms::isCleared(const std::string &array) {
  int64_t words = (snn::elementsOf(op.getType()) + 31) / 32;
  std::set<std::string> cleared;
  auto note = [&](const c::Statement &s, const std::string &place, const std::string &as) {
    const c::Expression *to = arrayOf(s);
    if (to && c::textOf(*to) == array && s.text == "=" && c::textOf(s.of[1]) == "0" &&
        c::textOf(s.of[0].of[1]) == place) {
      cleared.insert(as);
    }
  };
  std::vector<const c::Statement *> all = code.loop.before;
  all.insert(all.end(), code.loop.body.begin(), code.loop.body.end());
  for (const c::Statement *each : all) {
    for (int64_t word = 0; word < words; ++word) {
      note(*each, std::to_string(word), std::to_string(word));
    }
    if (each->kind == c::Statement::Kind::For && each->body[2].body.size() == 1 &&
        !each->of.empty() && each->of[0].text == "<" &&
        c::textOf(each->of[0].of[1]) == std::to_string(words)) {
      note(each->body[2].body[0], each->body[0].text, "all");
    }
  }
  return cleared.contains("all") || std::ssize(cleared) == words;
}

//===----------------------------------------------------------------------===//
// Arrays
//===----------------------------------------------------------------------===//

/// Where a neuron's bit is: in which word, and at which place in it.
bool CNeuronTerms::isWord(const std::string &text) const {
  return text == (code.neuron == "0" ? "0" : fmt::format("({} / 32)", code.neuron));
}
bool CNeuronTerms::isPlace(const std::string &text) const {
  std::string place = fmt::format("({} % 32)", code.neuron);
  return text == place || text == "(uint32_t)" + place;
}

CNumber CNeuronTerms::ofTable(const CArray &array, const c::Expression &place) {
  std::string index = placeOf(place.of[1]), name = placeOf(place.of[0]);
  bool isOfRows = code.ends.size() == 2 && index == code.loop.counters[0].name;
  auto count = static_cast<size_t>(snn::elementsOf(op.getType()));
  auto row = isOfRows ? static_cast<size_t>(code.ends[1]) : 1;
  if (!isOfRows && index != code.neuron) {
    return refuse(place.line, fmt::format("found '{}', which is of no neuron", placeOf(place)));
  }
  if ((count - 1) / row >= array.numbers.size()) {
    return refuse(place.line, fmt::format("found {} numbers in '{}', expected {}",
                                          array.numbers.size(), name, count / row));
  }
  std::vector<int64_t> numbers;
  for (size_t n = 0; n < count; ++n) {
    numbers.push_back(array.numbers[n / row]);
  }
  Interval range = extremesOf(numbers);
  if (bias && numbers == neurons.bias) {
    return element(array.type, bias, range);
  }
  for (size_t k = 0; k < op.getParams().size(); ++k) {
    if (parameterOf(op, k) == numbers) {
      return element(array.type, body.parameters[k], range);
    }
  }
  mustNot(theory.truth(true), fmt::format("the numbers of '{}' are no parameter's", name));
  return {array.type, theory.declared("other." + name, array.type.bits)};
}

CNumber CNeuronTerms::read(const c::Expression &place) {
  auto found =
      place.kind == Kind::Index ? code.arrays.find(c::textOf(place.of[0])) : code.arrays.end();
  if (found == code.arrays.end()) {
    return refuse(place.line,
                  fmt::format("found '{}', which is not of the population", placeOf(place)));
  }
  const CArray &array = found->second;
  std::string index = placeOf(place.of[1]), key = placeOf(place);
  if (array.role == Role::Table) {
    auto known = cells.find(key);
    return known != cells.end() ? known->second : cells[key] = ofTable(array, place);
  }
  if (array.role == Role::Spikes && isWord(index)) {
    return word(found->first);
  }
  auto known = cells.find(array.role == Role::Bits && isWord(index) ? found->first : key);
  return known != cells.end()
             ? known->second
             : refuse(place.line, fmt::format("found '{}', which is of no neuron", key));
}

void CNeuronTerms::write(const c::Expression &place, CNumber value) {
  auto found = code.arrays.find(c::textOf(place.of[0]));
  Role role = found == code.arrays.end() ? Role::Table : found->second.role;
  std::string index = placeOf(place.of[1]);
  if (role == Role::Spikes && isWord(index)) {
    bool isSet = value.tag == "with:" + found->first;
    if (isSet || (value.literal == 0 && code.neuron == "0")) {
      cells.at(found->first) = truth(theory.truth(isSet));
      return;
    }
  } else if (role == Role::List && turns.contains(index)) {
    CNumber wanted = arithmetic("+", {c::integerType(numberBits, false), firstNeuron},
                                of({.kind = Kind::Name, .text = code.neuron}), place.line);
    CNumber listed = converted(value, found->second.type);
    fault(theory.differ(listed.term, converted(wanted, listed.type).term), "another is listed");
    fault(theory.differ(valueOf(index), turns.at(index)), "it is listed too late");
    isListed = true;
    return;
  } else if (auto cell = cells.find(placeOf(place));
             cell != cells.end() && value.tag.empty() &&
             (role == Role::State || role == Role::Result || role == Role::Sums)) {
    cell->second = converted(std::move(value), cell->second.type);
    return;
  }
  refuse(place.line, fmt::format("found a change of '{}'", placeOf(place)));
}

/// (word >> place) & 1 is an input's spike; word | 1 << place sets that of the neuron.
std::optional<CNumber> CNeuronTerms::combined(const c::Expression &e, const CNumber &a,
                                              const CNumber &b) {
  bool isAlone = code.neuron == "0", atPlace = isPlace(placeOf(e.of[1]));
  auto after = [](const CNumber &number, StringRef tag) -> std::optional<std::string> {
    StringRef name = number.tag;
    return name.consume_front(tag) ? std::optional(name.str()) : std::nullopt;
  };
  auto isOne = [&](const CNumber &number) {
    return number.tag == "one" || (isAlone && number.literal == 1);
  };
  auto tagged = [&](std::string tag) {
    CNumber made{c::integerType(numberBits, false), theory.constant(0, numberBits)};
    made.tag = std::move(tag);
    return made;
  };
  if (e.text == ">>" && atPlace && after(a, "word:")) {
    return tagged("bit:" + *after(a, "word:"));
  }
  std::optional<std::string> bit = after(a, isAlone ? "word:" : "bit:");
  if (e.text == "&" && b.literal == 1 && bit && code.arrays.at(*bit).role == Role::Bits) {
    return CNumber{
        c::integerType(numberBits, false), body.inputs[code.arrays.at(*bit).number].number, {}, 2};
  }
  if (e.text == "<<" && atPlace && a.literal == 1 && a.type.bits == numberBits) {
    return tagged("one");
  }
  for (auto [word, one] : {std::pair(&a, &b), std::pair(&b, &a)}) {
    if (e.text == "|" && after(*word, "word:") && isOne(*one)) {
      return tagged("with:" + *after(*word, "word:"));
    }
  }
  if (!a.tag.empty() || !b.tag.empty()) {
    return refuse(e.line, fmt::format("found '{}', which is no neuron's bit", placeOf(e)));
  }
  return {};
}

//===----------------------------------------------------------------------===//
// What a turn ends with
//===----------------------------------------------------------------------===//

Value CNeuronTerms::asResult(const CNumber &cell) {
  CNumber number = converted(cell, c::integerType(cell.type.bits, true));
  return converted(number, c::integerType(numberBits, true)).term;
}

/// One more for a spike, and the function hands on how many there were.
Value CNeuronTerms::listed() {
  const c::Statement *last = code.loop.after.empty() ? nullptr : code.loop.after.back();
  bool isReturned = last && last->kind == c::Statement::Kind::Return && last->of.size() == 1;
  auto count = isReturned ? turns.find(c::textOf(last->of[0])) : turns.end();
  if (count == turns.end() || !isListed) {
    refuse(code.function.body.line, "found no list of those that spike, or not its length");
    return theory.truth(false);
  }
  Value before = count->second, after = valueOf(count->first);
  Value spike = theory.differ(after, before);
  Value wanted = theory.binary(Operator::Add, before, theory.number(spike, numberBits), numberBits);
  mustNot(theory.differ(after, wanted), "a spike is counted more than once");
  return spike;
}

CodeResults CNeuronTerms::results() {
  start();
  for (const c::Statement *each : code.loop.body) {
    run(*each);
  }
  CodeResults made;
  std::vector<Value> &values = made.values;
  values.assign(1 + op.getStates().size(), Value());
  for (const auto &[name, array] : code.arrays) {
    auto cell = cells.find(fmt::format("{}[{}]", name, code.neuron));
    if (array.role == Role::State) {
      values[1 + array.number] = asResult(cell->second);
    } else if (array.role == Role::Result) {
      values[0] = asResult(cell->second);
    } else if (array.role == Role::Spikes) {
      values[0] = cells.at(name).term;
    } else if (array.role == Role::List) {
      values[0] = listed();
    } else if (array.role == Role::Sums) {
      mustNot(theory.differ(cell->second.term, theory.constant(0, array.type.bits)),
              "a sum is kept");
    }
  }
  if (!values[0]) { // no one reads it, or it is a state
    values[0] = neurons.passedOn ? values[1 + *neurons.passedOn] : body.results[0];
  }
  if (llvm::is_contained(values, Value())) {
    refuse(code.function.body.line, "found no array of a state");
  }
  made.unknown = refusal();
  return made;
}
