//===- EnergyText.cpp - energies for people and for programs -------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Printable.h"
#include "tools/text/StatsView.h"
#include "tools/text/Table.h"
#include "tools/text/Terminal.h"
#include "tools/text/Wrapped.h"

#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nirc {

using Json = nlohmann::ordered_json;

/// "259.6 pJ", "1.25 uJ".
static std::string joulesText(double picojoule) {
  static constexpr std::pair<double, const char *> units[] = {
      {1e12, "J"}, {1e9, "mJ"}, {1e6, "uJ"}, {1e3, "nJ"}};
  for (auto [size, unit] : units) {
    if (picojoule >= size) {
      return fmt::format("{:.4g} {}", picojoule / size, unit);
    }
  }
  return fmt::format("{:.4g} pJ", picojoule);
}

static std::string rangeText(double least, double most) {
  if (std::isinf(most)) {
    return fmt::format("at least {}", joulesText(least));
  }
  return least == most ? joulesText(least)
                       : fmt::format("{} to {}", joulesText(least), joulesText(most));
}

std::string energyText(const EnergyEstimate &estimate) {
  const EnergyTable &table = *estimate.table;
  std::string text = fmt::format("energy a sample, an estimate by {} ({}): {}\n", table.name,
                                 table.process, rangeText(estimate.least(), estimate.most()));
  for (const EnergyEstimate::Item &item : estimate.items) {
    text += fmt::format("  {:.10g} {} of {}: {}\n", item.count, item.what,
                        rangeText(item.price.leastPicojoule, item.price.mostPicojoule),
                        rangeText(item.least(), item.most()));
  }
  if (!estimate.uncounted.empty()) {
    text += fmt::format("  not counted: {}\n", fmt::join(estimate.uncounted, ", "));
  }
  return text +
         fmt::format("  source: {}\n  {}\n  without {}\n", table.source, table.made, table.without);
}

/// A number, or null for infinity, which JSON lacks.
static Json finite(double number) { return std::isinf(number) ? Json() : Json(number); }

static Json tableJson(const EnergyTable &table) {
  return {{"table", table.name},    {"platform", table.summary}, {"process", table.process},
          {"source", table.source}, {"made", table.made},        {"without", table.without}};
}

Json energyJson(const EnergyEstimate &estimate) {
  Json json = tableJson(*estimate.table);
  json["kind"] = "estimate";
  json["per"] = "sample";
  json["least_picojoule"] = estimate.least();
  json["most_picojoule"] = finite(estimate.most());
  json["items"] = Json::array();
  for (const EnergyEstimate::Item &item : estimate.items) {
    json["items"].push_back({{"what", item.what},
                             {"count", item.count},
                             {"price_least_picojoule", item.price.leastPicojoule},
                             {"price_most_picojoule", finite(item.price.mostPicojoule)},
                             {"least_picojoule", item.least()},
                             {"most_picojoule", finite(item.most())}});
  }
  json["not_counted"] = estimate.uncounted;
  return json;
}

static std::vector<EnergyEstimate::Item> pricesOf(const EnergyTable &table) {
  Stats one;
  one.workload = Workload();
  one.workload->samples = 1;
  return estimateEnergy(one, table).items;
}

std::string energyTablesText() {
  size_t width = static_cast<size_t>(std::max<int64_t>(60, terminalWidth(stdout, 100)));
  std::string text;
  for (const EnergyTable &table : energyTables()) {
    text += fmt::format("{}: {} ({})\n", table.name, table.summary, table.process);
    std::vector<std::string> prices;
    for (const EnergyEstimate::Item &item : pricesOf(table)) {
      prices.push_back(fmt::format("{} {}", item.what,
                                   rangeText(item.price.leastPicojoule, item.price.mostPicojoule)));
    }
    text += wrapped(fmt::format("{}", fmt::join(prices, "; ")), 2, width);
    text += wrapped(fmt::format("source: {}", table.source), 2, width);
    text += wrapped(fmt::format("{}; without {}", table.made, table.without), 2, width);
  }
  text += "\nwithout a table:\n";
  for (const NoEnergyTable &missing : missingEnergyTables()) {
    text += wrapped(fmt::format("{}: {}", missing.name, missing.reason), 2, width);
  }
  return text;
}

Json energyTablesJson() {
  Json json = {{"tables", Json::array()}, {"missing", Json::array()}};
  for (const EnergyTable &table : energyTables()) {
    Json row = tableJson(table);
    row["prices"] = Json::array();
    for (const EnergyEstimate::Item &item : pricesOf(table)) {
      row["prices"].push_back({{"what", item.what},
                               {"least_picojoule", item.price.leastPicojoule},
                               {"most_picojoule", finite(item.price.mostPicojoule)}});
    }
    json["tables"].push_back(std::move(row));
  }
  for (const NoEnergyTable &missing : missingEnergyTables()) {
    json["missing"].push_back({{"name", missing.name}, {"reason", missing.reason}});
  }
  return json;
}

} // namespace nirc
