//===- Progress.h - how far a run is ----------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"
#include "backends/run/Clock.h"
#include "ir/recording/RunInput.h"

#include <algorithm>
#include <chrono>

namespace nirc {

/// Tells how far a run is: now and then, whatever a step takes, and at its end. From one thread.
class Progress {
public:
  /// `total`: steps of all samples.
  Progress(const RunOptions &options, int64_t total) : options(options), total(total) {}

  /// `steps` more are done.
  void advance(int64_t steps) {
    done += steps;
    if (!options.progress || (++calls & 63) != 0) {
      return;
    }
    auto now = Clock::now();
    if (now - last > std::chrono::milliseconds(50)) {
      last = now;
      options.progress(std::min(done, total), total);
    }
  }
  void finish() {
    if (options.progress) {
      options.progress(total, total);
    }
  }
  /// Whether the run is to end before its end. From any thread.
  bool isStopped() const { return options.stop.stop_requested(); }
  /// The error of a run that is.
  nir::Status stopped() const { return nir::checkStop(options.stop); }

private:
  const RunOptions &options;
  int64_t total, done = 0, calls = 0;
  Clock::time_point last = Clock::now();
};

} // namespace nirc
