//===- AsMapping.cpp - a partition as a mapping, and back -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/partition/Partition.h"
#include "passes/partition/Ranges.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <string_view>

using namespace nirc;

//===----------------------------------------------------------------------===//
// Routes
//===----------------------------------------------------------------------===//

static std::vector<int32_t> coreOfEach(const NeuronGraph &graph,
                                       const std::vector<std::vector<int32_t>> &cores) {
  std::vector<int32_t> coreOf(graph.neurons(), -1);
  for (size_t i = 0; i < cores.size(); ++i) {
    for (int32_t neuron : cores[i]) {
      coreOf[neuron] = static_cast<int32_t>(i);
    }
  }
  return coreOf;
}

/// How many sources of each core reach core `to`; those from outside come last.
static std::map<int32_t, int64_t> sourcesInto(const NeuronGraph &graph,
                                              const std::vector<int32_t> &coreOf,
                                              const std::vector<int32_t> &neurons,
                                              std::vector<int32_t> &scratch) {
  scratch.clear();
  for (int32_t neuron : neurons) {
    std::span<const int32_t> sources = graph.sourcesOf(neuron);
    scratch.insert(scratch.end(), sources.begin(), sources.end());
  }
  std::sort(scratch.begin(), scratch.end());
  scratch.erase(std::unique(scratch.begin(), scratch.end()), scratch.end());
  std::map<int32_t, int64_t> counts;
  for (int32_t source : scratch) {
    ++counts[source < graph.inputs ? -1 : coreOf[source - graph.inputs]];
  }
  return counts;
}

void nirc::addRoutes(const NeuronGraph &graph, const std::vector<std::vector<int32_t>> &cores,
                     Mapping &mapping) {
  std::vector<int32_t> coreOf = coreOfEach(graph, cores), scratch;
  for (size_t to = 0; to < cores.size(); ++to) {
    for (auto [from, sources] : sourcesInto(graph, coreOf, cores[to], scratch)) {
      std::vector<Mapping::Route> &routes = from < 0 ? mapping.inputs : mapping.cores[from].routes;
      routes.push_back({static_cast<int32_t>(to), sources});
    }
  }
}

//===----------------------------------------------------------------------===//
// Neurons
//===----------------------------------------------------------------------===//

static std::vector<Mapping::Neurons> byNode(const NeuronGraph &graph,
                                            const std::vector<int32_t> &neurons) {
  std::vector<Mapping::Neurons> all;
  const NeuronGraph::Population *current = nullptr;
  for (int32_t neuron : neurons) {
    if (!current || neuron < current->first || neuron >= current->first + current->count) {
      auto after = std::upper_bound(graph.populations.begin(), graph.populations.end(), neuron,
                                    [](int32_t n, const NeuronGraph::Population &each) {
                                      return n < each.first + each.count;
                                    });
      current = &*after;
      all.push_back({current->node, {}});
    }
    int32_t index = neuron - current->first;
    append(all.back().ranges, index);
  }
  return all;
}

Mapping nirc::mappingOf(const NeuronGraph &graph, const CoreModel &cores,
                        const Partition &partition) {
  Mapping mapping;
  mapping.resources = cores.resources();
  mapping.resources.push_back({cores.routeName(), cores.mostRoutes()});
  for (const std::vector<int32_t> &neurons : partition.cores) {
    Mapping::Core &core = mapping.cores.emplace_back();
    core.neurons = byNode(graph, neurons);
    core.used = cores.load(neurons);
  }
  addRoutes(graph, partition.cores, mapping);
  for (Mapping::Core &core : mapping.cores) {
    int64_t routes = 0;
    for (const Mapping::Route &route : core.routes) {
      routes += route.sources;
    }
    core.used.push_back(routes);
  }
  std::vector<int32_t> all(graph.neurons());
  std::iota(all.begin(), all.end(), 0);
  mapping.leastCores = static_cast<int64_t>(std::ceil(cores.leastCores(all) - 1e-9));
  mapping.partitioner = partition.partitioner;
  return mapping;
}

std::vector<std::vector<int32_t>> nirc::neuronsOf(const NeuronGraph &graph,
                                                  const Mapping &mapping) {
  std::map<std::string_view, int32_t> firstOf;
  for (const NeuronGraph::Population &population : graph.populations) {
    firstOf[population.node] = population.first;
  }
  std::vector<std::vector<int32_t>> cores;
  for (const Mapping::Core &core : mapping.cores) {
    std::vector<int32_t> &neurons = cores.emplace_back();
    for (const Mapping::Neurons &each : core.neurons) {
      auto found = firstOf.find(each.node);
      for (const Mapping::Range &range : each.ranges) {
        for (int32_t n = range.first; found != firstOf.end() && n < range.end; ++n) {
          neurons.push_back(found->second + n);
        }
      }
    }
  }
  return cores;
}
