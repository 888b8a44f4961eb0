//===- Run.h - jobs as code in memory ---------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"
#include "backends/cpu/lower/Lower.h"
#include "backends/run/Sharing.h"

namespace nirc::cpu {

/// Compiles the job for this machine, with vectors no longer than it has; `profile` follows the
/// job. `patience`: of threads that share steps.
nir::Result<std::unique_ptr<Executable>> compile(const Job &job, LowerOptions options,
                                                 const Patience &patience = {});

} // namespace nirc::cpu
