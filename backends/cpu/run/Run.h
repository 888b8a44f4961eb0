//===- Run.h - jobs as code in memory ---------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"
#include "backends/cpu/lower/Lower.h"

namespace nirc::cpu {

/// Compiles the job for this machine, with vectors no longer than it has; `profile` follows the
/// job.
nir::Result<std::unique_ptr<Executable>> compile(const Job &job, LowerOptions options);

} // namespace nirc::cpu
