//===- Team.h - threads that work together ----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// OpenMP, in a file of its own: its flag does not go with MLIR's precompiled
// header.

#pragma once

#include "backends/run/Clock.h"

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
  /// The last one calls `last`, where there is one, before any returns.
  void meet(int64_t parts, const std::function<void()> &last = {});
  /// Time that was spent waiting, summed over the parts, and forgotten then. Only waits count that
  /// are so long that whom they were for may have no core.
  Clock::duration takeLongWaits() {
    return Clock::duration(waited.exchange(0, std::memory_order_relaxed));
  }
  bool hasLongWaits() const { return waited.load(std::memory_order_relaxed) != 0; }

private:
  alignas(64) std::atomic<int64_t> here = 0;
  alignas(64) std::atomic<uint32_t> round = 0;
  alignas(64) std::atomic<uint32_t> sleepers = 0;
  alignas(64) std::atomic<Clock::rep> waited = 0;
};

/// Where the others of a team sleep while one of them goes on alone.
class RestingPlace {
public:
  /// Of the others: until the one calls `wake`, which may have been already for `turn`, the number
  /// of calls before this one. What was written before `wake` is seen.
  void rest(uint32_t turn) { wakings.wait(turn, std::memory_order_acquire); }
  void wake() {
    wakings.fetch_add(1, std::memory_order_release);
    wakings.notify_all();
  }

private:
  std::atomic<uint32_t> wakings = 0;
};

/// Calls body(part, parts) on `threads` threads, or fewer where the system grants fewer, and waits
/// for all of them.
void inParallel(int threads, const std::function<void(int64_t part, int64_t parts)> &body);

} // namespace nirc
