//===- Coefficients.h - the coefficients of one step ------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The coefficients of one step, from a neuron's equations: docs/semantics.md, "Update of a neuron".
// This is the only file in which an integrator is written.

#pragma once

#include "dialects/nir/HybridSystem.h"
#include "ir/choices/Semantics.h"

#include "llvm/Support/LogicalResult.h"

#include <string>

namespace nirc {

/// x_i := self x_i + sum over j of cross[j] x_j + gain u + drift. Absent coefficients (empty) are
/// terms that are not there; an absent `self` is the term x_i.
struct StateUpdate {
  llvm::StringRef name;
  nir::Coefficients self, gain, drift;
  llvm::SmallVector<nir::Coefficients, 2> cross; ///< one a state
  bool isReadNew = false; ///< whether the states after it read its new value, not its old one
};

struct StepUpdate {
  llvm::SmallVector<StateUpdate, 2> states; ///< in the order in which they are computed
  nir::Coefficients leftOut; ///< what the membrane is smaller by, with its threshold; none: 1
};

/// Fails, with a message for the user, where a choice has no meaning for the system.
llvm::FailureOr<StepUpdate> stepUpdate(const nir::HybridSystem &system, double dtSeconds,
                                       const nir::NeuronRule &rule, std::string &why);

} // namespace nirc
