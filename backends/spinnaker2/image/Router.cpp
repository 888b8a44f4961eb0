//===- Router.cpp - where packets arrive ----------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/spinnaker2/image/Router.h"

#include <algorithm>

using namespace nirc;
using namespace nirc::spinnaker2;

Router::Router(const NetworkImage &network) : network(network), tables(network.chips.size()) {
  for (size_t chip = 0; chip < tables.size(); ++chip) {
    Table &table = tables[chip];
    for (size_t i = 0; i < network.chips[chip].size(); ++i) {
      const RouteEntry &entry = network.chips[chip][i];
      size_t place =
          static_cast<size_t>(std::ranges::find(table.masks, entry.mask) - table.masks.begin());
      if (place == table.masks.size()) {
        table.masks.push_back(entry.mask);
        table.entries.emplace_back();
      }
      table.entries[place].try_emplace(entry.key, i);
    }
  }
  for (size_t i = 0; i < network.cores.size(); ++i) {
    coreAt[{network.cores[i].chip, network.cores[i].onChip()}] = static_cast<uint32_t>(i);
  }
}

/// The first entry that matches, as the table has it.
const RouteEntry *Router::find(size_t chip, uint32_t key) const {
  const Table &table = tables[chip];
  std::optional<size_t> first;
  for (size_t m = 0; m < table.masks.size(); ++m) {
    auto found = table.entries[m].find(key & table.masks[m]);
    if (found != table.entries[m].end() && (!first || found->second < *first)) {
      first = found->second;
    }
  }
  return first ? &network.chips[chip][*first] : nullptr;
}

void Router::arrive(size_t chip, const RouteEntry &entry, std::vector<uint32_t> &cores) const {
  for (uint16_t each : entry.to.cores) {
    auto found = coreAt.find({static_cast<int32_t>(chip), each});
    if (found != coreAt.end()) {
      cores.push_back(found->second);
    }
  }
}

void Router::follow(size_t chip, uint32_t key, bool toNext, std::vector<uint32_t> &cores) const {
  while (toNext ? chip + 1 < tables.size() : chip > 0) {
    chip += toNext ? 1 : -1;
    const RouteEntry *entry = find(chip, key);
    if (!entry) {
      return;
    }
    arrive(chip, *entry, cores);
    if (!(toNext ? entry->to.toNext : entry->to.toPrevious)) {
      return;
    }
  }
}

std::vector<uint32_t> Router::coresOf(uint32_t key) const {
  size_t core = key / keysOfCore;
  size_t chip = core < network.cores.size() ? static_cast<size_t>(network.cores[core].chip) : 0;
  std::vector<uint32_t> cores;
  const RouteEntry *entry = chip < tables.size() ? find(chip, key) : nullptr;
  if (!entry) {
    return cores;
  }
  arrive(chip, *entry, cores);
  if (entry->to.toNext) {
    follow(chip, key, /*toNext=*/true, cores);
  }
  if (entry->to.toPrevious) {
    follow(chip, key, /*toNext=*/false, cores);
  }
  std::ranges::sort(cores);
  cores.erase(std::ranges::unique(cores).begin(), cores.end());
  return cores;
}
