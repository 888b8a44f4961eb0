//===- RoutesTest.cpp - multicast tables ----------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/spinnaker2/image/Router.h"
#include "tests/support/Random.h"

#include <gtest/gtest.h>

#include <algorithm>

using namespace nirc::spinnaker2;
using nir::test::Random;

namespace {

/// The entries that match a key.
std::vector<const RouteEntry *> matching(const std::vector<RouteEntry> &entries, uint32_t key) {
  std::vector<const RouteEntry *> all;
  for (const RouteEntry &each : entries) {
    if (each.matches(key)) {
      all.push_back(&each);
    }
  }
  return all;
}

TEST(Routes, LeadEachKeyWhereItGoes) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    Random random(seed);
    std::vector<RoutedKeys> keys;
    for (uint32_t core = 0; core < 3; ++core) {
      RoutedKeys &of = keys.emplace_back();
      of.first = core << 14;
      auto count = random.between(1, 70);
      Destinations to;
      for (int64_t i = 0; i < count; ++i) {
        if (random.chance(0.3)) {
          to = {};
          for (uint16_t other = 0; other < 4; ++other) {
            if (random.chance(0.4)) {
              to.cores.push_back(other);
            }
          }
          to.toNext = random.chance(0.2);
        }
        of.to.push_back(to);
        of.isSent.push_back(random.chance(0.8));
      }
    }
    std::vector<RouteEntry> entries = compressRoutes(keys);
    size_t sent = 0;
    for (const RoutedKeys &of : keys) {
      for (uint32_t i = 0; i < of.to.size(); ++i) {
        if (!of.isSent[i]) {
          continue;
        }
        ++sent;
        std::vector<const RouteEntry *> found = matching(entries, of.first + i);
        ASSERT_EQ(found.size(), of.to[i].isNowhere() ? 0U : 1U) << "seed " << seed;
        if (!found.empty()) {
          ASSERT_TRUE(found[0]->to == of.to[i]) << "seed " << seed;
        }
      }
    }
    ASSERT_LE(entries.size(), sent);
  }
}

/// Who sends to the same cores shares entries, also across cores.
TEST(Routes, AreFew) {
  std::vector<RoutedKeys> keys;
  for (uint32_t core = 0; core < 8; ++core) {
    keys.push_back({core << 14, std::vector<Destinations>(100, Destinations{{5, 9}}),
                    std::vector<bool>(100, true)});
  }
  std::vector<RouteEntry> entries = compressRoutes(keys);
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].mask, ~(7U << 14 | 127U));
  EXPECT_EQ(entries[0].to.cores, (std::vector<uint16_t>{5, 9}));
}

/// Three chips in a row, a core on each: packets of the first one go on to the last.
TEST(Routes, GoFromChipToChip) {
  NetworkImage network;
  for (int32_t chip = 0; chip < 3; ++chip) {
    network.cores.push_back({chip, 0, 0, "", static_cast<uint32_t>(chip) * keysOfCore, {}});
  }
  network.chips = {{{0, ~0U, {{}, true, false}}, {2 * keysOfCore, ~0U, {{0}, false, false}}},
                   {{0, ~0U, {{0}, true, false}}, {2 * keysOfCore, ~0U, {{}, false, true}}},
                   {{0, ~0U, {{0}, false, false}}, {2 * keysOfCore, ~0U, {{0}, false, true}}}};
  Router router(network);
  EXPECT_EQ(router.coresOf(0), (std::vector<uint32_t>{1, 2}));
  EXPECT_EQ(router.coresOf(2 * keysOfCore), (std::vector<uint32_t>{0, 2}));
  EXPECT_TRUE(router.coresOf(1).empty());
}

} // namespace
