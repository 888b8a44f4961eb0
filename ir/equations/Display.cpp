//===- Display.cpp - equations in the form that people read ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/equations/Display.h"

#include <fmt/format.h>

namespace nir {

namespace {

using Kind = DisplayLine::Kind;

/// What stands in the place of names that are no words.
std::map<std::string, Expression> unnamed(const NeuronEquations &neuron) {
  std::map<std::string, Expression> values;
  for (const Coefficient &each : neuron.coefficients) {
    if (!each.isWord) {
      values.emplace(each.name, each.value);
    }
  }
  return values;
}

DisplayLine lineOf(const Assignment &each) {
  const Expression &value = each.value;
  if (!value.is(Op::Choose)) {
    return {Kind::Set, each.target, value};
  }
  bool keeps = value.operands[2] == Expression::named(each.target);
  return {keeps ? Kind::SetIf : Kind::Count, each.target, value.operands[1], value.operands[0]};
}

} // namespace

std::vector<DisplayLine> displayLines(const NeuronEquations &neuron) {
  const std::map<std::string, Expression> values = unnamed(neuron);
  auto shown = [&](const Expression &in) { return forReaders(replaced(in, values)); };
  std::vector<DisplayLine> lines;
  auto word = [&](std::string_view name, Kind kind) {
    for (const Coefficient &each : neuron.coefficients) {
      if (each.name == name) {
        lines.push_back({kind, each.name, shown(each.value)});
      }
    }
  };
  word("c", Kind::Unit);
  for (const State &state : neuron.states) {
    if (state.name == "v" && !state.start.isNumber(0.0)) {
      lines.push_back({Kind::Start, "v", shown(state.start)});
    }
  }
  bool isUpdated = false;
  for (const Assignment &each : neuron.step) {
    if (each.phase == Phase::Update && !isUpdated) {
      word("q", Kind::Word);
      isUpdated = true;
    }
    if (each.phase == Phase::Rest) { // two statements for the machine, one line for people
      if (each.target == "left") {
        lines.push_back({Kind::RestOfStep, "w", shown(each.value.operands[1])});
      }
      continue;
    }
    DisplayLine line = lineOf(each);
    line.value = shown(line.value);
    line.condition = shown(line.condition);
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string Notation::sum(const Expression &in) const {
  std::string text;
  for (const Expression &each : summands(in)) {
    bool isTaken = each.is(Op::Negate) && !text.empty();
    std::string one = write(isTaken ? each.operands[0] : each, Tight::Product);
    text += text.empty() ? one : fmt::format(" {} {}", isTaken ? '-' : '+', one);
  }
  return text;
}

/// A quotient that ends a product needs no parentheses: s (x / c) is s x / c.
std::string Notation::product(const Expression &in) const {
  std::string text;
  std::vector<Expression> all = factors(in);
  for (const Expression &each : all) {
    bool isLast = &each == &all.back();
    bool isPlain = each.is(Op::Divide) && isLast;
    text += fmt::format("{}{}", text.empty() ? "" : betweenFactors(),
                        write(each, isPlain ? Tight::Product : Tight::Atom));
  }
  return text;
}

std::string Notation::write(const Expression &in, Tight around) const {
  auto within = [&](const std::string &text, bool isLoose) {
    return isLoose ? parenthesized(text) : text;
  };
  switch (in.op) {
  case Op::Number:
    return within(fmt::format("{}", in.number), in.number < 0 && around == Tight::Atom);
  case Op::Symbol:
    return symbol(in.symbol);
  case Op::Negate:
    return within("-" + write(in.operands[0], Tight::Product), around == Tight::Atom);
  case Op::Add:
  case Op::Subtract:
    return within(sum(in), around != Tight::Sum);
  case Op::Multiply:
    return within(product(in), around == Tight::Atom);
  case Op::Divide:
    return within(quotient(in.operands[0], in.operands[1]), around == Tight::Atom && !hasBars());
  case Op::Greater:
  case Op::GreaterOrEqual:
  case Op::Equal:
    return fmt::format("{} {} {}", write(in.operands[0]),
                       in.is(Op::GreaterOrEqual) ? greaterOrEqual() : name(in.op),
                       write(in.operands[1]));
  default:
    std::vector<std::string> operands;
    for (const Expression &each : in.operands) {
      operands.push_back(write(each));
    }
    return function(in.op, operands);
  }
}

} // namespace nir
