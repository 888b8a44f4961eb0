//===- GrowingTable.h - tables that others add to ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <atomic>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nir {

/// A table to which backends add. Any number of threads may read while one adds: a version stays as
/// it is for as long as the process lives, and whoever began to read one goes on with it.
template <typename T>
class GrowingTable {
public:
  explicit GrowingTable(std::vector<T> first) {
    current = &versions.emplace_back(std::move(first));
  }
  GrowingTable(const GrowingTable &) = delete;
  GrowingTable &operator=(const GrowingTable &) = delete;

  const std::vector<T> &now() const { return *current.load(std::memory_order_acquire); }

  /// `change` gets a copy of the table, which is then the table.
  template <typename Change>
  void extend(const Change &change) {
    std::scoped_lock lock(mutex);
    std::vector<T> next = versions.back();
    change(next);
    current.store(&versions.emplace_back(std::move(next)), std::memory_order_release);
  }
  /// A copy of the text that lives as long as the table.
  std::string_view keep(std::string_view text) {
    std::scoped_lock lock(mutex);
    return texts.emplace_back(text);
  }

private:
  std::mutex mutex;
  std::deque<std::vector<T>> versions; // which do not move
  std::deque<std::string> texts;
  std::atomic<const std::vector<T> *> current = nullptr;
};

} // namespace nir
