//===- SmtLib.cpp - a semantics for provers -------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// SMT-LIB 2.6 over the real numbers: a function for each state after a step and for what is passed
// on. exp and its like are functions of which a prover knows nothing but what a user asserts.
//
//===----------------------------------------------------------------------===//

#include "tools/equations/Emit.h"

#include <array>
#include <charconv>
#include <fmt/format.h>
#include <set>

namespace nirc {

namespace {

using nir::Expression;
using nir::Op;

/// Not "exp" alone, which cvc5 has a meaning for.
std::string_view transcendental(Op op) {
  return op == Op::Exp     ? "nir.exp"
         : op == Op::Expm1 ? "nir.expm1"
         : op == Op::Log1p ? "nir.log1p"
                           : std::string_view();
}

/// "0.25", "(- 0.25)": SMT-LIB knows no exponents.
std::string decimal(double number) {
  constexpr size_t most = 1100; // digits of the smallest double
  std::array<char, most> digits;
  auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(),
                                    number < 0 ? -number : number, std::chars_format::fixed);
  std::string text = error == std::errc() ? std::string(digits.data(), end) : "0";
  text += text.find('.') == std::string::npos ? ".0" : "";
  return number < 0 ? fmt::format("(- {})", text) : text;
}

std::string smt(const Expression &in) {
  std::vector<std::string> x;
  for (const Expression &each : in.operands) {
    x.push_back(smt(each));
  }
  switch (in.op) {
  case Op::Number:
    return decimal(in.number);
  case Op::Symbol:
    return in.symbol;
  case Op::Negate:
    return fmt::format("(- {})", x[0]);
  case Op::Absolute:
    return fmt::format("(ite (>= {0} 0.0) {0} (- {0}))", x[0]);
  case Op::Minimum:
    return fmt::format("(ite (<= {0} {1}) {0} {1})", x[0], x[1]);
  case Op::Maximum:
    return fmt::format("(ite (>= {0} {1}) {0} {1})", x[0], x[1]);
  case Op::Ceil:
    return fmt::format("(- (to_real (to_int (- {}))))", x[0]);
  case Op::Floor:
    return fmt::format("(to_real (to_int {}))", x[0]);
  case Op::Choose:
    return fmt::format("(ite {} {} {})", x[0], x[1], x[2]);
  default:
    break;
  }
  std::string_view function = transcendental(in.op);
  return x.size() == 1 ? fmt::format("({} {})", function, x[0])
                       : fmt::format("({} {} {})", nir::name(in.op), x[0], x[1]);
}

void collectFunctions(const Expression &in, std::set<std::string> &functions) {
  if (!transcendental(in.op).empty()) {
    functions.emplace(transcendental(in.op));
  }
  for (const Expression &each : in.operands) {
    collectFunctions(each, functions);
  }
}

/// A name and what it stands for, in order; later ones hide earlier ones.
using Bindings = std::vector<std::pair<std::string, Expression>>;

/// One function of the arguments that its value needs.
std::string define(const std::string &function, const std::vector<std::string> &arguments,
                   const Bindings &bindings, const Expression &value) {
  std::set<std::string> needed;
  collectNames(value, needed);
  std::string lets, end;
  for (size_t n = bindings.size(); n-- > 0;) {
    const auto &[name, bound] = bindings[n];
    if (needed.erase(name) == 0) {
      continue;
    }
    collectNames(bound, needed);
    lets = fmt::format("  (let (({} {}))\n", name, smt(bound)) + lets;
    end += ")";
  }
  std::string list;
  for (const std::string &each : arguments) {
    list += fmt::format("{}({} Real)", list.empty() ? "" : " ", each);
  }
  return fmt::format("(define-fun {} ({}) Real\n{}  {}{})\n", function, list, lets, smt(value),
                     end);
}

void append(std::string &text, std::set<std::string> &functions,
            const nir::NeuronEquations &neuron) {
  std::vector<std::string> parameters = {"dt"}, all;
  for (const nir::ReadParameter &each : neuron.parameters) {
    parameters.emplace_back(each.name);
  }
  Bindings found;
  for (const nir::Coefficient &each : neuron.coefficients) {
    found.emplace_back(each.name, each.value);
    collectFunctions(each.value, functions);
  }
  Bindings bindings = found;
  for (const nir::Assignment &each : neuron.step) {
    bindings.emplace_back(each.target, each.value);
    collectFunctions(each.value, functions);
  }
  for (const nir::State &each : neuron.states) {
    all.push_back(each.name);
  }
  all.emplace_back("u");
  all.insert(all.end(), parameters.begin(), parameters.end());
  text += fmt::format("\n; {}: states, u, dt and parameters\n", neuron.primitive);
  for (const nir::State &each : neuron.states) {
    text += define(fmt::format("{}.start.{}", neuron.primitive, each.name), parameters, found,
                   each.start);
    text += define(fmt::format("{}.{}", neuron.primitive, each.name), all, bindings,
                   Expression::named(each.name));
  }
  if (neuron.output != "v") {
    text += define(fmt::format("{}.{}", neuron.primitive, neuron.output), all, bindings,
                   Expression::named(neuron.output));
  }
}

} // namespace

nir::Result<std::string> emitSmtLib(const nir::Semantics &semantics,
                                    std::optional<nir::Family> family) {
  if (semantics.timing == nir::Timing::Events) {
    return nir::Error(nir::Cause::ChoiceConflict,
                      "found schedule=events, expected one with steps: a function of SMT-LIB is a "
                      "step")
        .note("take schedule=sequential");
  }
  std::set<std::string> functions;
  std::string definitions;
  for (const nir::NeuronEquations &each : neuronsOf(semantics, family).steps) {
    append(definitions, functions, each);
  }
  std::string text = fmt::format("; nirc semantics {} --emit=smtlib\n"
                                 "; Over the real numbers: no operation rounds.\n(set-logic ALL)\n",
                                 semantics.text());
  for (const std::string &function : functions) {
    text += fmt::format("(declare-fun {} (Real) Real)\n", function);
  }
  return text + definitions;
}

} // namespace nirc
