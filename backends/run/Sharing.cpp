//===- Sharing.cpp - whether sharing steps is worth it --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/run/Sharing.h"

#include <algorithm>
#include <ctime>

using namespace nirc;

static double perStep(Clock::duration time, int64_t steps) {
  return std::chrono::duration<double>(time).count() / static_cast<double>(steps);
}

void Sharing::note(Clock::time_point now, Clock::duration waited, int64_t threads, int64_t steps) {
  ran += now - last;
  tried += now - last;
  last = now;
  made += steps;
  if (threads < 2) {
    return;
  }
  // Of T threads T - 1 wait for one that has no core.
  lost += waited / (threads - 1);
  // Together the rest of the time, ran - lost, is spent on work; alone it would be T times that:
  //   alone is faster  <=>  T (ran - lost) < ran  <=>  lost > ran (T - 1) / T
  bool isSlow = lost > patience.shortest && lost > ran / threads * (threads - 1);
  if (isSlow && now >= togetherUntil) {
    bool inVain = tried < alone; // of the last time alone
    alone = std::min(patience.most, std::max(patience.times * lost, inVain ? 2 * alone : lost));
    aloneUntil = now + alone;
    tried = Clock::duration::zero();
    secondsTogether = perStep(ran, std::max<int64_t>(made, 1));
  }
  if (isSlow || ran > patience.window) {
    ran = lost = Clock::duration::zero();
    made = 0;
  }
}

void Sharing::noteAlone(Clock::time_point now, Clock::duration worked, int64_t steps) {
  last = now;
  constexpr double certain = 1.1;
  if (steps == 0 || perStep(worked, steps) < certain * secondsTogether) {
    together = Clock::duration::zero();
    return;
  }
  // One thread does by plan what the others wait for. A single case may be chance.
  together = std::max(alone, 2 * together);
  togetherUntil = now + together;
  aloneUntil = now;
}

Clock::duration nirc::timeOfThread() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}
