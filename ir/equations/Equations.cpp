//===- Equations.cpp - a neuron's update, written out ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The data of Neuron.h in words of algebra. Two rules that give the same text give the same numbers
// (tests/ir/equations/EquationsTest.cpp).
//
//===----------------------------------------------------------------------===//

#include "ir/equations/Equations.h"

#include "ir/equations/Display.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nir {

namespace {

/// "exp(-k) (v + u) / c", in letters of a keyboard.
class PlainText final : public Notation {
public:
  using Notation::write;

protected:
  std::string symbol(const std::string &name) const override { return name; }
  std::string quotient(const Expression &over, const Expression &under) const override {
    return fmt::format("{} / {}", write(over, Tight::Product), write(under, Tight::Atom));
  }
  std::string function(Op op, const std::vector<std::string> &operands) const override {
    return op == Op::Absolute ? fmt::format("|{}|", operands[0])
                              : fmt::format("{}({})", name(op), fmt::join(operands, ", "));
  }
  std::string parenthesized(const std::string &text) const override { return "(" + text + ")"; }
  std::string_view betweenFactors() const override { return " "; }
  std::string_view greaterOrEqual() const override { return ">="; }
  bool hasBars() const override { return false; }
};

std::string textOf(const DisplayLine &line) {
  std::string value = text(line.value);
  switch (line.kind) {
  case DisplayLine::Kind::Unit:
    return fmt::format("{} = {}   (v is in units of c)", line.target, value);
  case DisplayLine::Kind::Start:
    return fmt::format("{} = {}   (before step 0)", line.target, value);
  case DisplayLine::Kind::Word:
    return line.value.is(Op::Choose)
               ? fmt::format("{} = {}   ({} where {})", line.target, text(line.value.operands[2]),
                             text(line.value.operands[1]), text(line.value.operands[0]))
               : fmt::format("{} = {}", line.target, value);
  case DisplayLine::Kind::Set:
    return fmt::format("{} = {}", line.target, value);
  case DisplayLine::Kind::SetIf:
    return fmt::format("{} = {} if {}", line.target, value, text(line.condition));
  case DisplayLine::Kind::Count:
    return fmt::format("{} = {} if {}, else 0", line.target, value, text(line.condition));
  case DisplayLine::Kind::RestOfStep:
    return fmt::format("{} = {} if s and it is between 0 and 1, else 1", line.target, value);
  }
  return {};
}

} // namespace

std::string text(const Expression &expression) { return PlainText().write(expression); }

std::vector<std::string> equations(const NeuronRule &rule, Family family) {
  std::vector<std::string> lines;
  for (const DisplayLine &line : displayLines(neuronEquations(rule, family, true))) {
    lines.push_back(textOf(line));
  }
  return lines;
}

/// Of the choices only the reset counts where there are no steps.
static std::vector<std::string> eventTexts(const NeuronRule &rule, Family family) {
  std::vector<std::string> lines;
  if (family == Family::IF) {
    lines = {"v = v + r u at the time of each input and spike that reaches it"};
  } else if (family == Family::LIF) {
    lines = {"v(t) = v_inf + (v - v_inf) exp(-t/tau)   with v_inf = v_leak + r u, t since the last "
             "event"};
  } else {
    lines = {"i(t) = w_in u + (i - w_in u) exp(-t/tau_syn)   t since the last event",
             "v(t) = v_inf + (v - v_inf) exp(-t/tau_mem) + r (i - w_in u) g(t)   with v_inf = "
             "v_leak + r w_in u",
             "g(t) = x exp(-min(x, y)) (1 - exp(-|x - y|)) / |x - y|   with x = t/tau_mem, y = "
             "t/tau_syn; x exp(-x) where x = y"};
  }
  lines.emplace_back("s = 1 at the time from which on v > v_threshold");
  lines.emplace_back(rule.reset == Reset::Subtract ? "v = v - (v_threshold - v_reset) at a spike"
                                                   : "v = v_reset at a spike");
  return lines;
}

std::vector<std::string> equations(const Semantics &semantics, Family family) {
  return semantics.timing == Timing::Events ? eventTexts(semantics[family], family)
                                            : equations(semantics[family], family);
}

std::string_view symbols(Family family) {
  constexpr std::string_view texts[] = {
      "u: the sum of the inputs, s: the spikes sent",
      "u: the sum of the inputs, s: the spikes sent, k = dt/tau",
      "u: the sum of the inputs, s: the spikes sent, a = dt/tau_mem, b = dt/tau_syn"};
  return texts[static_cast<size_t>(family)];
}

} // namespace nir
