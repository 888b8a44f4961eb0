//===- MapNetwork.cpp - which core has which neurons ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/spinnaker2/map/MapNetwork.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <limits>

using namespace nirc;
using namespace nirc::spinnaker2;

PeModel::PeModel(const Model &model, const Site &site) : model(model) {
  all = {{"bytes of memory", coreBytes}, {"neurons", site.neuronsPerCore}};
}

/// A source's key is not known before its core is. A row takes most of the tables where its key
/// follows none: 8 bytes.
std::vector<int64_t> PeModel::load(std::span<const int32_t> neurons) const {
  constexpr uint32_t apart = 16;
  CoreData core = coreData(model, neurons,
                           [](int32_t source) { return static_cast<uint32_t>(source) * apart; });
  CoreBytes bytes = bytesOf(core);
  bytes.program = dataBegin(model, updatesOf(model, neurons));
  return {bytes.total(), std::ssize(neurons)};
}

/// A packet goes to any number of cores.
int64_t PeModel::mostRoutes() const { return std::numeric_limits<int64_t>::max(); }

/// Weights and states alone.
double PeModel::leastCores(std::span<const int32_t> neurons) const {
  int64_t bytes = 0;
  for (int32_t neuron : neurons) {
    const Population &population = model.populations[model.populationOf(neuron)];
    for (const Column &column : population.columns) {
      bytes += bytesOf(column.width);
    }
    bytes += 2 + 2; // a sum and a place among the spikes
    for (const Synapse &each : model.synapses[neuron]) {
      int64_t size = std::abs(each.weight);
      constexpr int64_t byte = 1 << 7, half = 1 << 15;
      bytes += size <= byte ? 1 : size <= half ? 2 : 4;
    }
  }
  return static_cast<double>(bytes) / static_cast<double>(coreBytes - stackBytes);
}

NeuronGraph nirc::spinnaker2::graphOf(const Model &model) {
  std::vector<NeuronGraph::Population> populations;
  for (const Population &each : model.populations) {
    populations.push_back({each.node, each.shape, each.first, each.count});
  }
  return nirc::graphOf(model, std::move(populations));
}

static nir::Status checkChips(const Board &board, const Mapping &mapping) {
  auto needed = std::ssize(mapping.cores);
  if (needed <= board.chips * coresPerChip) {
    return {};
  }
  const Board &largest = boards[std::size(boards) - 1];
  nir::Error error(nir::Cause::DoesNotFit,
                   fmt::format("the network needs {} cores, expected at most {}, those of {}",
                               needed, board.chips * coresPerChip,
                               board.chips == 1
                                   ? std::string("a chip")
                                   : fmt::format("the {} chips of a board", board.chips)));
  bool fitsLargest = needed <= largest.chips * coresPerChip;
  return std::move(error).note(fitsLargest ? fmt::format("--board {}", largest.name)
                                           : "take fewer neurons or narrower weights, as "
                                             "--format int4 has them");
}

nir::Result<Mapping> nirc::spinnaker2::mapToCores(const Model &model, const Site &site,
                                                  const PartitionOptions &options) {
  nir::Result<Mapping> mapping =
      nirc::mapToCores(graphOf(model), PeModel(model, site), "spinnaker2", chipGrid, options);
  if (!mapping) {
    return mapping.takeError();
  }
  if (nir::Status tooMany = checkChips(site.board, *mapping)) {
    return std::move(*tooMany);
  }
  return mapping;
}

nir::Status nirc::spinnaker2::checkMapping(const Model &model, const Site &site, Mapping &mapping) {
  if (nir::Status wrong =
          nirc::checkMapping(graphOf(model), PeModel(model, site), chipGrid, mapping)) {
    return wrong;
  }
  return checkChips(site.board, mapping);
}
