//===- Clusters.cpp - neurons that share sources --------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// A neuron's sources cost an axon in each core that has one of their targets. So the graph that is
// cut has both, sources and neurons, with an edge for each synapse, and only neurons have a weight.

#include "passes/partition/Orders.h"

#include <algorithm>
#include <cstdlib>
#include <metis.h>
#include <numeric>
#include <unordered_map>

using namespace nirc;

namespace {

/// Compressed rows, as METIS takes them.
struct Graph {
  std::vector<idx_t> first{0}, neighbours, weights;
};

} // namespace

/// So many sources of a neuron say who its like are; all of them would take METIS long.
constexpr size_t mostSources = 32;

/// Neurons come first, then those sources that a neuron has.
static Graph graphOf(const NeuronGraph &graph, const Population &population) {
  std::unordered_map<int32_t, idx_t> vertexOf;
  std::vector<std::vector<idx_t>> ofSource;
  Graph out;
  for (int32_t n = 0; n < population.count; ++n) {
    std::span<const int32_t> sources = graph.sourcesOf(population.first + n);
    out.weights.push_back(static_cast<idx_t>(std::max<size_t>(1, sources.size())));
    size_t count = std::min(sources.size(), mostSources);
    for (size_t i = 0; i < count; ++i) {
      int32_t source = sources[i * sources.size() / count];
      auto vertex = static_cast<idx_t>(population.count + ofSource.size());
      auto [found, isNew] = vertexOf.try_emplace(source, vertex);
      if (isNew) {
        ofSource.emplace_back();
      }
      out.neighbours.push_back(found->second);
      ofSource[found->second - population.count].push_back(n);
    }
    out.first.push_back(static_cast<idx_t>(out.neighbours.size()));
  }
  for (const std::vector<idx_t> &neurons : ofSource) {
    out.neighbours.insert(out.neighbours.end(), neurons.begin(), neurons.end());
    out.first.push_back(static_cast<idx_t>(out.neighbours.size()));
    out.weights.push_back(0);
  }
  return out;
}

std::vector<int32_t> nirc::byCluster(const NeuronGraph &graph, const Population &population,
                                     int parts) {
  std::vector<int32_t> order = inOrder(population);
  Graph cut = graphOf(graph, population);
  auto vertices = static_cast<idx_t>(cut.weights.size());
  idx_t constraints = 1, count = parts, edges = 0;
  std::vector<idx_t> part(vertices);
  idx_t options[METIS_NOPTIONS];
  METIS_SetDefaultOptions(options);
  options[METIS_OPTION_SEED] = 1;
  int status = METIS_PartGraphKway(&vertices, &constraints, cut.first.data(), cut.neighbours.data(),
                                   cut.weights.data(), nullptr, nullptr, &count, nullptr, nullptr,
                                   options, &edges, part.data());
  if (status == METIS_OK) { // else the order that there is anyway
    std::sort(order.begin(), order.end(), [&](int32_t a, int32_t b) {
      return std::pair(part[a - population.first], a) < std::pair(part[b - population.first], b);
    });
  }
  return order;
}
