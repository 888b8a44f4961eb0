//===- MatchBody.h - whether the chip computes this -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/loihi2/match/Model.h"

#include "dialects/snn/Snn.h"

namespace nirc::loihi2 {

/// What the body of a population is on the chip.
struct MatchedBody {
  std::vector<Compartment> compartments;
  /// Whether synapses have to bring a neuron's bias from step 1 on; else its compartment has it.
  std::vector<bool> bySynapses;
};

/// The constants with which the chip computes what the body of the population computes, for every
/// input that its types allow: each op of the body is accounted for, and a wrap or clip that the
/// body lacks is shown to do nothing. `bias`: what connections add to the sum of each neuron's
/// synapses in every step, step 0 included. Compartments add it to v where that is the same; else
/// they begin with states of which step 0 keeps it. Fails with a diagnostic that names what the
/// chip has not.
llvm::FailureOr<MatchedBody> matchBody(snn::PopulationOp op, llvm::ArrayRef<int64_t> bias);

} // namespace nirc::loihi2
