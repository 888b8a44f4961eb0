//===- Claims.h - what is to be proven of native code -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Claim.h"
#include "backends/Target.h"
#include "backends/cpu/lower/Lower.h"

namespace nirc::cpu {

/// Of each population that the code which `lower` makes of the job is equal to its body, as far as
/// MLIR's dialects: what LLVM makes of it is taken as right. `code` says which one that is.
nir::Result<std::vector<Claim>> claimsOf(const Job &job, const LowerOptions &options,
                                         const std::string &code);

} // namespace nirc::cpu
