//===- Claims.h - what is to be proven of updates ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Claim.h"
#include "backends/spinnaker2/model/Model.h"
#include "dialects/snn/Snn.h"

#include <vector>

namespace nirc::spinnaker2 {

/// That the C text of the update is the body, with the numbers that the population's cores hold.
Claim claimOfUpdate(snn::PopulationOp op, const Population &population, const Update &update);

/// The same of all populations of a network of integers, of which that is the model.
std::vector<Claim> claimsOfModel(snn::NetworkOp network, const Model &model);

} // namespace nirc::spinnaker2
