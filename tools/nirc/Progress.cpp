//===- Progress.cpp - how far a long work is ------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/Progress.h"

#include <cstdio>
#include <fmt/format.h>
#include <unistd.h>

namespace nirc {

Progress::Progress(std::string_view what, bool quiet)
    : what(what), shows(!quiet && isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() {
  if (shown) {
    std::fputs("\r\x1b[K", stderr);
  }
}

void Progress::update(int64_t done, int64_t total) {
  auto now = std::chrono::steady_clock::now();
  if (!shows || now - last < std::chrono::milliseconds(100)) {
    return;
  }
  last = now;
  shown = true;
  std::string line =
      fmt::format("\r{} {} of {} ({}%)\x1b[K", what, done, total, done * 100 / total);
  std::fputs(line.c_str(), stderr);
  std::fflush(stderr);
}

} // namespace nirc
