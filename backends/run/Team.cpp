//===- Team.cpp - threads that work together ------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/run/Team.h"

#include <omp.h>

int nirc::coresAvailable() { return omp_get_num_procs(); }

void nirc::inParallel(int threads, const std::function<void(int64_t part, int64_t parts)> &body) {
  if (threads <= 1) {
    return body(0, 1);
  }
#ifdef KMP_VERSION_MAJOR
  // LLVM's threads would else go on spinning for 200 ms after the work is done. A millisecond
  // spares runs that follow on each other the waking of threads, as long as some steps. The
  // setting is that of the calling thread, which may be a host's: it gets its own back.
  int hosts = kmp_get_blocktime();
  kmp_set_blocktime(1);
#endif
#pragma omp parallel num_threads(threads)
  body(omp_get_thread_num(), omp_get_num_threads());
#ifdef KMP_VERSION_MAJOR
  kmp_set_blocktime(hosts);
#endif
}

/// Tells the core that this thread only waits.
static void spinPause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

void nirc::MeetingPoint::meet(int64_t parts, const std::function<void()> &last) {
  if (parts == 1) {
    if (last) {
      last();
    }
    return;
  }
  uint32_t mine = round.load(std::memory_order_relaxed);
  if (here.fetch_add(1, std::memory_order_acq_rel) + 1 == parts) {
    if (last) {
      last();
    }
    here.store(0, std::memory_order_relaxed);
    // In one order with `sleepers`: whoever this does not see there sees the new round.
    round.store(mine + 1, std::memory_order_seq_cst);
    if (sleepers.load(std::memory_order_seq_cst) != 0) {
      round.notify_all();
    }
    return;
  }
  // The others mostly come within a microsecond.
  constexpr int spins = 4096;
  for (int i = 0; i < spins; ++i) {
    if (round.load(std::memory_order_acquire) != mine) {
      return;
    }
    spinPause();
  }
  // They may have no core to run on: sleeping gives them this one.
  auto start = Clock::now();
  sleepers.fetch_add(1, std::memory_order_seq_cst);
  while (round.load(std::memory_order_seq_cst) == mine) {
    round.wait(mine, std::memory_order_seq_cst);
  }
  sleepers.fetch_sub(1, std::memory_order_relaxed);
  waited.fetch_add((Clock::now() - start).count(), std::memory_order_relaxed);
}
