//===- Sympy.cpp - a semantics as a module of Python ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The module computes with numbers, in the order of the expressions, and with expressions of sympy.
//
//===----------------------------------------------------------------------===//

#include "ir/choices/Choices.h"
#include "tools/equations/Emit.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

namespace nirc {

namespace {

using nir::Expression;
using nir::Op;

/// Functions of both kinds of arguments. A quotient of numbers is that of IEEE 754, which knows
/// infinities; Python's own is an error where the divisor is 0.
constexpr std::string_view prelude = R"(import math

import sympy


def _is_symbolic(*values):
    return any(isinstance(value, sympy.Basic) for value in values)


def exp(x):
    return sympy.exp(x) if _is_symbolic(x) else math.exp(x)


def expm1(x):
    return sympy.exp(x) - 1 if _is_symbolic(x) else math.expm1(x)


def log1p(x):
    if _is_symbolic(x):
        return sympy.log(1 + x)
    return math.log1p(x) if x > -1 else -math.inf if x == -1 else math.nan


def minimum(x, y):
    return sympy.Min(x, y) if _is_symbolic(x, y) else min(x, y)


def maximum(x, y):
    return sympy.Max(x, y) if _is_symbolic(x, y) else max(x, y)


def ceil(x):
    return sympy.ceiling(x) if _is_symbolic(x) else float(math.ceil(x))


def floor(x):
    return sympy.floor(x) if _is_symbolic(x) else float(math.floor(x))


def quotient(x, y):
    if _is_symbolic(x, y) or y != 0:
        return x / y
    return math.nan if x == 0 or math.isnan(x) else math.copysign(math.inf, x) * math.copysign(1, y)


def equal(x, y):
    return sympy.Eq(x, y) if _is_symbolic(x, y) else x == y


def both(p, q):
    return sympy.And(p, q) if _is_symbolic(p, q) else p and q


def choose(condition, x, y):
    """x() where the condition holds, else y()."""
    if _is_symbolic(condition) and condition not in (sympy.true, sympy.false):
        return sympy.Piecewise((x(), condition), (y(), True))
    return x() if condition else y()
)";

constexpr std::string_view forSteps = R"(

def symbols(neuron):
    """A symbol for each state, parameter, dt and the input u, by name."""
    names = (*neuron.STATES, *neuron.PARAMETERS, "dt", "u")
    return {name: sympy.Symbol(name, real=True) for name in names}


def equations(neuron):
    """The states after a step and what is passed on, as expressions of `symbols`."""
    of = symbols(neuron)
    state, output = neuron.step({name: of[name] for name in neuron.STATES}, of, of["u"])
    return {**state, neuron.OUTPUT: output}
)";

constexpr std::string_view forEvents = R"(

def symbols(neuron):
    """A symbol for each state, parameter, the time t and the input u, by name."""
    names = (*neuron.STATES, *neuron.PARAMETERS, "t", "u")
    return {name: sympy.Symbol(name, real=True) for name in names}


def equations(neuron):
    """The states t after the last event, as expressions of `symbols`."""
    of = symbols(neuron)
    return neuron.flow({name: of[name] for name in neuron.STATES}, of, of["u"], of["t"])
)";

/// How tightly Python binds an expression.
int tightness(const Expression &in) {
  constexpr int comparison = 0, sum = 1, product = 2, sign = 3, atom = 4;
  switch (in.op) {
  case Op::Greater:
  case Op::GreaterOrEqual:
    return comparison;
  case Op::Add:
  case Op::Subtract:
    return sum;
  case Op::Multiply:
  case Op::Divide:
    return product;
  case Op::Negate:
    return sign;
  case Op::Number:
    return in.number < 0 ? sign : atom;
  default:
    return atom;
  }
}

/// Writes expressions in Python. In the rest of a step a divisor may be 0.
struct Python {
  bool dividesByZero = false;

  /// With parentheses where it is bound less tightly than `least`.
  std::string bound(const Expression &in, int least) const {
    std::string text = write(in);
    return tightness(in) < least ? "(" + text + ")" : text;
  }
  /// Left operands need none: Python goes from left to right.
  std::string infix(const Expression &in) const {
    int own = tightness(in);
    return fmt::format("{} {} {}", bound(in.operands[0], own), nir::name(in.op),
                       bound(in.operands[1], own + 1));
  }
  std::string call(std::string_view function, const Expression &in) const {
    std::vector<std::string> operands;
    for (const Expression &each : in.operands) {
      operands.push_back(write(each));
    }
    return fmt::format("{}({})", function, fmt::join(operands, ", "));
  }
  std::string write(const Expression &in) const {
    constexpr int sign = 3;
    switch (in.op) {
    case Op::Number: {
      std::string text = fmt::format("{}", in.number);
      return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
    }
    case Op::Symbol:
      return in.symbol;
    case Op::Negate:
      return "-" + bound(in.operands[0], sign);
    case Op::Divide:
      return dividesByZero ? call("quotient", in) : infix(in);
    case Op::Add:
    case Op::Subtract:
    case Op::Multiply:
    case Op::Greater:
    case Op::GreaterOrEqual:
      return infix(in);
    case Op::Minimum:
      return call("minimum", in);
    case Op::Maximum:
      return call("maximum", in);
    case Op::Equal:
      return call("equal", in);
    case Op::And:
      return call("both", in);
    case Op::Choose:
      return fmt::format("choose({}, lambda: {}, lambda: {})", write(in.operands[0]),
                         write(in.operands[1]), write(in.operands[2]));
    default:
      return call(nir::name(in.op), in);
    }
  }
};

std::string python(const Expression &in) { return Python().write(in); }

/// ("tau", "r"), and ("r",).
template <typename List>
std::string tupleOf(const List &list) {
  std::vector<std::string> names;
  for (const auto &each : list) {
    names.push_back(fmt::format("\"{}\"", each.name));
  }
  return fmt::format("({}{})", fmt::join(names, ", "), names.size() == 1 ? "," : "");
}

/// Lets a function use what a dictionary holds by its own name.
template <typename List>
void unpack(std::string &text, std::string_view from, const List &list) {
  for (const auto &each : list) {
    text += fmt::format("        {} = {}[\"{}\"]\n", each.name, from, each.name);
  }
}

/// Lines that find what the names stand for: parameters, and coefficients from them.
std::string findings(std::set<std::string> needed,
                     const std::vector<nir::Coefficient> &coefficients,
                     const std::vector<nir::ReadParameter> &parameters, bool hasSteps) {
  std::string found, read;
  for (size_t n = coefficients.size(); n-- > 0;) {
    if (needed.count(coefficients[n].name) > 0) {
      collectNames(coefficients[n].value, needed);
      found.insert(
          0, fmt::format("        {} = {}\n", coefficients[n].name, python(coefficients[n].value)));
    }
  }
  for (const nir::ReadParameter &each : parameters) {
    if (needed.count(std::string(each.name)) > 0) {
      read += fmt::format("        {0} = params[\"{0}\"]\n", each.name);
    }
  }
  bool readsStep = hasSteps && needed.count("dt") > 0;
  return read + (readsStep ? "        dt = params[\"dt\"]\n" : "") + found;
}

std::set<std::string> namesIn(const std::vector<nir::Assignment> &assignments) {
  std::set<std::string> names;
  for (const nir::Assignment &each : assignments) {
    collectNames(each.value, names);
  }
  return names;
}

void assign(std::string &text, const std::vector<nir::Assignment> &assignments) {
  for (const nir::Assignment &each : assignments) {
    Python writer{each.phase == nir::Phase::Rest};
    text += fmt::format("        {} = {}  # {}\n", each.target, writer.write(each.value),
                        nir::name(each.phase));
  }
}

std::string statesOf(const std::vector<nir::State> &states) {
  std::string text;
  for (const nir::State &each : states) {
    text += fmt::format("{}\"{}\": {}", text.empty() ? "" : ", ", each.name, each.name);
  }
  return "{" + text + "}";
}

template <typename Neuron>
std::string classOf(const Neuron &neuron) {
  return fmt::format("\n\nclass {}:\n    PARAMETERS = {}\n    STATES = {}\n    OUTPUT = \"{}\"\n",
                     neuron.primitive, tupleOf(neuron.parameters), tupleOf(neuron.states),
                     neuron.output);
}

template <typename Neuron>
void appendStart(std::string &text, const Neuron &neuron, bool hasSteps) {
  text += "\n    @staticmethod\n    def start(params):\n        \"\"\"The states before the first "
          "step.\"\"\"\n";
  std::string values;
  std::set<std::string> needed;
  for (const nir::State &each : neuron.states) {
    values +=
        fmt::format("{}\"{}\": {}", values.empty() ? "" : ", ", each.name, python(each.start));
    collectNames(each.start, needed);
  }
  text += findings(needed, neuron.coefficients, neuron.parameters, hasSteps);
  text += fmt::format("        return {{{}}}\n", values);
}

void append(std::string &text, const nir::NeuronEquations &neuron) {
  text += classOf(neuron);
  appendStart(text, neuron, true);
  text += "\n    @staticmethod\n    def step(state, params, u):\n        \"\"\"The states a step "
          "later, and what is passed on.\"\"\"\n";
  text += findings(namesIn(neuron.step), neuron.coefficients, neuron.parameters, true);
  unpack(text, "state", neuron.states);
  assign(text, neuron.step);
  text += fmt::format("        return {}, {}\n", statesOf(neuron.states), neuron.output);
}

void append(std::string &text, const nir::EventEquations &neuron) {
  text += classOf(neuron);
  appendStart(text, neuron, false);
  auto function = [&](std::string_view head, std::string_view says,
                      const std::vector<nir::Assignment> &assignments) {
    text += fmt::format("\n    @staticmethod\n    def {}:\n        \"\"\"{}\"\"\"\n", head, says);
    text += findings(namesIn(assignments), neuron.coefficients, neuron.parameters, false);
    unpack(text, "state", neuron.states);
    assign(text, assignments);
    text += fmt::format("        return {}\n", statesOf(neuron.states));
  };
  function("flow(state, params, u, t)", "The states t seconds later, while u is held.",
           neuron.flow);
  function("impulse(state, params, u)", "The states after an input of u that comes at once.",
           neuron.impulse);
  if (neuron.reset.empty()) {
    return;
  }
  function("reset(state, params)", "The states after a spike.", neuron.reset);
  text += fmt::format("\n    @staticmethod\n    def crosses(state, params):\n        \"\"\"Whether "
                      "there is a spike.\"\"\"\n        v = state[\"v\"]\n        v_threshold = "
                      "params[\"v_threshold\"]\n        return {}\n",
                      python(neuron.crossing));
}

} // namespace

std::string emitSympy(const nir::Semantics &semantics, std::optional<nir::Family> family) {
  const bool hasSteps = semantics.timing != nir::Timing::Events;
  std::string network, names;
  for (const nir::Choice &choice : nir::choices()) {
    if (!choice.perFamily) {
      network += fmt::format("{}\"{}\": \"{}\"", network.empty() ? "" : ", ", choice.name,
                             choice.get(semantics, nir::Family::IF));
    }
  }
  std::string text = fmt::format(
      "\"\"\"nirc semantics {} --emit=sympy\n\n{}\"\"\"\n", semantics.text(),
      hasSteps ? "`LIF.step(state, params, u)` is one step of a LIF: with floats the numbers of\n"
                 "`nirc run --target reference --dtype f64`, with symbols an expression. params "
                 "holds dt as well; u is\nthe sum of the inputs.\n"
               : "`LIF.flow(state, params, u, t)` is a LIF t seconds after the last event, with "
                 "floats or symbols.\n");
  text += prelude;
  text += hasSteps ? forSteps : forEvents;
  text += fmt::format("\n\nSEMANTICS = \"{}\"\nNETWORK = {{{}}}\n", semantics.text(), network);
  EmittedNeurons all = neuronsOf(semantics, family);
  auto name = [&](const std::string &primitive) {
    names += fmt::format("{}\"{}\": {}", names.empty() ? "" : ", ", primitive, primitive);
  };
  for (const nir::NeuronEquations &each : all.steps) {
    append(text, each);
    name(each.primitive);
  }
  for (const nir::EventEquations &each : all.events) {
    append(text, each);
    name(each.primitive);
  }
  return text + fmt::format("\n\nNEURONS = {{{}}}\n", names);
}

} // namespace nirc
