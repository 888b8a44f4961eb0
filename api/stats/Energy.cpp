//===- Energy.cpp --------------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/stats/Energy.h"

#include "ir/Wording.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace nirc {

nir::Result<const EnergyTable *> findEnergyTable(std::string_view name) {
  std::vector<std::string> names;
  for (const EnergyTable &table : energyTables()) {
    if (table.name == name) {
      return &table;
    }
    names.emplace_back(table.name);
  }
  for (const NoEnergyTable &missing : missingEnergyTables()) {
    if (missing.name == name) {
      return nir::Error::usage(
                 nir::Cause::UnknownName,
                 fmt::format("found '{}', which has no energy table: {}", name, missing.reason))
          .note(fmt::format("the tables are {}", nir::quoted(names)));
    }
  }
  std::string near = nir::nearest(name, names);
  nir::Error error = nir::Error::usage(
      nir::Cause::UnknownName,
      fmt::format("found '{}', expected an energy table: {}", name, nir::quoted(names)));
  return near.empty() ? std::move(error)
                      : std::move(error).note(fmt::format("is '{}' meant?", near));
}

static std::string_view nameOf(Priced what) {
  switch (what) {
  case Priced::Mac:
    return "effective MACs";
  case Priced::Ac:
    return "effective ACs";
  case Priced::DenseMac:
    return "dense operations";
  case Priced::SynapticEvent:
    return "synaptic events";
  case Priced::ActiveUpdate:
    return "updates that change v";
  case Priced::InactiveUpdate:
    return "updates that do not";
  case Priced::Update:
    return "neuron updates";
  case Priced::Spike:
    return "spikes";
  }
  return "";
}

/// Nothing where it was not counted.
static std::optional<int64_t> countOf(Priced what, const Activity &all, bool hasMembranes) {
  switch (what) {
  case Priced::Mac:
    return all.effectiveMacs;
  case Priced::Ac:
    return all.effectiveAcs;
  case Priced::DenseMac:
    return all.denseOperations;
  case Priced::SynapticEvent:
    return all.effectiveOperations();
  case Priced::ActiveUpdate:
    return hasMembranes ? std::optional(all.membraneUpdates) : std::nullopt;
  case Priced::InactiveUpdate:
    return hasMembranes ? std::optional(all.neuronUpdates - all.membraneUpdates) : std::nullopt;
  case Priced::Update:
    return all.neuronUpdates;
  case Priced::Spike:
    return all.spikes;
  }
  return std::nullopt;
}

/// None of them cost nothing, also where the source names no most.
double EnergyEstimate::Item::most() const {
  return count == 0.0 ? 0.0 : count * price.mostPicojoule;
}

double EnergyEstimate::least() const {
  return std::accumulate(items.begin(), items.end(), 0.0,
                         [](double sum, const Item &item) { return sum + item.least(); });
}

double EnergyEstimate::most() const {
  return std::accumulate(items.begin(), items.end(), 0.0,
                         [](double sum, const Item &item) { return sum + item.most(); });
}

EnergyEstimate estimateEnergy(const Stats &stats, const EnergyTable &table) {
  EnergyEstimate estimate{&table, {}, {}};
  Activity all = stats.totalActivity();
  auto samples = static_cast<double>(std::max<int64_t>(1, stats.workload->samples));
  for (const Price &price : table.prices) {
    std::optional<int64_t> count = countOf(price.what, all, stats.workload->hasMembranes);
    if (count) {
      estimate.items.push_back({nameOf(price.what), static_cast<double>(*count) / samples, price});
    } else {
      estimate.uncounted.push_back(nameOf(price.what));
    }
  }
  return estimate;
}

} // namespace nirc
