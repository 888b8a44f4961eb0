//===- MapNetwork.cpp - which core has which neurons ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/spinnaker2/map/MapNetwork.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <limits>
#include <numeric>

using namespace nirc;
using namespace nirc::spinnaker2;

PeModel::PeModel(const Model &model, const Site &site, KeyGuess guess)
    : model(model), guess(guess) {
  all = {{"bytes of memory", coreBytes}, {"neurons", site.neuronsPerCore}};
  std::vector<int32_t> neurons(model.synapses.size());
  std::iota(neurons.begin(), neurons.end(), 0);
  if (guess == KeyGuess::Close) {
    constexpr double more = 1.5;   // cores than at least
    constexpr int64_t begins = 16; // bytes: an entry, and the head of a matrix
    slack = begins * static_cast<int64_t>(std::ceil(more * leastCores(neurons)));
  }
}

std::vector<int64_t> PeModel::load(std::span<const int32_t> neurons) const {
  const uint32_t apart = guess == KeyGuess::Close ? 1 : 16;
  CoreData core = coreData(model, neurons,
                           [&](int32_t source) { return static_cast<uint32_t>(source) * apart; });
  CoreBytes bytes = bytesOf(core);
  bytes.program = dataBegin(model, updatesOf(model, neurons));
  return {bytes.total() + slack, std::ssize(neurons)};
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

static nir::Status checkChips(const Board &board, const Mapping &mapping) {
  auto needed = std::ssize(mapping.cores);
  if (needed <= board.chips * coresPerChip) {
    for (const Mapping::Core &core : mapping.cores) {
      if (core.chip >= board.chips) { // of a mapping that was read
        return nir::Error(nir::Cause::DoesNotFit,
                          fmt::format("the snn.mapping has a core on chip {}, expected one of {}",
                                      core.chip, board.chips))
            .note("`nirc map` makes one within the limits");
      }
    }
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

/// Fills in what the cores need as they are. Whether that is what they have.
static bool fitsAsPlaced(const Model &model, Mapping &mapping) {
  Placement placement(model, mapping);
  bool fits = true;
  for (size_t i = 0; i < mapping.cores.size(); ++i) {
    mapping.cores[i].used[0] = placement.bytesOf(i).total();
    fits &= mapping.cores[i].used[0] <= coreBytes;
  }
  return fits;
}

nir::Result<Mapping> nirc::spinnaker2::mapToCores(const Model &model, const Site &site,
                                                  const PartitionOptions &options) {
  for (KeyGuess guess : {KeyGuess::Close, KeyGuess::Apart}) {
    nir::Result<Mapping> mapping = nirc::mapToCores(graphOf(model), PeModel(model, site, guess),
                                                    "spinnaker2", chipGrid, options);
    if (!mapping && guess == KeyGuess::Apart) {
      return mapping.takeError();
    }
    if (mapping && fitsAsPlaced(model, *mapping)) {
      nir::Status tooMany = checkChips(site.board, *mapping);
      return tooMany ? nir::Result<Mapping>(std::move(*tooMany)) : std::move(mapping);
    }
  }
  return nir::Error(nir::Cause::Internal, "cores need more than the most that they can need");
}

nir::Status nirc::spinnaker2::checkMapping(const Model &model, const Site &site, Mapping &mapping) {
  // The limits of memory are checked of the cores as they are.
  class Anything : public PeModel {
  public:
    using PeModel::PeModel;
    std::vector<int64_t> load(std::span<const int32_t> neurons) const override {
      return {0, std::ssize(neurons)};
    }
  };
  if (nir::Status wrong = nirc::checkMapping(graphOf(model), Anything(model, site, KeyGuess::Apart),
                                             chipGrid, mapping)) {
    return wrong;
  }
  if (!fitsAsPlaced(model, mapping)) {
    auto most = std::ranges::max_element(mapping.cores, {},
                                         [](const Mapping::Core &core) { return core.used[0]; });
    return nir::Error(
               nir::Cause::DoesNotFit,
               fmt::format("core {} of the snn.mapping needs {} bytes of memory, expected at "
                           "most {}",
                           most - mapping.cores.begin(), most->used[0], coreBytes))
        .note("`nirc map` makes one within the limits");
  }
  return checkChips(site.board, mapping);
}
