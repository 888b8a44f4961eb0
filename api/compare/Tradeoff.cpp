//===- Tradeoff.cpp - what costs less and is good enough ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/compare/Tradeoff.h"

namespace nirc {

std::vector<bool> paretoFront(const std::vector<Tradeoff> &ways) {
  std::vector<bool> front(ways.size(), true);
  for (size_t i = 0; i < ways.size(); ++i) {
    for (size_t j = 0; j < ways.size() && front[i]; ++j) {
      const Tradeoff &own = ways[i], &other = ways[j];
      bool isAsGood = other.cost <= own.cost && other.quality >= own.quality;
      bool isEqual = other.cost == own.cost && other.quality == own.quality;
      front[i] = !isAsGood || (isEqual && j >= i);
    }
  }
  return front;
}

std::optional<size_t> cheapestOf(const std::vector<Tradeoff> &ways, double leastQuality) {
  std::optional<size_t> found;
  for (size_t i = 0; i < ways.size(); ++i) {
    if (ways[i].quality < leastQuality) {
      continue;
    }
    if (!found || ways[i].cost < ways[*found].cost ||
        (ways[i].cost == ways[*found].cost && ways[i].quality > ways[*found].quality)) {
      found = i;
    }
  }
  return found;
}

std::optional<size_t> bestOf(const std::vector<Tradeoff> &ways, int64_t mostCost) {
  std::optional<size_t> found;
  for (size_t i = 0; i < ways.size(); ++i) {
    if (ways[i].cost > mostCost) {
      continue;
    }
    if (!found || ways[i].quality > ways[*found].quality ||
        (ways[i].quality == ways[*found].quality && ways[i].cost < ways[*found].cost)) {
      found = i;
    }
  }
  return found;
}

} // namespace nirc
