//===- Team.h - threads that work together ----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// OpenMP, in a file of its own: its flag does not go with MLIR's precompiled
// header.

#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

namespace nirc {

/// Cores that this process may use.
int coresAvailable();

/// Where the parts of a team wait for each other. OpenMP's own barrier takes a microsecond, as long
/// as a whole step of a network that is worth sharing.
class MeetingPoint {
public:
  /// Returns when all `parts` have called it. What each wrote before, all see afterwards.
  void meet(int64_t parts);

private:
  alignas(64) std::atomic<int64_t> here = 0;
  alignas(64) std::atomic<uint64_t> round = 0;
};

/// Calls body(part, parts) on `threads` threads, or fewer where the system grants fewer, and waits
/// for all of them.
void inParallel(int threads, const std::function<void(int64_t part, int64_t parts)> &body);

} // namespace nirc
