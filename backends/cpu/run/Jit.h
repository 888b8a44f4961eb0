//===- Jit.h - code that is compiled in memory ------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/cpu/lower/BuildNetwork.h"
#include "backends/cpu/run/Code.h"

#include "llvm/Target/TargetMachine.h"

#include <string>

namespace nirc::cpu {

/// Code in memory, and where it came from.
struct InMemory {
  std::shared_ptr<const Code> code;
  CodeOrigin origin;
};

/// Compiles what `lower` left for the machine, which must be this one, or takes what an earlier
/// process compiled of the same out of the cache. Takes `built.lowered`; nothing of the module is
/// needed afterwards.
nir::Result<InMemory> compileInMemory(Built &built, llvm::TargetMachine &machine,
                                      const std::optional<CacheOptions> &cache,
                                      Stopwatch &stopwatch);

} // namespace nirc::cpu
