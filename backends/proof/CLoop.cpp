//===- CLoop.cpp - where a function of C advances neurons -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/proof/CLoop.h"

#include "backends/c/CTokens.h"

#include <algorithm>
#include <fmt/format.h>

using namespace nirc;
using namespace nirc::proof;

using Kind = c::Statement::Kind;

const c::Expression *nirc::proof::arrayOf(const c::Statement &assignment) {
  bool isElement =
      assignment.kind == Kind::Assign && assignment.of[0].kind == c::Expression::Kind::Index;
  return isElement ? &assignment.of[0].of[0] : nullptr;
}

namespace {

class Finder {
public:
  Finder(bool waits, const std::function<bool(const c::Expression &)> &isOwn)
      : waits(waits), isOwn(isOwn) {}

  nir::Status search(const c::Statement &block);
  CLoop found;

private:
  bool writes(const c::Statement &statement) const;
  nir::Status enter(const c::Statement &loop);

  bool waits;
  const std::function<bool(const c::Expression &)> &isOwn;
};

} // namespace

/// 0 that is assigned only empties a place, and is no neuron's.
bool Finder::writes(const c::Statement &s) const {
  if (const c::Expression *array = arrayOf(s)) {
    bool isZero =
        s.text == "=" && s.of[1].kind == c::Expression::Kind::Number && s.of[1].number == 0;
    return !isZero && isOwn(*array);
  }
  return std::ranges::any_of(s.body, [&](const c::Statement &each) { return writes(each); });
}

nir::Status Finder::enter(const c::Statement &loop) {
  const c::Statement &start = loop.body[0], &step = loop.body[1];
  bool starts = start.kind == Kind::Declare && start.type.isInteger() && !start.type.isSigned &&
                !start.of.empty() && start.of[0].kind == c::Expression::Kind::Number &&
                start.of[0].number == 0;
  bool steps = step.kind == Kind::Assign && step.text == "+=" &&
               c::textOf(step.of[0]) == start.text && c::textOf(step.of[1]) == "1";
  bool ends = loop.of.size() == 1 && loop.of[0].text == "<" && loop.of[0].of.size() == 2 &&
              c::textOf(loop.of[0].of[0]) == start.text;
  if (!starts || !steps || !ends) {
    return c::errorAt(loop.line, "found a loop of another form than 'for (size_t i = 0; i < "
                                 "n; ++i)'");
  }
  found.counters.push_back({start.text, start.type, loop.of[0].of[1]});
  return search(loop.body[2]);
}

nir::Status Finder::search(const c::Statement &block) {
  if (block.kind != Kind::Block) {
    return c::errorAt(block.line, "found neurons outside of brackets");
  }
  std::vector<const c::Statement *> own;
  for (const c::Statement &each : block.body) {
    if (writes(each)) {
      own.push_back(&each);
    }
  }
  if (own.empty()) {
    return c::errorAt(block.line, "found nothing that writes the population's arrays");
  }
  bool isLoop = own.size() == 1 && own[0]->kind == Kind::For;
  bool isBranch = waits && own.size() == 1 && own[0]->kind == Kind::If &&
                  own[0]->body.size() == 1 && found.conditions.empty() && found.counters.empty();
  if (!isLoop && !isBranch) {
    for (const c::Statement &each : block.body) {
      found.body.push_back(&each);
    }
    return {};
  }
  const c::Statement *end = own[0];
  for (const c::Statement &each : block.body) {
    if (&each != end) {
      (&each < end ? found.before : found.after).push_back(&each);
    }
  }
  if (isLoop) {
    return enter(*end);
  }
  found.conditions.push_back(&end->of[0]);
  return search(end->body[0]);
}

nir::Result<CLoop> nirc::proof::loopOf(const c::Function &function, bool waits,
                                       const std::function<bool(const c::Expression &)> &isOwn) {
  Finder finder(waits, isOwn);
  if (nir::Status wrong = finder.search(function.body)) {
    return std::move(*wrong);
  }
  return std::move(finder.found);
}
