//===- Exact.h - the exact solution as an executable ------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"

namespace nirc::reference {

/// The job solved event by event (backends/reference/events/EventInterpreter.h) rather than step by
/// step. Of its semantics it takes dt and the reset. Refuses a dtype other than float64, and a
/// graph that the exact semantics has no meaning for.
nir::Result<std::unique_ptr<Executable>> compileExact(const Job &job);

} // namespace nirc::reference
