//===- Neuron.h - what a neuron computes, as data ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// docs/semantics.md, "Update of a neuron", as expressions: an operation of an expression is one of
// the page, in its order. So whoever evaluates them in float64 has the bits of the reference.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/choices/Semantics.h"
#include "ir/equations/Algebra.h"

#include <string>
#include <string_view>
#include <vector>

namespace nir {

/// A number of the file. What the semantics ignores is read as another: r and w_in as 1, the
/// others as 0.
struct ReadParameter {
  std::string_view name;
  bool isRead = true;
  double ignoredAs = 0.0; ///< where not isRead
};

/// A number that is found once, in float64, before the first step: from parameters, dt and the
/// coefficients before it. What a statement reads of it is rounded to the type of the run.
struct Coefficient {
  std::string name;
  Expression value;
  bool isWord = false; ///< a letter that readers know it by, as k = dt/tau
};

/// A number that a neuron keeps from step to step, and what it is before the first.
struct State {
  std::string name;
  Expression start;
};

/// What a statement is for, in the order of a step.
enum class Phase { LateTest, LateReset, Update, Floor, Test, Rest, Reset };
std::string_view name(Phase phase);

/// Sets a state, or a number of the step, from what was set before.
struct Assignment {
  Phase phase;
  std::string target;
  Expression value;
};

/// What a neuron does in a step of dt.
struct NeuronEquations {
  std::string primitive; ///< "LIF"
  Family family;
  std::vector<ReadParameter> parameters; ///< as NIR spells them, without dt
  std::vector<Coefficient> coefficients; ///< in the order in which they are found
  std::vector<Expression> required;      ///< conditions; where one is false the run is refused
  std::vector<State> states;
  std::vector<Assignment> step; ///< in order; u is the sum of the inputs
  std::string output;           ///< what the neuron passes on: "s", or "v"
};

/// Of the neuron that spikes, or of the one that passes on v.
NeuronEquations neuronEquations(const NeuronRule &rule, Family family, bool spikes);

/// What a neuron does where there are no steps (docs/semantics.md, "Exact"): t seconds after the
/// last event, at which the states had the values that the expressions name.
struct EventEquations {
  std::string primitive;
  Family family;
  std::vector<ReadParameter> parameters;
  std::vector<State> states;
  std::vector<Coefficient> coefficients; ///< of t, u and the states
  std::vector<Assignment> flow;          ///< the states t seconds later
  std::vector<Assignment> impulse;       ///< what an input of u does that comes at once
  Expression crossing = 0.0;             ///< the condition of a spike; a number where none spikes
  std::vector<Assignment> reset;         ///< by a spike
  std::string output;
};
EventEquations eventEquations(const NeuronRule &rule, Family family, bool spikes);

/// "LIF", or "LI".
std::string primitiveOf(Family family, bool spikes);

} // namespace nir
