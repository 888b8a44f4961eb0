//===- Parallel.cpp - work on several threads ----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/judge/Parallel.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

namespace nirc::conformance {

void inParallel(size_t count, int jobs, const std::function<void(size_t)> &work,
                const std::function<void()> &done) {
  size_t cores = std::max(1U, std::thread::hardware_concurrency());
  size_t threads = std::min(jobs > 0 ? static_cast<size_t>(jobs) : cores, count);
  std::atomic<size_t> next = 0;
  std::mutex lock;
  auto run = [&] {
    for (size_t i = next++; i < count; i = next++) {
      work(i);
      std::lock_guard<std::mutex> guard(lock);
      if (done) {
        done();
      }
    }
  };
  std::vector<std::thread> others;
  for (size_t i = 1; i < threads; ++i) {
    others.emplace_back(run);
  }
  run();
  for (std::thread &other : others) {
    other.join();
  }
}

} // namespace nirc::conformance
