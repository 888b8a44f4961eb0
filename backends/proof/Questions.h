//===- Questions.h - what a solver is asked of a neuron ---------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// For a target that proves its code of a population:
//
//   nir::Result<Question> question = proof::differs(op, [&](Theory &theory, const
//                                                           PopulationTerms &body) {
//     // what the code computes of body.inputs, body.states and body.parameters, by theory.binary,
//     // theory.compared, theory.select, ...: what is passed on, a Bool for a spike, and then the
//     // new states, of body.bits bits each
//     return CodeResults{{spike, v}};
//   });

#pragma once

#include "backends/Claim.h"
#include "backends/proof/PopulationTerms.h"
#include "ir/Error.h"

#include <functional>

namespace nirc::proof {

/// What code computes of one neuron, in a theory.
struct CodeResults {
  std::vector<mlir::Value> values; ///< as PopulationTerms::results
  std::string unknown = {};        ///< what the theory has no meaning for; then no values
};
using CodeTerms = std::function<CodeResults(Theory &theory, const PopulationTerms &body)>;

/// Whether a result of the code ever differs from the body's, or something happens that the theory
/// has no numbers for. In bit vectors, which are exact, and in whole numbers where both sides have
/// a meaning there. Nothing where bit vectors have no meaning for an op, which `unknown` gets.
std::optional<Question> differs(snn::PopulationOp op, const CodeTerms &code, std::string &unknown);

} // namespace nirc::proof
