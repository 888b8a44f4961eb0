//===- Routes.h - multicast tables ------------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"

#include <cstdint>
#include <span>
#include <vector>

namespace nirc::spinnaker2 {

/// Where a chip sends a packet: to cores of its own, and to the chips beside it.
struct Destinations {
  std::vector<uint16_t> cores; ///< ascending
  bool toNext = false, toPrevious = false;
  bool isNowhere() const { return cores.empty() && !toNext && !toPrevious; }
  bool operator==(const Destinations &) const = default;
  auto operator<=>(const Destinations &) const = default;
};

/// A packet whose key has these bits under the mask goes there.
struct RouteEntry {
  uint32_t key = 0, mask = 0;
  Destinations to;
  bool matches(uint32_t other) const { return (other & mask) == key; }
};

/// Keys that follow each other, one for each neuron of a slice or element of an input; what no
/// packet has as its key may go anywhere.
struct RoutedKeys {
  uint32_t first = 0;           ///< a multiple of the next power of two
  std::vector<Destinations> to; ///< of each key
  std::vector<bool> isSent;     ///< whether there are packets with it
};

/// The entries of a chip, as few as are found: none matches a key that another entry is for.
std::vector<RouteEntry> compressRoutes(std::span<const RoutedKeys> keys);

} // namespace nirc::spinnaker2
