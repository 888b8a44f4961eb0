//===- Map.cpp ------------------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/Map.h"

#include <fmt/format.h>

using namespace nirc::loihi2;

namespace {

class Mapper {
public:
  Mapper(const Model &model, const CoreLimits &limits) : model(model), limits(limits) {}

  nir::Result<std::vector<MappedCore>> map();

private:
  nir::Status place(const std::string &node, int32_t first, int32_t count);
  nir::Status split(const MappedCore &core);
  std::vector<int64_t> outputAxons() const;

  const Model &model;
  const CoreLimits &limits;
  std::vector<MappedCore> cores;
};

} // namespace

/// Puts the neurons on a core of their own, or in halves on more.
nir::Status Mapper::place(const std::string &node, int32_t first, int32_t count) {
  MappedCore core{node, first, count, {}};
  if (count > limits.compartments) {
    return split(core);
  }
  core.synapses = packSynapses(model, first, count);
  auto axons = std::ssize(core.synapses.axons);
  if (core.synapses.bits() <= limits.synapseBits && axons <= limits.inputAxons) {
    cores.push_back(std::move(core));
    return {};
  }
  if (count > 1) {
    return split(core);
  }
  return nir::Error::atNode(
             node, fmt::format("a neuron has {} inputs in {} bits of synapses, expected "
                               "at most {} in {}, which is a core of Loihi 2",
                               axons, core.synapses.bits(), limits.inputAxons, limits.synapseBits))
      .note("prune its smallest weights, or put a layer between");
}

nir::Status Mapper::split(const MappedCore &core) {
  int32_t half = core.count / 2;
  nir::Status failed = place(core.node, core.first, half);
  return failed ? std::move(failed) : place(core.node, core.first + half, core.count - half);
}

/// The routes that leave each core.
std::vector<int64_t> Mapper::outputAxons() const {
  std::vector<int32_t> coreOf(model.synapses.size());
  for (size_t i = 0; i < cores.size(); ++i) {
    std::fill_n(coreOf.begin() + cores[i].first, cores[i].count, static_cast<int32_t>(i));
  }
  std::vector<int64_t> routes(cores.size(), 0);
  for (const MappedCore &core : cores) {
    for (const CoreAxon &axon : core.synapses.axons) {
      if (axon.source >= model.inputElements) {
        ++routes[coreOf[axon.source - model.inputElements]];
      }
    }
  }
  return routes;
}

nir::Result<std::vector<MappedCore>> Mapper::map() {
  for (const Population &population : model.populations) {
    if (!population.compartments.empty()) {
      auto count = static_cast<int32_t>(population.compartments.size());
      if (nir::Status failed = place(population.node, population.first, count)) {
        return std::move(*failed);
      }
    }
  }
  // A core with fewer neurons sends fewer spikes, but its own inputs then leave others twice.
  for (bool changed = true; changed;) {
    changed = false;
    std::vector<int64_t> routes = outputAxons();
    std::vector<MappedCore> before = std::move(cores);
    cores.clear();
    for (size_t i = 0; i < before.size(); ++i) {
      if (routes[i] <= limits.outputAxons) {
        cores.push_back(std::move(before[i]));
        continue;
      }
      if (before[i].count == 1) {
        return nir::Error::atNode(before[i].node,
                                  fmt::format("a neuron reaches {} cores, expected at most {}, the "
                                              "output axons of a core of Loihi 2",
                                              routes[i], limits.outputAxons))
            .note("prune its smallest weights");
      }
      changed = true;
      if (nir::Status failed = split(before[i])) {
        return std::move(*failed);
      }
    }
  }
  return std::move(cores);
}

nir::Result<std::vector<MappedCore>> nirc::loihi2::mapToCores(const Model &model,
                                                              const CoreLimits &limits) {
  return Mapper(model, limits).map();
}
