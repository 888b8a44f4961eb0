//===- CClaim.cpp - what is to be proven of C -----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/proof/CClaim.h"

#include "backends/c/CTokens.h"
#include "backends/proof/CLoop.h"
#include "backends/proof/CNeuron.h"
#include "backends/proof/Questions.h"

#include <algorithm>
#include <fmt/format.h>

using namespace mlir;
using namespace nirc;
using namespace nirc::proof;

using Kind = c::Expression::Kind;
using Role = CArray::Role;

namespace {

/// Takes the text apart, before anything is a term.
class Reader {
public:
  Reader(snn::PopulationOp op, const c::File &file, const CNeurons &neurons)
      : op(op), file(file), neurons(neurons) {}

  nir::Result<CNeuronCode> read();

private:
  nir::Status nameArrays();
  nir::Status checkCounters();
  nir::Status checkAround();
  bool isOwn(const c::Expression &array) const;
  nir::Status addTables(const c::Statement &statement);
  nir::Status addTables(const c::Expression &expression);

  snn::PopulationOp op;
  const c::File &file;
  const CNeurons &neurons;
  CNeuronCode code;
};

} // namespace

/// Local names of what is only pointed to.
nir::Status Reader::nameArrays() {
  for (const auto &[name, array] : neurons.arrays) {
    code.arrays.emplace(name, array);
  }
  for (const c::Statement &each : code.function.body.body) {
    bool isPointer = each.kind == c::Statement::Kind::Declare && each.type.isPointer;
    if (!isPointer || each.of.empty() || each.of[0].kind != Kind::Cast) {
      continue;
    }
    auto found = neurons.arrays.find(c::textOf(each.of[0].of[0]));
    if (found == neurons.arrays.end()) {
      return c::errorAt(each.line, fmt::format("found '{}', expected an array of the population",
                                               c::textOf(each.of[0])));
    }
    const c::Type &type = found->second.type;
    for (const c::Type &declared : {each.type, each.of[0].type}) {
      if (declared.bits != type.bits || declared.isSigned != type.isSigned) {
        return c::errorAt(each.line, fmt::format("found numbers of type {}, expected {}",
                                                 declared.name, type.name));
      }
    }
    code.arrays.emplace(each.text, found->second);
  }
  return {};
}

bool Reader::isOwn(const c::Expression &array) const {
  auto found = code.arrays.find(c::textOf(array));
  return found != code.arrays.end() &&
         (found->second.role == Role::State || found->second.role == Role::Result ||
          found->second.role == Role::Spikes || found->second.role == Role::List);
}

/// All neurons, each once: 0 to before n, or rows of them.
nir::Status Reader::checkCounters() {
  int64_t count = snn::elementsOf(op.getType());
  auto endOf = [&](const CCounter &counter) -> int64_t {
    if (counter.end.kind == Kind::Number) {
      return static_cast<int64_t>(counter.end.number);
    }
    const c::Statement *declared = nullptr;
    for (const c::Statement *each : code.loop.before) {
      declared = each->text == counter.end.text ? each : declared;
    }
    bool isCount = declared && declared->of.size() == 1 && !neurons.count.empty() &&
                   c::textOf(declared->of[0]) == neurons.count;
    return isCount ? count : -1;
  };
  int64_t covered = 1;
  for (const CCounter &counter : code.loop.counters) {
    code.ends.push_back(endOf(counter));
    covered *= code.ends.back();
  }
  if (covered != count || code.ends.size() > 2 ||
      std::ranges::any_of(code.ends, [](int64_t end) { return end <= 0; })) {
    return c::errorAt(code.loop.body[0]->line,
                      fmt::format("found a loop over {} neurons, expected {}", covered, count));
  }
  const auto &counters = code.loop.counters;
  code.neuron = counters.empty()       ? "0"
                : counters.size() == 1 ? counters[0].name
                                       : fmt::format("(({} * {}) + {})", counters[0].name,
                                                     code.ends[1], counters[1].name);
  return {};
}

/// Nothing else writes the arrays, but to empty them before; and it all waits for its start.
nir::Status Reader::checkAround() {
  std::function<nir::Status(const c::Statement &, bool)> check = [&](const c::Statement &s,
                                                                     bool isBefore) -> nir::Status {
    const c::Expression *array = arrayOf(s);
    if (array && isOwn(*array)) {
      bool isSpikes = code.arrays.find(c::textOf(*array))->second.role == Role::Spikes;
      if (!isSpikes || !isBefore) {
        return c::errorAt(
            s.line, fmt::format("found a change of '{}' beside the neurons", c::textOf(*array)));
      }
    }
    for (const c::Statement &each : s.body) {
      if (nir::Status wrong = check(each, isBefore)) {
        return wrong;
      }
    }
    return {};
  };
  for (bool isBefore : {true, false}) {
    for (const c::Statement *each : isBefore ? code.loop.before : code.loop.after) {
      if (nir::Status wrong = check(*each, isBefore)) {
        return wrong;
      }
    }
  }
  bool waits = neurons.waits && op.getStart() > 0;
  if (code.loop.conditions.size() != (waits ? 1 : 0)) {
    return c::errorAt(code.function.body.line,
                      fmt::format("found {} conditions, expected {}", code.loop.conditions.size(),
                                  waits ? 1 : 0));
  }
  for (const c::Expression *condition : code.loop.conditions) {
    bool isStart = condition->kind == Kind::Binary && condition->text == ">=" &&
                   c::textOf(condition->of[1]) == std::to_string(op.getStart());
    if (!isStart) {
      return c::errorAt(condition->line, fmt::format("found '{}', expected step {} or later",
                                                     c::textOf(*condition), op.getStart()));
    }
  }
  return {};
}

nir::Status Reader::addTables(const c::Expression &e) {
  if (e.kind == Kind::Index && e.of[0].kind == Kind::Name && !code.arrays.contains(e.of[0].text)) {
    nir::Result<c::Table> table = file.table(e.of[0].text);
    if (!table) {
      return table.takeError();
    }
    Interval all = rangeOfWidth(table->type.bits);
    all = table->type.isSigned || table->type.bits == 64 ? all : Interval{0, 2 * all.most + 1};
    for (int64_t number : table->numbers) {
      if (number < all.least || number > all.most) {
        return c::errorAt(e.line, fmt::format("found {} in '{}' of type {}", number, e.of[0].text,
                                              table->type.name));
      }
    }
    code.arrays.emplace(e.of[0].text,
                        CArray{Role::Table, 0, table->type, std::move(table->numbers)});
  }
  for (const c::Expression &each : e.of) {
    if (nir::Status wrong = addTables(each)) {
      return wrong;
    }
  }
  return {};
}

nir::Status Reader::addTables(const c::Statement &s) {
  for (const c::Expression &each : s.of) {
    if (nir::Status wrong = addTables(each)) {
      return wrong;
    }
  }
  for (const c::Statement &each : s.body) {
    if (nir::Status wrong = addTables(each)) {
      return wrong;
    }
  }
  return {};
}

nir::Result<CNeuronCode> Reader::read() {
  nir::Result<c::Function> function = file.function(neurons.function);
  if (!function) {
    return function.takeError();
  }
  code.function = *std::move(function);
  if (nir::Status wrong = nameArrays()) {
    return std::move(*wrong);
  }
  nir::Result<CLoop> loop = loopOf(code.function, neurons.waits && op.getStart() > 0,
                                   [&](const c::Expression &array) { return isOwn(array); });
  if (!loop) {
    return loop.takeError();
  }
  code.loop = *std::move(loop);
  for (auto part : {&Reader::checkCounters, &Reader::checkAround}) {
    if (nir::Status wrong = (this->*part)()) {
      return std::move(*wrong);
    }
  }
  for (const c::Statement *each : code.loop.body) {
    if (nir::Status wrong = addTables(*each)) {
      return std::move(*wrong);
    }
  }
  return std::move(code);
}

Claim nirc::proof::claimOfC(snn::PopulationOp op, const c::File &file, const CNeurons &neurons) {
  Claim claim{op.getNode().str(), "C", "is equal to the body, and C defines all that it computes"};
  nir::Result<CNeuronCode> code = Reader(op, file, neurons).read();
  if (!code) {
    claim.unasked = code.error().message;
    return claim;
  }
  std::optional<Question> question = differs(
      op,
      [&](Theory &theory, const PopulationTerms &body) {
        return CNeuronTerms(theory, op, *code, neurons, body).results();
      },
      claim.unasked);
  if (question) {
    question->text = "a number that C computes differs from the body's, or C leaves it undefined";
    claim.questions.push_back(*std::move(question));
  }
  return claim;
}
