//===- Team.h - threads that work together ----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// OpenMP behind three functions, in a file of its own: its flag does not go with MLIR's precompiled
// header.

#pragma once

#include <cstdint>
#include <functional>

namespace nirc::cpu {

/// Cores that this process may use.
int coresAvailable();

/// Calls body(part, parts) on `threads` threads, or fewer where the system grants fewer, and waits
/// for all of them.
void inParallel(int threads, const std::function<void(int64_t part, int64_t parts)> &body);

/// Waits, within `inParallel`, until every part is here.
void meet();

} // namespace nirc::cpu
