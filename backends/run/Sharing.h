//===- Sharing.h - whether sharing steps is worth it ------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Beside other work a thread may have no core when the others wait for it: some microseconds of
// work then take as long as the system lets others run, some milliseconds. One thread alone waits
// for nobody.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/run/Clock.h"

#include <cstdint>

namespace nirc {

/// After what one thread goes on alone, and for how long.
struct Patience {
  /// What is looked at: a run's last milliseconds.
  Clock::duration window = std::chrono::milliseconds(4);
  /// Waiting that is not worth a change.
  Clock::duration shortest = std::chrono::microseconds(300);
  /// Being alone takes so many times what was lost, so that trying again costs a twentieth at most;
  /// and twice as long as before where trying again was in vain.
  int64_t times = 20;
  Clock::duration most = std::chrono::seconds(1);
  /// Of tests: so many steps alone and so many together, by turns, whatever the clock says.
  int64_t turns = 0;
};

/// The processor time of this thread.
Clock::duration timeOfThread();

/// What threads that share steps lose by waiting for each other, over the runs of a program. One
/// thread at a time may call it.
class Sharing {
public:
  explicit Sharing(const Patience &patience) : patience(patience) {}

  /// A run starts: the time before is none of it.
  void start(Clock::time_point now) { last = now; }
  /// Since the last call or the start, `threads` threads together made so many steps of one sample,
  /// and waited that long, in waits that were long.
  void note(Clock::time_point now, Clock::duration waited, int64_t threads, int64_t steps);
  /// Since then one alone made so many, in so much processor time: what else its core did is no
  /// fault of being alone.
  void noteAlone(Clock::time_point now, Clock::duration worked, int64_t steps);
  /// Whether one thread is to go on alone.
  bool isAlone(Clock::time_point now) const { return now < aloneUntil; }
  const Patience &limits() const { return patience; }

private:
  Patience patience;
  Clock::time_point last, aloneUntil, togetherUntil;
  Clock::duration ran{}, lost{};
  Clock::duration tried{};      ///< of runs together since one was alone
  Clock::duration alone{};      ///< the last time
  Clock::duration together{};   ///< after being alone was slower, as often as it was in a row
  int64_t made = 0;             ///< steps, in `ran`
  double secondsTogether = 0.0; ///< a step, when one went on alone
};

} // namespace nirc
