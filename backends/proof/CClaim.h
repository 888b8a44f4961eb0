//===- CClaim.h - what is to be proven of C ---------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Claim.h"
#include "backends/c/CReader.h"
#include "backends/proof/CNeurons.h"
#include "dialects/snn/Snn.h"

namespace nirc::proof {

/// That the function is the body for each neuron, and that C defines all that it computes. `file`:
/// the text that has the function and its tables. What is not known in it is `unasked`.
Claim claimOfC(snn::PopulationOp op, const c::File &file, const CNeurons &neurons);

} // namespace nirc::proof
