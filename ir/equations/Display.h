//===- Display.h - equations in the form that people read -------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/equations/Neuron.h"

#include <string>
#include <vector>

namespace nir {

/// One line of an update as people read it: coefficients that are no words stand as what they are.
struct DisplayLine {
  enum class Kind {
    Unit,      ///< target = value: the unit of v
    Start,     ///< before the first step
    Word,      ///< target = value: a letter of the lines that follow
    Set,       ///< target = value
    SetIf,     ///< target = value where the condition holds, else as it was
    Count,     ///< target = value where the condition holds, else 0
    RestOfStep ///< target = value, if there is a spike and it is between 0 and 1, else 1
  } kind;
  std::string target;
  Expression value;
  Expression condition = 0.0;
};

/// The lines of a step, in order. dt/tau and the like are named, not shown: `symbols` says them.
std::vector<DisplayLine> displayLines(const NeuronEquations &neuron);

/// Writes expressions in some notation, with as few parentheses as it takes.
class Notation {
public:
  virtual ~Notation() = default;
  std::string write(const Expression &in) const { return write(in, Tight::Sum); }

protected:
  /// How tightly what is around an expression binds.
  enum class Tight { Sum, Product, Atom };
  std::string write(const Expression &in, Tight around) const;

  virtual std::string symbol(const std::string &name) const = 0;
  virtual std::string quotient(const Expression &over, const Expression &under) const = 0;
  virtual std::string function(Op op, const std::vector<std::string> &operands) const = 0;
  virtual std::string parenthesized(const std::string &text) const = 0;
  virtual std::string_view betweenFactors() const = 0;
  virtual std::string_view greaterOrEqual() const = 0;
  /// Whether a quotient is an atom: a fraction with a bar is.
  virtual bool hasBars() const = 0;

private:
  std::string sum(const Expression &in) const;
  std::string product(const Expression &in) const;
};

} // namespace nir
