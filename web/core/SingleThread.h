//===- SingleThread.h - locks and stop tokens of one thread -----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Debian's libc++ for WebAssembly is built without threads, and then has neither. A worker of a
// page has one thread, so there is nothing to wait for. Common.h brings it before every source.
//
//===----------------------------------------------------------------------===//

#pragma once

#include <mutex>
#include <stop_token>

namespace std {

struct mutex {
  void lock() {}
  void unlock() {}
};
using recursive_mutex = mutex;

template <typename... Mutexes>
struct scoped_lock {
  explicit scoped_lock(Mutexes &...) {}
};

struct stop_token {
  [[nodiscard]] bool stop_requested() const { return false; }
  [[nodiscard]] bool stop_possible() const { return false; }
};

} // namespace std
