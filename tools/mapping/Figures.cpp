//===- Figures.cpp - a mapping in figures ---------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/mapping/Figures.h"

#include <algorithm>
#include <array>
#include <map>
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

int32_t chipsOf(const Mapping &mapping) {
  int32_t chips = 0;
  for (const Mapping::Core &core : mapping.cores) {
    chips = std::max(chips, core.chip + 1);
  }
  return chips;
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

/// The matrix of the groups; `groupOf` has one of `names` for each core.
static TrafficMatrix between(const Mapping &mapping, std::string kind,
                             std::vector<std::string> names, const std::vector<size_t> &groupOf) {
  TrafficMatrix matrix{std::move(kind), std::move(names), {}, {}};
  matrix.fromOutside.resize(matrix.names.size());
  matrix.messages.assign(matrix.names.size(), std::vector<int64_t>(matrix.names.size()));
  for (size_t from = 0; from < mapping.cores.size(); ++from) {
    for (Mapping::Route route : mapping.cores[from].routes) {
      matrix.messages[groupOf[from]][groupOf[route.to]] += route.sources;
    }
  }
  for (Mapping::Route route : mapping.inputs) {
    matrix.fromOutside[groupOf[route.to]] += route.sources;
  }
  return matrix;
}

/// Cores of the same nodes are a group, in whichever order they have them.
static TrafficMatrix betweenNodes(const Mapping &mapping, const std::vector<std::string> &order) {
  std::vector<MappedNode> nodes = nodesOf(mapping, order);
  std::vector<std::vector<size_t>> nodesOn(mapping.cores.size());
  for (size_t node = 0; node < nodes.size(); ++node) {
    for (int32_t core : nodes[node].cores) {
      nodesOn[core].push_back(node);
    }
  }
  std::vector<std::string> names;
  std::vector<size_t> groupOf;
  std::map<std::vector<size_t>, size_t> index;
  for (const std::vector<size_t> &some : nodesOn) {
    index.emplace(some, 0);
  }
  for (auto &[some, number] : index) {
    number = names.size();
    std::string &name = names.emplace_back();
    for (size_t node : some) {
      name += (name.empty() ? "" : " + ") + nodes[node].name;
    }
  }
  for (const std::vector<size_t> &some : nodesOn) {
    groupOf.push_back(index.at(some));
  }
  return between(mapping, "node", std::move(names), groupOf);
}

static TrafficMatrix betweenChips(const Mapping &mapping) {
  std::vector<std::string> names;
  std::vector<size_t> groupOf;
  for (int32_t chip = 0; chip < chipsOf(mapping); ++chip) {
    names.push_back(std::to_string(chip));
  }
  for (const Mapping::Core &core : mapping.cores) {
    groupOf.push_back(core.chip);
  }
  return between(mapping, "chip", std::move(names), groupOf);
}

std::optional<TrafficMatrix> trafficMatrix(const Mapping &mapping, size_t most,
                                           const std::vector<std::string> &order) {
  if (mapping.cores.size() <= most) {
    std::vector<std::string> names;
    std::vector<size_t> groupOf;
    for (size_t core = 0; core < mapping.cores.size(); ++core) {
      names.push_back(std::to_string(core));
      groupOf.push_back(core);
    }
    return between(mapping, "core", std::move(names), groupOf);
  }
  for (TrafficMatrix &matrix : std::array{betweenNodes(mapping, order), betweenChips(mapping)}) {
    if (matrix.names.size() > 1 && matrix.names.size() <= most) {
      return std::move(matrix);
    }
  }
  return std::nullopt;
}

std::vector<LongRoute> strongestRoutes(const Mapping &mapping) {
  std::vector<LongRoute> routes;
  for (Mapping::Route route : mapping.inputs) {
    routes.push_back({-1, route.to, route.sources});
  }
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
