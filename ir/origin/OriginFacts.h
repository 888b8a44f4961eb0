//===- OriginFacts.h - what the clues to an origin look at ------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/graph/FlatGraph.h"
#include "ir/graph/Graph.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nir {

/// A neuron node of any type, with the parameters that its type lacks null.
struct NeuronFacts {
  std::string path;
  const Node *node;
  const Tensor *tau = nullptr; ///< tau, or tau_mem
  const Tensor *tauSyn = nullptr;
  const Tensor *r = nullptr;
  const Tensor *wIn = nullptr;
};

/// What the clues look at: all nodes of the graph, however nested, and its neurons. Edges do not
/// matter, so that a file with wrong ones can still be recognised.
struct GraphFacts {
  const FlatGraph *flat;
  std::vector<NeuronFacts> neurons;
  double shortest = 0.0, longest = 0.0;  ///< over all times above 0; both 0 where there are none
  std::string shortestName, longestName; ///< "tau of 'lif1'"
};

GraphFacts factsOf(const FlatGraph &flat);

/// Whether two numbers are equal up to an exporter's three or four float32 roundings.
bool near(double a, double b, double relative = 1e-5);
/// The number of at most four digits that a rounded one was meant to be, or the number itself.
double unrounded(double value);
/// 1, 0.002, 5e-4: as people choose a step.
bool hasOneDigit(double value);

/// What a clue is worth. Weak: a round number that could be chance or physics. Strong: nobody would
/// write so by chance. Sure: several that are independent of each other agree.
enum class Strength { Weak, Strong, Sure };
/// "weak", "strong", "sure".
std::string_view name(Strength strength);

/// A step that time constants and gains agree on, in the file's unit of time.
struct StepClue {
  double dt;
  bool ofSeveralTaus;
  /// Weak: one time constant, and a gain of up to three digits, of which one in three gives a round
  /// step. Strong: a longer gain, or several time constants; these could have one capacitance,
  /// tau/r, where their gains are round. Sure: several time constants and longer gains; or a longer
  /// one, and both pairs of parameters, of which w_in is no part of a capacitance.
  Strength strength;
};

/// Two parameters of a neuron that could show a step: tau and r, or tau_syn and w_in.
struct TimeAndGain {
  const Tensor *NeuronFacts::*tau;
  const Tensor *NeuronFacts::*gain;
};

/// The step that `stepOf(tau, gain)` gives for every neuron that has both parameters, of each of
/// the `pairs`, where it is the same for all. One time constant alone could give any number: then
/// the step must have a single digit.
std::optional<StepClue> commonStep(const std::vector<NeuronFacts> &neurons,
                                   const std::vector<TimeAndGain> &pairs,
                                   double (*stepOf)(double tau, double gain));

} // namespace nir
