//===- MapNetwork.cpp - which core has which neurons ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/chipfile/MapNetwork.h"

#include "ir/Wording.h"
#include "passes/bodies/Interval.h"
#include "passes/neurons/BuildNeurons.h"
#include "passes/split/Split.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

using namespace nirc;
using namespace nirc::chipfile;

ChipCore::ChipCore(const Chip &chip, const NeuronModel &model) : chip(chip), model(model) {
  all = {{"neurons", chip.neurons}};
  if (chip.synapses) {
    all.push_back({"synapses", *chip.synapses});
  }
  if (chip.inputs) {
    all.push_back({"inputs", *chip.inputs});
  }
  if (chip.memory) {
    all.push_back({"bytes of memory", chip.memory->bytes});
  }
}

int64_t ChipCore::bytesOf(const Use &use) const {
  const CoreMemory &memory = *chip.memory;
  int64_t bits = use.neurons * memory.bitsPerNeuron + use.states * memory.bitsPerState +
                 use.synapses * memory.bitsPerSynapse + use.inputs * memory.bitsPerInput;
  return (bits + 7) / 8;
}

std::vector<int64_t> ChipCore::loadsOf(const Use &use) const {
  std::vector<int64_t> loads = {use.neurons};
  if (chip.synapses) {
    loads.push_back(use.synapses);
  }
  if (chip.inputs) {
    loads.push_back(use.inputs);
  }
  if (chip.memory) {
    loads.push_back(bytesOf(use));
  }
  return loads;
}

std::vector<int64_t> ChipCore::load(std::span<const int32_t> neurons) const {
  Use use{std::ssize(neurons), 0, 0, 0};
  bool countsInputs = chip.inputs || (chip.memory && chip.memory->bitsPerInput > 0);
  std::vector<int32_t> sources;
  for (int32_t neuron : neurons) {
    const std::vector<Synapse> &synapses = model.synapses[static_cast<size_t>(neuron)];
    use.synapses += std::ssize(synapses);
    use.states += std::ssize(model.populations[model.populationOf(neuron)].states);
    for (size_t i = 0; countsInputs && i < synapses.size(); ++i) {
      sources.push_back(synapses[i].source);
    }
  }
  std::ranges::sort(sources);
  use.inputs = std::unique(sources.begin(), sources.end()) - sources.begin();
  return loadsOf(use);
}

int64_t ChipCore::mostRoutes() const {
  return chip.outputs.value_or(std::numeric_limits<int64_t>::max());
}

/// Inputs are shared, so that nobody knows how many there are at least.
double ChipCore::leastCores(std::span<const int32_t> neurons) const {
  Use use{std::ssize(neurons), 0, 0, 0};
  for (int32_t neuron : neurons) {
    use.synapses += std::ssize(model.synapses[static_cast<size_t>(neuron)]);
    use.states += std::ssize(model.populations[model.populationOf(neuron)].states);
  }
  std::vector<int64_t> loads = loadsOf(use);
  double least = 0.0;
  for (size_t i = 0; i < loads.size(); ++i) {
    least = std::max(least, static_cast<double>(loads[i]) / static_cast<double>(all[i].limit));
  }
  return least;
}

//===----------------------------------------------------------------------===//
// Neurons
//===----------------------------------------------------------------------===//

static nir::Error tooMuch(const Chip &chip, const NeuronPopulation &population, std::string what,
                          std::string fix) {
  return nir::Error::atNode(nir::Cause::DoesNotFit, population.node,
                            fmt::format("{} on chip '{}'", what, chip.name))
      .note(std::move(fix));
}

static nir::Status checkPopulation(const Chip &chip, const NeuronModel &model,
                                   const NeuronPopulation &population) {
  for (const NeuronState &state : population.states) {
    if (!Interval{state.least, state.most}.fits(static_cast<unsigned>(chip.stateBits))) {
      return tooMuch(chip, population,
                     fmt::format("its state '{}' is from {} to {}, expected one of {} bits",
                                 state.name, state.least, state.most, chip.stateBits),
                     fmt::format("--format {} has narrower states", chip.name));
    }
  }
  auto instructions = std::ssize(model.codes[population.code].instructions);
  if (chip.instructions && instructions > *chip.instructions) {
    return tooMuch(chip, population,
                   fmt::format("its update has {}, expected at most {}",
                               nir::counted(instructions, "instruction"), *chip.instructions),
                   "another rounding of the format, or other choices of the semantics, take fewer");
  }
  return {};
}

nir::Status nirc::chipfile::checkNeurons(const Chip &chip, const NeuronModel &model) {
  for (const NeuronPopulation &population : model.populations) {
    if (nir::Status bad = checkPopulation(chip, model, population)) {
      return bad;
    }
  }
  std::vector<int64_t> fanOut(model.synapses.size(), 0);
  for (size_t n = 0; n < model.synapses.size(); ++n) {
    auto fanIn = std::ssize(model.synapses[n]);
    const NeuronPopulation &population =
        model.populations[model.populationOf(static_cast<int32_t>(n))];
    if (chip.fanIn && fanIn > *chip.fanIn) {
      return tooMuch(chip, population,
                     fmt::format("neuron {} has a fan-in of {}, expected at most {}",
                                 n - static_cast<size_t>(population.first), fanIn, *chip.fanIn),
                     "prune its smallest weights, or put a layer between");
    }
    for (const Synapse &synapse : model.synapses[n]) {
      if (synapse.source >= model.inputElements) {
        ++fanOut[static_cast<size_t>(synapse.source - model.inputElements)];
      }
    }
  }
  for (size_t n = 0; n < fanOut.size() && chip.fanOut; ++n) {
    const NeuronPopulation &population =
        model.populations[model.populationOf(static_cast<int32_t>(n))];
    if (fanOut[n] > *chip.fanOut) {
      return tooMuch(chip, population,
                     fmt::format("neuron {} has a fan-out of {}, expected at most {}",
                                 n - static_cast<size_t>(population.first), fanOut[n],
                                 *chip.fanOut),
                     "prune the smallest weights behind it, or put a layer between");
    }
  }
  return {};
}

//===----------------------------------------------------------------------===//
// Cores
//===----------------------------------------------------------------------===//

/// There are as many cores, and a mapping that was read lies on them.
static nir::Status checkCores(const Chip &chip, const Mapping &mapping) {
  auto needed = std::ssize(mapping.cores);
  bool isBeyond = std::ranges::any_of(
      mapping.cores, [&](const Mapping::Core &core) { return core.chip >= chip.chips; });
  if (needed <= chip.cores() && !isBeyond) {
    return {};
  }
  return nir::Error(nir::Cause::DoesNotFit,
                    fmt::format("the network needs {} cores, expected at most {}, those of {} '{}'",
                                needed, chip.cores(),
                                nir::withNoun(std::to_string(chip.chips), "chip"), chip.name))
      .note("take fewer neurons, or more chips: cores.chips in the chip's file");
}

nir::Result<Mapping> nirc::chipfile::mapToChip(const Chip &chip, const NeuronModel &model,
                                               std::optional<Mapping> given,
                                               const PartitionOptions &options) {
  NeuronGraph graph = graphOf(model);
  ChipCore core(chip, model);
  if (!given) {
    nir::Result<Mapping> found = mapToCores(graph, core, chip.name, chip.grid, options);
    if (!found) {
      return found.takeError();
    }
    given = *std::move(found);
  } else if (nir::Status wrong = checkMapping(graph, core, chip.grid, *given)) {
    return std::move(*wrong);
  }
  if (nir::Status tooMany = checkCores(chip, *given)) {
    return std::move(*tooMany);
  }
  return *std::move(given);
}
