//===- Profiler.h - what each node of a step costs --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"
#include "backends/cpu/lower/Lower.h"
#include "backends/run/Clock.h"

namespace nirc::cpu {

/// Times the functions of steps that were lowered with `profile`: they call `nirc_profile_node`
/// after each node, on the thread that steps.
class Profiler {
public:
  Profiler(const std::vector<NodeFunction> &functions, Profile &profile);
  Profiler(const Profiler &) = delete;
  Profiler &operator=(const Profiler &) = delete;
  ~Profiler();

  /// Before each step.
  void start(const char *ofArena) {
    arena = ofArena;
    last = Clock::now();
  }
  /// After a node: its time and its events.
  void note(int64_t node);
  /// Where the code finds it: the symbol `nirc_profile_node`.
  static void noteOnThisThread(int64_t node);

private:
  const std::vector<NodeFunction> &functions;
  Profile &profile;
  const char *arena = nullptr;
  Clock::time_point last;
  Clock::duration clockCost;
};

} // namespace nirc::cpu
