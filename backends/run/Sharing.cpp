//===- Sharing.cpp - whether sharing steps is worth it --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/run/Sharing.h"

#include <algorithm>

using namespace nirc;

void Sharing::note(Clock::time_point now, Clock::duration waited, int64_t threads) {
  ran += now - last;
  last = now;
  if (threads < 2) {
    return;
  }
  // Of T threads T - 1 wait for one that has no core.
  lost += waited / (threads - 1);
  // Together the rest of the time, ran - lost, is spent on work; alone it would be T times that:
  //   alone is faster  <=>  T (ran - lost) < ran  <=>  lost > ran (T - 1) / T
  if (lost > patience.shortest && lost > ran / threads * (threads - 1)) {
    bool inVain = now - togetherSince < alone; // of the last time alone
    alone = std::min(patience.most, std::max(patience.times * lost, inVain ? 2 * alone : lost));
    aloneUntil = now + alone;
    togetherSince = aloneUntil;
    ran = lost = Clock::duration::zero();
  } else if (ran > patience.window) {
    ran = lost = Clock::duration::zero();
  }
}
