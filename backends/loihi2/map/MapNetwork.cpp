//===- MapNetwork.cpp - which core has which neurons ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/map/MapNetwork.h"

#include "backends/loihi2/map/Pack.h"
#include "ir/Wording.h"
#include "passes/partition/Place.h"

#include <algorithm>
#include <bit>
#include <fmt/format.h>
#include <set>

using namespace nirc;
using namespace nirc::loihi2;

LoihiCore::LoihiCore(const Model &model, const CoreLimits &limits) : model(model), limits(limits) {
  all = {{"compartments", limits.compartments},
         {"synapse memory", limits.synapseBits},
         {"input axons", limits.inputAxons}};
  if (limits.decayConfigs != unlimited) {
    all.push_back({"pairs of decays", limits.decayConfigs});
    all.push_back({"thresholds", limits.thresholdConfigs});
  }
  for (const Population &population : model.populations) {
    for (const Compartment &each : population.compartments) {
      compartments.push_back(&each);
    }
  }
  findLeastBits();
}

std::vector<int64_t> LoihiCore::load(std::span<const int32_t> neurons) const {
  PackedSynapses packed = packSynapses(model, neurons);
  std::vector<int64_t> loads = {std::ssize(neurons), packed.bits(), std::ssize(packed.axons)};
  if (limits.decayConfigs != unlimited) {
    std::set<std::pair<int32_t, int32_t>> decays;
    std::set<int32_t> thresholds;
    for (int32_t neuron : neurons) {
      decays.insert({compartments[neuron]->du, compartments[neuron]->dv});
      thresholds.insert(compartments[neuron]->threshold);
    }
    loads.push_back(std::ssize(decays));
    loads.push_back(std::ssize(thresholds));
  }
  return loads;
}

//===----------------------------------------------------------------------===//
// What cannot be done with less
//===----------------------------------------------------------------------===//

/// A weight takes the bits of the format that all synapses of its source share, a delay its own.
void LoihiCore::findLeastBits() {
  std::vector<std::vector<int64_t>> weights(model.inputElements + model.synapses.size());
  for (const std::vector<Synapse> &each : model.synapses) {
    for (const Synapse &synapse : each) {
      weights[synapse.source].push_back(synapse.weight);
    }
  }
  std::vector<int> weightBits;
  for (const std::vector<int64_t> &each : weights) {
    std::optional<SynapseFormat> format = formatFor(each);
    weightBits.push_back(format ? format->weightBits : 8);
  }
  for (const std::vector<Synapse> &each : model.synapses) {
    int64_t bits = 0;
    for (const Synapse &synapse : each) {
      bits += weightBits[synapse.source] + std::bit_width(static_cast<uint32_t>(synapse.delay));
    }
    leastBits.push_back(bits);
  }
}

/// With indexes of b bits a core has at most 2^b neurons, and they take its memory m and its room
/// in shares of which each adds up to at most 1; so does any mean of the two, weighted by w:
///     cores >= sum over the neurons of min over b of (w bits(b) / m + (1 - w) / 2^b)
/// The best w of a few is taken.
double LoihiCore::leastCores(std::span<const int32_t> neurons) const {
  constexpr int steps = 20;
  double most = 0.0;
  for (int step = 0; step <= steps; ++step) {
    double w = static_cast<double>(step) / steps, cores = 0.0;
    for (int32_t neuron : neurons) {
      double least = 1.0;
      for (int b = leastIndexBits; b <= mostIndexBits; ++b) {
        int64_t bits = leastBits[neuron] + b * std::ssize(model.synapses[neuron]);
        double room = static_cast<double>(std::min(limits.compartments, int64_t{1} << b));
        least = std::min(least, w * static_cast<double>(bits) / double(limits.synapseBits) +
                                    (1.0 - w) / room);
      }
      cores += least;
    }
    most = std::max(most, cores);
  }
  return most;
}

//===----------------------------------------------------------------------===//
// Mapping
//===----------------------------------------------------------------------===//

NeuronGraph loihi2::graphOf(const Model &model) {
  NeuronGraph graph;
  graph.inputs = model.inputElements;
  for (const Population &population : model.populations) {
    auto count = static_cast<int32_t>(population.compartments.size());
    graph.populations.push_back({population.node, population.shape, population.first, count});
  }
  for (const std::vector<Synapse> &each : model.synapses) {
    for (const Synapse &synapse : each) { // by source
      bool isNew =
          std::ssize(graph.sources) == graph.first.back() || graph.sources.back() != synapse.source;
      if (isNew) {
        graph.sources.push_back(synapse.source);
      }
    }
    graph.first.push_back(std::ssize(graph.sources));
  }
  return graph;
}

nir::Result<Mapping> loihi2::mapToCores(const Model &model, const CoreLimits &limits,
                                        const PartitionOptions &options) {
  NeuronGraph graph = graphOf(model);
  LoihiCore core(model, limits);
  nir::Result<Partition> found = partition(graph, core, options);
  if (!found) {
    return found.takeError();
  }
  Mapping mapping = mappingOf(graph, core, *found);
  mapping.target = "loihi2";
  mapping.grid = chipGrid;
  place(mapping);
  return mapping;
}

nir::Status loihi2::checkMapping(const Model &model, const CoreLimits &limits, Mapping &mapping) {
  if (mapping.grid.columns != chipGrid.columns || mapping.grid.rows != chipGrid.rows) {
    return nir::Error(nir::Cause::DamagedFile,
                      fmt::format("the snn.mapping lies on chips of {} by {}, expected {} by {}",
                                  mapping.grid.columns, mapping.grid.rows, chipGrid.columns,
                                  chipGrid.rows))
        .note("`nirc map` makes one that does");
  }
  NeuronGraph graph = graphOf(model);
  LoihiCore core(model, limits);
  Partition read{neuronsOf(graph, mapping), "as it was read"};
  std::vector<int> places(model.synapses.size(), 0);
  for (const std::vector<int32_t> &neurons : read.cores) {
    for (int32_t neuron : neurons) {
      if (neuron < 0 || neuron >= graph.neurons() || ++places[neuron] > 1) {
        return nir::Error(nir::Cause::DamagedFile,
                          "the snn.mapping has a neuron twice, or one that there is not");
      }
    }
  }
  auto missing = std::find(places.begin(), places.end(), 0);
  if (missing != places.end()) {
    return nir::Error(
               nir::Cause::DamagedFile,
               fmt::format("the snn.mapping has {}, expected {}",
                           nir::counted(std::count(places.begin(), places.end(), 1), "neuron"),
                           places.size()))
        .note("`nirc map` makes one that has all of them");
  }
  Mapping full = mappingOf(graph, core, read);
  for (size_t i = 0; i < full.cores.size(); ++i) {
    for (size_t r = 0; r < full.resources.size(); ++r) {
      const Resource &resource = full.resources[r];
      if (full.cores[i].used[r] > resource.limit) {
        return nir::Error(nir::Cause::DoesNotFit,
                          fmt::format("core {} of the snn.mapping needs {} {}, expected at most {}",
                                      i, full.cores[i].used[r], resource.name, resource.limit))
            .note("`nirc map` makes one within the limits");
      }
    }
    full.cores[i].chip = mapping.cores[i].chip;
    full.cores[i].column = mapping.cores[i].column;
    full.cores[i].row = mapping.cores[i].row;
  }
  full.target = mapping.target;
  full.grid = mapping.grid;
  mapping = std::move(full);
  return {};
}
