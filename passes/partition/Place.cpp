//===- Place.cpp - cores onto chips ---------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/partition/Place.h"

#include <algorithm>
#include <cstdlib>
#include <tuple>
#include <utility>

using namespace nirc;

namespace {

struct Neighbour {
  int32_t core = 0;
  int64_t sources = 0; ///< both ways
};

/// Places are numbered over all chips; a chip has `perChip` of them, some of which stay empty.
class Placer {
public:
  explicit Placer(Mapping &mapping);
  void run();

private:
  int64_t distance(int32_t a, int32_t b) const;
  int64_t lengthAt(int32_t core, int32_t place, int32_t without) const;
  bool exchange(int32_t a, int32_t b);
  bool improve(int32_t first, int32_t end, bool acrossChips);
  void forgetOtherChips();

  Mapping &mapping;
  int32_t perChip;
  std::vector<std::vector<Neighbour>> neighbours;
  std::vector<int32_t> placeOf; ///< of each core
  std::vector<int32_t> coreAt;  ///< of each place, -1 where there is none
};

} // namespace

/// Beyond so many cores the pairs across chips are too many to try.
constexpr int32_t mostToExchange = 1024;
constexpr int mostPasses = 20;

/// Lines back and forth, so that what follows each other is side by side.
static std::pair<int32_t, int32_t> cellOf(const CoreGrid &grid, int32_t place) {
  int32_t onChip = place % grid.coresPerChip();
  int32_t row = onChip / grid.columns, column = onChip % grid.columns;
  return {row, row % 2 == 0 ? column : grid.columns - 1 - column};
}

/// A route to a core and one from it count together.
static void mergeSame(std::vector<Neighbour> &neighbours) {
  std::sort(neighbours.begin(), neighbours.end(),
            [](const Neighbour &a, const Neighbour &b) { return a.core < b.core; });
  size_t kept = 0;
  for (const Neighbour &each : neighbours) {
    if (kept > 0 && neighbours[kept - 1].core == each.core) {
      neighbours[kept - 1].sources += each.sources;
    } else {
      neighbours[kept++] = each;
    }
  }
  neighbours.resize(kept);
}

Placer::Placer(Mapping &mapping)
    : mapping(mapping), perChip(mapping.grid.coresPerChip()), neighbours(mapping.cores.size()) {
  auto cores = static_cast<int32_t>(mapping.cores.size());
  for (int32_t from = 0; from < cores; ++from) {
    for (const Mapping::Route &route : mapping.cores[from].routes) {
      if (route.to != from) {
        neighbours[from].push_back({route.to, route.sources});
        neighbours[route.to].push_back({from, route.sources});
      }
    }
    placeOf.push_back(from);
    coreAt.push_back(from);
  }
  for (std::vector<Neighbour> &each : neighbours) {
    mergeSame(each);
  }
  coreAt.resize(static_cast<size_t>((cores + perChip - 1) / perChip) * perChip, -1);
}

static int64_t between(const CoreGrid &grid, int32_t a, int32_t b) {
  int64_t chips = std::abs(a / grid.coresPerChip() - b / grid.coresPerChip());
  if (chips > 0) {
    return chips * chipDistance;
  }
  auto [rowA, columnA] = cellOf(grid, a);
  auto [rowB, columnB] = cellOf(grid, b);
  return std::abs(rowA - rowB) + std::abs(columnA - columnB);
}

int64_t Placer::distance(int32_t a, int32_t b) const { return between(mapping.grid, a, b); }

/// The length of a core's routes if it were at `place`, without those to `without`: an exchange of
/// the two does not change their length.
int64_t Placer::lengthAt(int32_t core, int32_t place, int32_t without) const {
  int64_t length = 0;
  for (const Neighbour &each : neighbours[core]) {
    length += each.core == without ? 0 : each.sources * distance(place, placeOf[each.core]);
  }
  return length;
}

/// Exchanges what is at two places if that shortens the routes.
bool Placer::exchange(int32_t a, int32_t b) {
  int32_t coreA = coreAt[a], coreB = coreAt[b];
  int64_t gain = 0;
  if (coreA >= 0) {
    gain += lengthAt(coreA, a, coreB) - lengthAt(coreA, b, coreB);
  }
  if (coreB >= 0) {
    gain += lengthAt(coreB, b, coreA) - lengthAt(coreB, a, coreA);
  }
  if (gain <= 0) {
    return false;
  }
  std::swap(coreAt[a], coreAt[b]);
  if (coreA >= 0) {
    placeOf[coreA] = b;
  }
  if (coreB >= 0) {
    placeOf[coreB] = a;
  }
  return true;
}

/// One pass over all pairs of places from `first` to `end`.
bool Placer::improve(int32_t first, int32_t end, bool acrossChips) {
  bool improved = false;
  for (int32_t a = first; a < end; ++a) {
    for (int32_t b = a + 1; b < end; ++b) {
      bool isWanted = (a / perChip != b / perChip) == acrossChips;
      improved |= isWanted && exchange(a, b);
    }
  }
  return improved;
}

/// Whoever is on another chip is as far from all places of this one.
void Placer::forgetOtherChips() {
  for (size_t core = 0; core < neighbours.size(); ++core) {
    std::erase_if(neighbours[core], [&](const Neighbour &each) {
      return placeOf[each.core] / perChip != placeOf[core] / perChip;
    });
  }
}

void Placer::run() {
  auto places = static_cast<int32_t>(coreAt.size());
  if (places > perChip && std::ssize(placeOf) <= mostToExchange) {
    for (int i = 0; i < mostPasses && improve(0, places, /*acrossChips=*/true); ++i) {
    }
  }
  forgetOtherChips();
  for (int32_t chip = 0; chip < places; chip += perChip) {
    for (int i = 0; i < mostPasses && improve(chip, chip + perChip, /*acrossChips=*/false); ++i) {
    }
  }
  for (size_t i = 0; i < placeOf.size(); ++i) {
    Mapping::Core &core = mapping.cores[i];
    core.chip = placeOf[i] / perChip;
    std::tie(core.row, core.column) = cellOf(mapping.grid, placeOf[i]);
  }
}

void nirc::place(Mapping &mapping) { Placer(mapping).run(); }

int64_t nirc::routeLength(const Mapping &mapping) {
  int64_t length = 0;
  for (const Mapping::Core &from : mapping.cores) {
    for (const Mapping::Route &route : from.routes) {
      const Mapping::Core &to = mapping.cores[route.to];
      length += route.sources * (from.chip != to.chip ? chipDistance * std::abs(from.chip - to.chip)
                                                      : std::abs(from.row - to.row) +
                                                            std::abs(from.column - to.column));
    }
  }
  return length;
}
