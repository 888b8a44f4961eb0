//===- Progress.h - how far a long work is ----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace nirc {

/// "step 20 of 300 (6%)": a line that overwrites itself ten times a second, on a terminal only;
/// gone with the object.
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
  std::chrono::steady_clock::time_point last = std::chrono::steady_clock::now();
};

} // namespace nirc
