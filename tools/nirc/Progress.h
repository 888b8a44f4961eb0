//===- Progress.h - how far a long work is ----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace nirc {

/// How fast a work goes: what was done in the last seconds. An average since the start would still
/// count the slow first steps, or those before the machine got another thing to do.
class Pace {
public:
  /// `done` in all at this time, both never less than before.
  void add(double seconds, int64_t done);
  /// None as long as too little was seen to say it, or nothing was done lately.
  std::optional<double> secondsLeft(int64_t total) const;

private:
  struct Point {
    double seconds;
    int64_t done;
  };
  std::deque<Point> points; ///< of the last seconds, oldest first
};

/// "8 s", "1 min 10 s", "2 h 5 min": as exact as it can be known.
std::string durationText(double seconds);

/// "step 12,000 of 50,000, 24 %, 1 min 10 s left".
std::string progressText(std::string_view what, int64_t done, int64_t total,
                         std::optional<double> secondsLeft);

/// The line of progressText, which overwrites itself ten times a second, on a terminal only; gone
/// with the object.
class Progress {
public:
  /// `what` is counted, in the singular; it outlives the object.
  Progress(std::string_view what, bool quiet);
  Progress(const Progress &) = delete;
  Progress &operator=(const Progress &) = delete;
  ~Progress();
  void update(int64_t done, int64_t total);

private:
  std::string_view what;
  bool shows;
  bool shown = false;
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now(), last = start;
  Pace pace;
};

/// "compiling, 12 s": for a work of which nothing tells how far it is. Shows from the second second
/// on, on a terminal only; gone with the object.
class Waiting {
public:
  /// `what` outlives the object.
  Waiting(std::string_view what, bool quiet);
  Waiting(const Waiting &) = delete;
  Waiting &operator=(const Waiting &) = delete;
  ~Waiting();

private:
  void tick();

  std::string_view what;
  std::mutex mutex;
  std::condition_variable ended;
  bool isOver = false;
  std::thread thread;
};

} // namespace nirc
