//===- PopulationTerms.h - a neuron as terms of a theory --------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/proof/Terms.h"
#include "dialects/snn/Snn.h"

namespace nirc::proof {

/// One neuron of a population, any of them: what enters it, its states and its parameters, each any
/// number that its type or its values allow; and what the body makes of them. Numbers of a network
/// of i32 have 32 bits; those of floats are bit vectors of their type, of which nothing is known.
///
/// Names are "input" ("input.0" where there are several), "state.v", "param.v_threshold".
class PopulationTerms {
public:
  PopulationTerms(Theory &theory, snn::PopulationOp op);

  struct Input {
    mlir::Value element; ///< as an array of its signal has it
    int bits;           ///< of that: 32, or those of the float; 8 for spikes of a network of floats
    mlir::Value number; ///< as the body adds it up
  };
  std::vector<Input> inputs;
  mlir::Value drive;                   ///< the sum of the inputs
  std::vector<mlir::Value> states;     ///< before the step
  std::vector<mlir::Value> parameters; ///< those that have the same values are the same term
  std::vector<std::string> parameterNames;
  int bits; ///< of a number

  /// What the neuron passes on, a Bool for a spike, and then its new states. None where the theory
  /// has no meaning for an op, which `unknown` names.
  std::vector<mlir::Value> results;
  std::string unknown;
  /// Names of the results: "output", "state.v".
  std::vector<std::string> names;

private:
  void declareInputs();
  void declareParameters();
  void computeResults();

  Theory &theory;
  snn::PopulationOp op;
};

/// A parameter's value for each neuron; of floats the bits of each.
std::vector<int64_t> parameterOf(snn::PopulationOp op, size_t number);

} // namespace nirc::proof
