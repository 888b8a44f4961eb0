//===- Claims.h - what is to be proven of Verilog ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Claim.h"
#include "backends/Target.h"

namespace nirc::fpga {

/// A module of an artifact, and what bodyQuery asks of it.
struct ModuleQuery {
  std::string node, module, query;
};

/// That each module is equal to the body of its population, asked of what yosys reads in the
/// artifact's Verilog. An error where there is no yosys, or it does not read that.
nir::Result<std::vector<Claim>> claimsOf(const Artifact &artifact,
                                         const std::vector<ModuleQuery> &queries,
                                         const std::optional<CacheOptions> &cache);

} // namespace nirc::fpga
