//===- CClaims.h - what is to be proven of a C file -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Claim.h"
#include "backends/cpu/emit/Artifact.h"
#include "dialects/snn/Snn.h"

#include <vector>

namespace nirc::cpu {

/// For each population of a network of integers that its function in the text is its body. The text
/// may be another one than the network's, with the names of the same things.
std::vector<Claim> claimsOfC(snn::NetworkOp network, const CFile &file);

/// The same of the file that --emit=c writes of the job; none where it computes in floats.
nir::Result<std::vector<Claim>> claimsOfC(const Job &job);

} // namespace nirc::cpu
