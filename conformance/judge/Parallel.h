//===- Parallel.h - work on several threads ---------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <cstddef>
#include <functional>

namespace nirc::conformance {

/// Calls `work(i)` for 0 to `count` - 1 on so many threads (0: as many as there are cores), and
/// `done` after each, one at a time.
void inParallel(size_t count, int jobs, const std::function<void(size_t)> &work,
                const std::function<void()> &done = {});

} // namespace nirc::conformance
