//===- CodeClaims.h - what is to be proven of neuron code -------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Claim.h"
#include "backends/chipfile/CoreNetwork.h"
#include "dialects/snn/Snn.h"

#include <vector>

namespace nirc::chipfile {

/// Of each population that the instructions of its update, with the parameters that the cores hold,
/// are its body. `cores`: of that network, as it is read from a file.
std::vector<Claim> claimsOfCores(snn::NetworkOp network, const CoreNetwork &cores);

} // namespace nirc::chipfile
