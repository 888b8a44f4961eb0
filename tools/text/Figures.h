//===- Figures.h - a mapping in figures -------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "passes/partition/Mapping.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nirc {

/// A node, and where it is.
struct MappedNode {
  std::string name;
  int64_t neurons = 0;
  std::vector<int32_t> cores; ///< ascending
};

int64_t count(const Mapping::Neurons &neurons);
int64_t neuronsOf(const Mapping::Core &core);
/// First those of `order`, and then in the order in which the cores name them.
std::vector<MappedNode> nodesOf(const Mapping &mapping, const std::vector<std::string> &order = {});
/// Those that cores are on, ascending.
std::vector<int32_t> chipsOf(const Mapping &mapping);

/// How full the core is of a resource, 1 is full; nothing where that is not known.
std::optional<double> shareOf(const Mapping &mapping, const Mapping::Core &core, size_t resource);
/// The share of the resource that the core has least left of.
std::optional<double> fullest(const Mapping &mapping, const Mapping::Core &core);
/// The resource that pictures show: the first that is called memory, else the one that some core
/// has least left of. Nothing where a mapping has none.
std::optional<size_t> shownResource(const Mapping &mapping);

/// Messages of a step in which every neuron and every source outside sends a spike.
struct Traffic {
  int64_t toItself = 0, toItsChip = 0, toOtherChips = 0, fromOutside = 0;
  int64_t routes = 0; ///< from a core to another
};
Traffic trafficOf(const Mapping &mapping);

/// The same between groups of cores.
struct TrafficMatrix {
  std::string kind;                           ///< of the groups: "core", "node", "chip"
  std::vector<std::string> names;             ///< of the groups
  std::vector<int64_t> fromOutside;           ///< to each group
  std::vector<std::vector<int64_t>> messages; ///< by sender, then receiver
};
/// Between cores; where these are more than `most`, between cores of the same nodes or between
/// chips. Nothing where those are too many, too, or one.
std::optional<TrafficMatrix> trafficMatrix(const Mapping &mapping, size_t most,
                                           const std::vector<std::string> &order = {});

/// A route with where it is from.
struct LongRoute {
  int32_t from = 0, to = 0; ///< cores; from -1 is outside
  int64_t sources = 0;
};
/// The routes between two cores and from outside, those of most sources first.
std::vector<LongRoute> strongestRoutes(const Mapping &mapping);

} // namespace nirc
