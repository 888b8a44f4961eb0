//===- MapNetwork.cpp - which core has which neurons ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/map/MapNetwork.h"

#include "backends/loihi2/map/Pack.h"
#include "passes/split/Split.h"

#include <algorithm>
#include <bit>
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
  std::vector<NeuronGraph::Population> populations;
  for (const Population &population : model.populations) {
    auto count = static_cast<int32_t>(population.compartments.size());
    populations.push_back({population.node, population.shape, population.first, count});
  }
  return nirc::graphOf(model, std::move(populations));
}

nir::Result<Mapping> loihi2::mapToCores(const Model &model, const CoreLimits &limits,
                                        const PartitionOptions &options) {
  return nirc::mapToCores(graphOf(model), LoihiCore(model, limits), "loihi2", chipGrid, options);
}

nir::Status loihi2::checkMapping(const Model &model, const CoreLimits &limits, Mapping &mapping) {
  return nirc::checkMapping(graphOf(model), LoihiCore(model, limits), chipGrid, mapping);
}
