//===- Progress.cpp - how far a long work is ------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/Progress.h"

#include "tools/text/Grouped.h"

#include <cmath>
#include <cstdio>
#include <fmt/format.h>
#include <unistd.h>

namespace nirc {

/// Ends a line that overwrites itself.
static constexpr const char *clearLine = "\r\x1b[K";

static bool showsOnTerminal(bool quiet) { return !quiet && isatty(STDERR_FILENO) != 0; }

static void showLine(const std::string &text) {
  std::fputs(fmt::format("\r{}\x1b[K", text).c_str(), stderr);
  std::fflush(stderr);
}

//===----------------------------------------------------------------------===//
// Pace
//===----------------------------------------------------------------------===//

/// What a pace looks back on, and the least that it says anything of, in seconds.
static constexpr double window = 5.0, least = 1.0;

void Pace::add(double seconds, int64_t done) {
  points.push_back({seconds, done});
  // One point before the window stays, from which the window's work is counted.
  while (points.size() > 2 && points[1].seconds <= seconds - window) {
    points.pop_front();
  }
}

std::optional<double> Pace::secondsLeft(int64_t total) const {
  if (points.size() < 2) {
    return std::nullopt;
  }
  const Point &first = points.front(), &last = points.back();
  double seconds = last.seconds - first.seconds;
  if (seconds < least || last.done <= first.done) {
    return std::nullopt;
  }
  double rate = static_cast<double>(last.done - first.done) / seconds;
  return std::max(0.0, static_cast<double>(total - last.done) / rate);
}

std::string durationText(double seconds) {
  if (seconds >= 360000) { // the hours of a week say nothing any more
    return fmt::format("{:.0f} days", seconds / 86400);
  }
  auto whole = static_cast<int64_t>(std::ceil(seconds));
  if (whole < 60) {
    return fmt::format("{} s", whole);
  }
  if (whole < 3600) {
    return fmt::format("{} min {} s", whole / 60, whole % 60);
  }
  return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

//===----------------------------------------------------------------------===//
// Progress
//===----------------------------------------------------------------------===//

std::string progressText(std::string_view what, int64_t done, int64_t total,
                         std::optional<double> secondsLeft) {
  double share = total > 0 ? static_cast<double>(done) / static_cast<double>(total) : 1.0;
  std::string text = fmt::format("{} {} of {}, {:.0f} %", what, grouped(static_cast<double>(done)),
                                 grouped(static_cast<double>(total)), std::floor(100 * share));
  return secondsLeft ? text + fmt::format(", {} left", durationText(*secondsLeft)) : text;
}

Progress::Progress(std::string_view what, bool quiet) : what(what), shows(showsOnTerminal(quiet)) {}

Progress::~Progress() {
  if (shown) {
    std::fputs(clearLine, stderr);
  }
}

void Progress::update(int64_t done, int64_t total) {
  auto now = std::chrono::steady_clock::now();
  if (!shows || now - last < std::chrono::milliseconds(100)) {
    return;
  }
  last = now;
  shown = true;
  pace.add(std::chrono::duration<double>(now - start).count(), done);
  showLine(progressText(what, done, total, pace.secondsLeft(total)));
}

//===----------------------------------------------------------------------===//
// Waiting
//===----------------------------------------------------------------------===//

Waiting::Waiting(std::string_view what, bool quiet) : what(what) {
  if (showsOnTerminal(quiet)) {
    thread = std::thread([this] { tick(); });
  }
}

Waiting::~Waiting() {
  if (!thread.joinable()) {
    return;
  }
  {
    std::lock_guard lock(mutex);
    isOver = true;
  }
  ended.notify_one();
  thread.join();
}

void Waiting::tick() {
  std::unique_lock lock(mutex);
  int64_t seconds = 0;
  while (!ended.wait_for(lock, std::chrono::seconds(1), [this] { return isOver; })) {
    ++seconds;
    if (seconds > 1) {
      showLine(fmt::format("{}, {}", what, durationText(static_cast<double>(seconds))));
    }
  }
  if (seconds > 1) {
    std::fputs(clearLine, stderr);
    std::fflush(stderr);
  }
}

} // namespace nirc
