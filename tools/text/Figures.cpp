//===- Figures.cpp - a mapping in figures ---------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/text/Figures.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

namespace nirc {

int64_t count(const Mapping::Neurons &neurons) {
  int64_t sum = 0;
  for (Mapping::Range range : neurons.ranges) {
    sum += range.end - range.first;
  }
  return sum;
}

int64_t neuronsOf(const Mapping::Core &core) {
  int64_t sum = 0;
  for (const Mapping::Neurons &neurons : core.neurons) {
    sum += count(neurons);
  }
  return sum;
}

std::vector<MappedNode> nodesOf(const Mapping &mapping, const std::vector<std::string> &order) {
  std::vector<MappedNode> nodes;
  std::map<std::string, size_t> index;
  for (const std::string &name : order) {
    if (index.emplace(name, nodes.size()).second) {
      nodes.emplace_back().name = name;
    }
  }
  for (size_t core = 0; core < mapping.cores.size(); ++core) {
    for (const Mapping::Neurons &neurons : mapping.cores[core].neurons) {
      auto [place, isNew] = index.emplace(neurons.node, nodes.size());
      if (isNew) {
        nodes.emplace_back().name = neurons.node;
      }
      MappedNode &node = nodes[place->second];
      node.neurons += count(neurons);
      if (node.cores.empty() || node.cores.back() != static_cast<int32_t>(core)) {
        node.cores.push_back(static_cast<int32_t>(core));
      }
    }
  }
  std::erase_if(nodes, [](const MappedNode &node) { return node.cores.empty(); });
  return nodes;
}

std::vector<int32_t> chipsOf(const Mapping &mapping) {
  std::set<int32_t> chips;
  for (const Mapping::Core &core : mapping.cores) {
    chips.insert(core.chip);
  }
  return {chips.begin(), chips.end()};
}

std::optional<double> shareOf(const Mapping &mapping, const Mapping::Core &core, size_t resource) {
  if (resource >= core.used.size() || resource >= mapping.resources.size() ||
      mapping.resources[resource].limit <= 0) {
    return std::nullopt;
  }
  return static_cast<double>(core.used[resource]) /
         static_cast<double>(mapping.resources[resource].limit);
}

std::optional<double> fullest(const Mapping &mapping, const Mapping::Core &core) {
  std::optional<double> most;
  for (size_t i = 0; i < mapping.resources.size(); ++i) {
    most = std::max(most, shareOf(mapping, core, i)); // nothing is less than any number
  }
  return most;
}

std::optional<size_t> shownResource(const Mapping &mapping) {
  std::optional<size_t> shown;
  std::optional<double> most;
  for (size_t i = 0; i < mapping.resources.size(); ++i) {
    if (mapping.resources[i].name.find("memory") != std::string::npos) {
      return i;
    }
    for (const Mapping::Core &core : mapping.cores) {
      if (std::optional<double> share = shareOf(mapping, core, i); share > most) {
        most = share;
        shown = i;
      }
    }
  }
  return shown;
}

Traffic trafficOf(const Mapping &mapping) {
  Traffic traffic;
  for (size_t from = 0; from < mapping.cores.size(); ++from) {
    const Mapping::Core &core = mapping.cores[from];
    for (Mapping::Route route : core.routes) {
      bool isOwn = route.to == static_cast<int32_t>(from);
      bool isNear = mapping.cores[route.to].chip == core.chip;
      (isOwn    ? traffic.toItself
       : isNear ? traffic.toItsChip
                : traffic.toOtherChips) += route.sources;
      traffic.routes += !isOwn;
    }
  }
  for (Mapping::Route route : mapping.inputs) {
    traffic.fromOutside += route.sources;
  }
  return traffic;
}

namespace {
/// Cores in groups.
struct Grouping {
  std::string kind;
  std::vector<std::string> names;
  std::vector<size_t> groupOf; ///< of each core, one of `names`
};
} // namespace

static Grouping byCore(const Mapping &mapping) {
  Grouping cores{"core", {}, std::vector<size_t>(mapping.cores.size())};
  std::iota(cores.groupOf.begin(), cores.groupOf.end(), 0);
  std::transform(cores.groupOf.begin(), cores.groupOf.end(), std::back_inserter(cores.names),
                 [](size_t core) { return std::to_string(core); });
  return cores;
}

/// Cores of the same nodes are a group, in whichever order they have them.
static Grouping byNodes(const Mapping &mapping, const std::vector<std::string> &order) {
  std::vector<MappedNode> nodes = nodesOf(mapping, order);
  std::vector<std::vector<size_t>> nodesOn(mapping.cores.size());
  for (size_t node = 0; node < nodes.size(); ++node) {
    for (int32_t core : nodes[node].cores) {
      nodesOn[core].push_back(node);
    }
  }
  std::map<std::vector<size_t>, size_t> index;
  for (const std::vector<size_t> &some : nodesOn) {
    index.emplace(some, 0);
  }
  Grouping groups{"node", {}, {}};
  for (auto &[some, number] : index) {
    number = groups.names.size();
    std::string &name = groups.names.emplace_back();
    for (size_t node : some) {
      name += (name.empty() ? "" : " + ") + nodes[node].name;
    }
  }
  std::transform(nodesOn.begin(), nodesOn.end(), std::back_inserter(groups.groupOf),
                 [&](const std::vector<size_t> &some) { return index.at(some); });
  return groups;
}

static Grouping byChip(const Mapping &mapping) {
  std::map<int32_t, size_t> index;
  Grouping groups{"chip", {}, {}};
  for (int32_t chip : chipsOf(mapping)) {
    index.emplace(chip, groups.names.size());
    groups.names.emplace_back(std::to_string(chip));
  }
  std::transform(mapping.cores.begin(), mapping.cores.end(), std::back_inserter(groups.groupOf),
                 [&](const Mapping::Core &core) { return index.at(core.chip); });
  return groups;
}

static TrafficMatrix between(const Mapping &mapping, const Grouping &groups) {
  size_t count = groups.names.size();
  TrafficMatrix matrix{groups.kind, groups.names, std::vector<int64_t>(count),
                       std::vector(count, std::vector<int64_t>(count))};
  for (size_t from = 0; from < mapping.cores.size(); ++from) {
    for (Mapping::Route route : mapping.cores[from].routes) {
      matrix.messages[groups.groupOf[from]][groups.groupOf[route.to]] += route.sources;
    }
  }
  for (Mapping::Route route : mapping.inputs) {
    matrix.fromOutside[groups.groupOf[route.to]] += route.sources;
  }
  return matrix;
}

std::optional<TrafficMatrix> trafficMatrix(const Mapping &mapping, size_t most,
                                           const std::vector<std::string> &order) {
  if (mapping.cores.size() <= most) {
    return between(mapping, byCore(mapping));
  }
  for (const Grouping &groups : {byNodes(mapping, order), byChip(mapping)}) {
    if (groups.names.size() > 1 && groups.names.size() <= most) {
      return between(mapping, groups);
    }
  }
  return std::nullopt;
}

std::vector<LongRoute> strongestRoutes(const Mapping &mapping) {
  std::vector<LongRoute> routes;
  std::transform(mapping.inputs.begin(), mapping.inputs.end(), std::back_inserter(routes),
                 [](Mapping::Route route) { return LongRoute{-1, route.to, route.sources}; });
  for (int32_t from = 0; from < static_cast<int32_t>(mapping.cores.size()); ++from) {
    for (Mapping::Route route : mapping.cores[from].routes) {
      if (route.to != from) {
        routes.push_back({from, route.to, route.sources});
      }
    }
  }
  std::sort(routes.begin(), routes.end(), [](const LongRoute &a, const LongRoute &b) {
    return std::tuple(-a.sources, a.from, a.to) < std::tuple(-b.sources, b.from, b.to);
  });
  return routes;
}

} // namespace nirc
