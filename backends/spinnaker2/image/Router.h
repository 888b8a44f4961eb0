//===- Router.h - where packets arrive --------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/spinnaker2/image/Image.h"

#include <map>
#include <unordered_map>

namespace nirc::spinnaker2 {

/// The multicast tables of all chips at work.
class Router {
public:
  explicit Router(const NetworkImage &network);

  /// The cores at which a packet arrives, ascending. A packet starts on the chip of the core that
  /// has its key, or, from outside, on the first one. A chip without an entry for it drops it.
  std::vector<uint32_t> coresOf(uint32_t key) const;

private:
  struct Table {
    std::vector<uint32_t> masks; ///< in the order of their first entries
    std::vector<std::unordered_map<uint32_t, size_t>> entries; ///< by key, for each mask
  };
  const RouteEntry *find(size_t chip, uint32_t key) const;
  void follow(size_t chip, uint32_t key, bool toNext, std::vector<uint32_t> &cores) const;
  void arrive(size_t chip, const RouteEntry &entry, std::vector<uint32_t> &cores) const;

  const NetworkImage &network;
  std::vector<Table> tables;
  std::map<std::pair<int32_t, uint16_t>, uint32_t> coreAt; ///< by chip and place on it
};

} // namespace nirc::spinnaker2
