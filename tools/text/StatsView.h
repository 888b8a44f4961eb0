//===- StatsView.h - counts and energies in words and data ----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/stats/Energy.h"
#include "api/stats/Stats.h"

#include <nlohmann/json.hpp>
#include <string>

namespace nirc {

/// For people: a table of what follows from the graph, and with a workload one of what a sample
/// took, then NeuroBench's figures.
std::string statsText(const Stats &stats);

/// Complete, for programs: {"footprint_convention", "nodes", "total", "workload", "neurobench"};
/// counts are sums over all samples and steps, figures of NeuroBench are per sample.
nlohmann::ordered_json statsJson(const Stats &stats);

/// A row for each node and one for all, in the columns of the JSON.
std::string statsCsv(const Stats &stats);

/// A table of booktabs for a paper, counts per sample; it needs \usepackage{booktabs}. `caption` is
/// text, not LaTeX.
std::string statsLatex(const Stats &stats, const std::string &caption);

std::string energyText(const EnergyEstimate &estimate);
nlohmann::ordered_json energyJson(const EnergyEstimate &estimate);
/// All tables with their prices and sources, and what has none.
std::string energyTablesText();
nlohmann::ordered_json energyTablesJson();

} // namespace nirc
