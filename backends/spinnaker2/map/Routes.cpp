//===- Routes.cpp - multicast tables --------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/spinnaker2/map/Routes.h"

#include <algorithm>
#include <bit>
#include <map>
#include <optional>
#include <set>

using namespace nirc;
using namespace nirc::spinnaker2;

namespace {
/// One block of keys as entries: halves are cut as long as they differ.
class BlockCutter {
public:
  BlockCutter(const RoutedKeys &keys, std::vector<RouteEntry> &entries)
      : keys(keys), entries(entries) {}
  void cut(size_t from, size_t size);

private:
  const RoutedKeys &keys;
  std::vector<RouteEntry> &entries;
};
} // namespace

/// `size` is a power of two, and `from` a multiple of it.
void BlockCutter::cut(size_t from, size_t size) {
  const Destinations *only = nullptr;
  bool isOne = true;
  for (size_t i = from; i < std::min(from + size, keys.to.size()) && isOne; ++i) {
    if (keys.isSent[i]) {
      isOne = !only || *only == keys.to[i];
      only = only ? only : &keys.to[i];
    }
  }
  if (!only) {
    return;
  }
  if (!isOne) {
    cut(from, size / 2);
    cut(from + size / 2, size / 2);
  } else if (!only->isNowhere()) {
    entries.push_back(
        {keys.first + static_cast<uint32_t>(from), ~static_cast<uint32_t>(size - 1), *only});
  }
}

/// Two entries with the same destinations that differ in one bit of their keys are one, without it.
static bool mergePairs(std::vector<RouteEntry> &entries) {
  std::map<std::pair<uint32_t, uint32_t>, size_t> known; // by mask and key
  for (size_t i = 0; i < entries.size(); ++i) {
    known[{entries[i].mask, entries[i].key}] = i;
  }
  std::vector<bool> isGone(entries.size(), false);
  bool merged = false;
  for (size_t i = 0; i < entries.size(); ++i) {
    for (uint32_t bits = entries[i].mask; bits != 0 && !isGone[i]; bits &= bits - 1) {
      uint32_t bit = bits & -bits;
      auto other = known.find({entries[i].mask, entries[i].key ^ bit});
      if (other == known.end() || isGone[other->second] ||
          !(entries[other->second].to == entries[i].to)) {
        continue;
      }
      known.erase({entries[i].mask, entries[i].key});
      isGone[other->second] = true;
      known.erase(other);
      entries[i].mask &= ~bit;
      entries[i].key &= ~bit;
      known[{entries[i].mask, entries[i].key}] = i;
      merged = true;
      break;
    }
  }
  std::vector<RouteEntry> left;
  for (size_t i = 0; i < entries.size(); ++i) {
    if (!isGone[i]) {
      left.push_back(std::move(entries[i]));
    }
  }
  entries = std::move(left);
  return merged;
}

std::vector<RouteEntry> nirc::spinnaker2::compressRoutes(std::span<const RoutedKeys> keys) {
  std::vector<RouteEntry> entries;
  for (const RoutedKeys &each : keys) {
    BlockCutter(each, entries).cut(0, std::bit_ceil(each.to.size()));
  }
  while (mergePairs(entries)) {
  }
  std::ranges::sort(entries, {}, &RouteEntry::key);
  return entries;
}
