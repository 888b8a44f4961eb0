//===- CStatements.cpp - what statements of C change ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/proof/CTerms.h"

#include <algorithm>
#include <fmt/format.h>

using namespace mlir;
using namespace nirc;
using namespace nirc::proof;

using Kind = c::Statement::Kind;

//===----------------------------------------------------------------------===//
// Variables
//===----------------------------------------------------------------------===//

const CTerms::Variable *CTerms::find(const std::string &name) const {
  for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope) {
    if (auto found = scope->find(name); found != scope->end()) {
      return &found->second;
    }
  }
  return nullptr;
}

void CTerms::declare(const std::string &name, const c::Type &type, Value term) {
  scopes.back()[name] = {{type, term, {}, type.bits + (type.isSigned ? 0 : 1)}, {}};
}

Value CTerms::valueOf(const std::string &name) const {
  const Variable *found = find(name);
  return found ? found->number.term : Value();
}

/// Whether it is made of names, numbers and operators, so that it means the same wherever the names
/// do.
static bool isPlain(const c::Expression &e) {
  using enum c::Expression::Kind;
  return e.kind != Index && e.kind != Member && e.kind != Call &&
         std::ranges::all_of(e.of, isPlain);
}

std::string CTerms::placeOf(const c::Expression &e) const {
  c::Expression shown = e;
  if (e.kind == c::Expression::Kind::Name) {
    const Variable *variable = find(e.text);
    return variable && !variable->text.empty() ? variable->text : e.text;
  }
  for (c::Expression &each : shown.of) {
    each = {.kind = c::Expression::Kind::Name, .text = placeOf(each)};
  }
  return c::textOf(shown);
}

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

void CTerms::declare(const c::Statement &s) {
  if (s.elements > 0 || !s.type.isInteger()) {
    refuse(s.line, fmt::format("found '{}', which is not a number", s.text));
    return;
  }
  Variable made{{s.type, {}}, {}};
  if (!s.of.empty()) {
    made.number = converted(of(s.of[0]), s.type);
    made.text = isPlain(s.of[0]) ? placeOf(s.of[0]) : "";
  }
  scopes.back()[s.text] = std::move(made);
}

void CTerms::assign(const c::Statement &s) {
  const c::Expression &to = s.of[0];
  CNumber value = of(s.of[1]);
  if (s.text != "=") {
    value = arithmetic(s.text.substr(0, s.text.size() - 1), of(to), value, s.line);
  }
  if (to.kind == c::Expression::Kind::Index) {
    write(to, std::move(value));
    return;
  }
  for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope) {
    auto found = to.kind == c::Expression::Kind::Name ? scope->find(to.text) : scope->end();
    if (found != scope->end() && found->second.number.type.isInteger()) {
      found->second.number = converted(value, found->second.number.type);
      found->second.text.clear();
      return;
    }
  }
  refuse(s.line, fmt::format("found a change of '{}', which is not a number", placeOf(to)));
}

CNumber CTerms::joined(Value condition, const CNumber &a, const CNumber &b) {
  bool isWritten = a.term && b.term && a.tag.empty() && b.tag.empty();
  return {a.type,
          isWritten ? theory.select(condition, a.term, b.term) : Value(),
          {},
          std::max(a.fits, b.fits)};
}

/// What is now becomes what it is where the condition holds, and the others what it is elsewhere.
void CTerms::merge(Value condition, std::vector<Scope> otherScopes,
                   const std::map<std::string, CNumber> &otherCells) {
  for (size_t i = 0; i < scopes.size(); ++i) {
    for (auto &[name, variable] : scopes[i]) {
      const Variable &other = otherScopes[i].at(name);
      if (variable.number.term != other.number.term) {
        variable = {joined(condition, variable.number, other.number), {}};
      }
    }
  }
  for (auto &[place, cell] : cells) {
    auto other = otherCells.find(place); // a table that was read here first stays as it is
    if (other != otherCells.end() && cell.term != other->second.term) {
      cell = joined(condition, cell, other->second);
    }
  }
}

void CTerms::branch(const c::Statement &s) {
  Value condition = truthOf(of(s.of[0]));
  std::vector<Scope> before = scopes;
  std::map<std::string, CNumber> cellsBefore = cells;
  under(condition, [&] { run(s.body[0]); });
  if (s.body.size() > 1) {
    std::swap(before, scopes);
    std::swap(cellsBefore, cells);
    under(theory.negated(condition), [&] { run(s.body[1]); });
    std::swap(before, scopes);
    std::swap(cellsBefore, cells);
  }
  if (!failed()) {
    merge(condition, std::move(before), cellsBefore);
  }
}

void CTerms::run(const c::Statement &s) {
  if (failed()) {
    return;
  }
  switch (s.kind) {
  case Kind::Block:
    scopes.emplace_back();
    for (const c::Statement &each : s.body) {
      run(each);
    }
    scopes.pop_back();
    return;
  case Kind::Declare:
    return declare(s);
  case Kind::Assign:
    return assign(s);
  case Kind::If:
    return branch(s);
  case Kind::Evaluate: {
    bool isVoid = s.of[0].kind == c::Expression::Kind::Cast && s.of[0].type.name == "void";
    if (!isVoid) {
      refuse(s.line, "found an expression without effect, or a call");
    }
    return;
  }
  case Kind::For:
  case Kind::While:
    refuse(s.line, "found a loop within that of the neurons");
    return;
  case Kind::Return:
  case Kind::Break:
  case Kind::Continue:
    refuse(s.line, "found a jump");
    return;
  }
}
