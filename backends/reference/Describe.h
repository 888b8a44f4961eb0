//===- Describe.h - what a graph says of itself as a program ----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"

namespace nirc::reference {

/// Of the job's graph, which is run as it is. An error where a probe names nothing.
nir::Result<ProgramInfo> describe(const Job &job);

} // namespace nirc::reference
