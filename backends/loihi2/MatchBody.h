//===- MatchBody.h - whether the chip computes this -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/loihi2/Model.h"

#include "dialects/snn/Snn.h"

namespace nirc::loihi2 {

/// The constants with which the chip computes what the body of the population computes, for every
/// input that its types allow: each op of the body is accounted for, and a wrap or clip that the
/// body lacks is shown to do nothing. `bias`: what connections add to the sum of each neuron's
/// synapses in every step, step 0 included. Without a current the compartment adds it to v. With
/// one it starts with the current of which step 0 keeps the bias, and synapses bring it from step 1
/// on. Fails with a diagnostic that names what the chip has not.
llvm::FailureOr<std::vector<Compartment>> matchBody(snn::PopulationOp op,
                                                    llvm::ArrayRef<int64_t> bias);

/// Whether synapses drive a current that the neuron keeps, and not v itself.
bool hasCurrent(snn::PopulationOp op);

} // namespace nirc::loihi2
