//===- Latex.cpp - a semantics as equations of LaTeX ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/equations/Display.h"
#include "tools/equations/Emit.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nirc {

namespace {

using nir::Expression;
using nir::Op;

/// "v_threshold" is v_{\mathrm{threshold}}.
std::string letters(std::string_view name) {
  size_t bar = name.find('_');
  std::string_view head = name.substr(0, bar);
  std::string text = head == "tau"     ? "\\tau"
                     : head == "dt"    ? "\\Delta t"
                     : head.size() > 1 ? fmt::format("\\mathrm{{{}}}", head)
                                       : std::string(head);
  return bar == std::string_view::npos
             ? text
             : fmt::format("{}_{{\\mathrm{{{}}}}}", text, name.substr(bar + 1));
}

class Latex final : public nir::Notation {
public:
  using Notation::write;

protected:
  std::string symbol(const std::string &name) const override { return letters(name); }
  std::string quotient(const Expression &over, const Expression &under) const override {
    return fmt::format("\\frac{{{}}}{{{}}}", write(over), write(under));
  }
  std::string function(Op op, const std::vector<std::string> &operands) const override {
    const std::string all = fmt::format("{}", fmt::join(operands, ",\\, "));
    switch (op) {
    case Op::Exp:
      return fmt::format("e^{{{}}}", all);
    case Op::Absolute:
      return fmt::format("\\left|{}\\right|", all);
    case Op::Ceil:
      return fmt::format("\\left\\lceil {} \\right\\rceil", all);
    case Op::Floor:
      return fmt::format("\\left\\lfloor {} \\right\\rfloor", all);
    case Op::Choose:
      return fmt::format("\\begin{{cases}} {} & \\text{{if }} {} \\\\ {} & \\text{{else}} "
                         "\\end{{cases}}",
                         operands[1], operands[0], operands[2]);
    default: // max, min, log
      return fmt::format("\\{}{}", nir::name(op), parenthesized(all));
    }
  }
  std::string parenthesized(const std::string &text) const override {
    return fmt::format("\\left({}\\right)", text);
  }
  std::string_view betweenFactors() const override { return " \\, "; }
  std::string_view greaterOrEqual() const override { return "\\geq"; }
  bool hasBars() const override { return true; }
};

std::string cases(const std::string &value, const std::string &condition,
                  const std::string &otherwise) {
  return fmt::format(
      "\\begin{{cases}} {} & \\text{{if }} {} \\\\ {} & \\text{{else}} \\end{{cases}}", value,
      condition, otherwise);
}

std::string lineOf(const nir::DisplayLine &line) {
  const Latex latex;
  using Kind = nir::DisplayLine::Kind;
  std::string target = letters(line.target), value = latex.write(line.value),
              condition = latex.write(line.condition);
  switch (line.kind) {
  case Kind::Unit:
  case Kind::Word:
    return fmt::format("{} &= {}", target, value);
  case Kind::Start:
    return fmt::format("{} &= {} && \\text{{before step }} 0", target, value);
  case Kind::Set:
    return fmt::format("{} &\\leftarrow {}", target, value);
  case Kind::SetIf:
    return fmt::format("{} &\\leftarrow {}", target, cases(value, condition, target));
  case Kind::Count:
    return fmt::format("{} &\\leftarrow {}", target, cases(value, condition, "0"));
  case Kind::RestOfStep:
    return fmt::format("x &= {} \\\\\n  w &\\leftarrow {}", value,
                       cases("x", "s > 0,\\, 0 < x < 1", "1"));
  }
  return {};
}

/// The shares of a step that the lines name.
std::vector<std::string> steps(nir::Family family) {
  if (family == nir::Family::IF) {
    return {};
  }
  return family == nir::Family::LIF
             ? std::vector<std::string>{"k &= \\frac{\\Delta t}{\\tau}"}
             : std::vector<std::string>{"a &= \\frac{\\Delta t}{\\tau_{\\mathrm{mem}}}",
                                        "b &= \\frac{\\Delta t}{\\tau_{\\mathrm{syn}}}"};
}

void append(std::string &text, std::string_view primitive, const std::vector<std::string> &lines) {
  text += fmt::format("\n% {}\n\\begin{{align*}}\n  {}\n\\end{{align*}}\n", primitive,
                      fmt::join(lines, " \\\\\n  "));
}

std::vector<std::string> linesOf(const nir::NeuronEquations &neuron) {
  std::vector<std::string> lines = steps(neuron.family);
  for (const nir::DisplayLine &line : nir::displayLines(neuron)) {
    lines.push_back(lineOf(line));
  }
  return lines;
}

std::vector<std::string> linesOf(const nir::EventEquations &neuron) {
  const Latex latex;
  std::vector<std::string> lines;
  for (const nir::Coefficient &each : neuron.coefficients) {
    lines.push_back(
        fmt::format("{} &= {}", letters(each.name), latex.write(nir::forReaders(each.value))));
  }
  for (const nir::Assignment &each : neuron.flow) {
    lines.push_back(fmt::format("{}(t) &= {}", letters(each.target), latex.write(each.value)));
  }
  for (const nir::Assignment &each : neuron.impulse) {
    lines.push_back(fmt::format("{} &\\leftarrow {} && \\text{{at an input }} u",
                                letters(each.target), latex.write(each.value)));
  }
  for (const nir::Assignment &each : neuron.reset) {
    lines.push_back(fmt::format("{} &\\leftarrow {} && \\text{{from }} {} \\text{{ on: a spike}}",
                                letters(each.target), latex.write(each.value),
                                latex.write(neuron.crossing)));
  }
  return lines;
}

} // namespace

std::string emitLatex(const nir::Semantics &semantics, std::optional<nir::Family> family) {
  std::string text = fmt::format(
      "% nirc semantics {} --emit=latex. Needs \\usepackage{{amsmath}}.\n"
      "% u is the sum of the inputs, s the spikes that are sent. Lines happen in their order.\n",
      semantics.text());
  EmittedNeurons all = neuronsOf(semantics, family);
  for (const nir::NeuronEquations &each : all.steps) {
    append(text, each.primitive, linesOf(each));
  }
  for (const nir::EventEquations &each : all.events) {
    append(text, each.primitive, linesOf(each));
  }
  return text;
}

} // namespace nirc
