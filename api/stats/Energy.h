//===- Energy.h - operations priced by published figures ------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An energy here is a count times a price, summed: an estimate, of what the table prices and of
// nothing else. A platform without a published price of an operation has no table.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/stats/Stats.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nirc {

/// What is counted for a price.
enum class Priced {
  Mac,            ///< effective MACs
  Ac,             ///< effective ACs
  DenseMac,       ///< dense operations
  SynapticEvent,  ///< effective MACs and ACs: a stored weight that an event meets
  ActiveUpdate,   ///< a neuron's step that changes v
  InactiveUpdate, ///< one that does not
  Update,         ///< either
  Spike,          ///< a spike sent
};

struct Price {
  Priced what;
  double leastPicojoule;
  double mostPicojoule; ///< infinity: the source names no most
};

struct EnergyTable {
  std::string_view name;    ///< "loihi1-davies2018"
  std::string_view summary; ///< one line
  std::string_view process; ///< "14 nm, 0.75 V"
  std::string_view source;  ///< where the figures stand
  std::string_view made;    ///< how they were found, and what the least and the most mean
  std::string_view without; ///< what they leave out
  std::vector<Price> prices;
};

/// A platform, or a list of others, that is asked for and has no table.
struct NoEnergyTable {
  std::string_view name, reason;
};

const std::vector<EnergyTable> &energyTables();
const std::vector<NoEnergyTable> &missingEnergyTables();
/// The error is one of usage: it says why a platform has no table, or lists those that there are.
nir::Result<const EnergyTable *> findEnergyTable(std::string_view name);

/// In picojoule, in the mean over the samples.
struct EnergyEstimate {
  struct Item {
    std::string_view what; ///< "effective ACs"
    double count = 0.0;    ///< a sample
    Price price;
    double least() const { return count * price.leastPicojoule; }
    double most() const;
  };
  const EnergyTable *table = nullptr;
  std::vector<Item> items;
  std::vector<std::string_view> uncounted; ///< what the table prices and the run has no count of

  double least() const;
  double most() const; ///< infinity where an item names no most
};

/// Of stats with a workload. Nothing else is priced: see `EnergyTable::without`.
EnergyEstimate estimateEnergy(const Stats &stats, const EnergyTable &table);

} // namespace nirc
