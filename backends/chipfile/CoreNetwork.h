//===- CoreNetwork.h - a network on its cores, as a file has it -*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All that the cores need to run, and all that a run needs to be read. docs/add-your-chip.md has
// the file. Spikes have numbers: those of the inputs' elements, in the order of the inputs, then
// those of the neurons, in the order of the populations.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"
#include "passes/neurons/Neurons.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nirc::chipfile {

/// What all cores have in common of a node.
struct CorePopulation {
  std::string node;
  nir::Shape shape;
  int32_t first = 0, count = 0; ///< of the neurons
  size_t update = 0;
  int64_t start = 0;
  bool spikes = true;
  std::vector<std::string> states, parameters; ///< names
};

/// Neurons of one population on a core, at places that follow each other.
struct CoreGroup {
  size_t population = 0;
  std::vector<Mapping::Range> neurons;          ///< of the population, in the order of the places
  std::vector<std::vector<int64_t>> states;     ///< before the first step: one a neuron, or one
  std::vector<std::vector<int64_t>> parameters; ///< the same
  std::vector<NeuronBias> biases;               ///< `neuron` is counted through the group

  int64_t size() const {
    int64_t size = 0;
    for (Mapping::Range range : neurons) {
      size += range.end - range.first;
    }
    return size;
  }
};

/// What a spike of a source does on a core.
struct CoreRow {
  int32_t source = 0;
  std::vector<int32_t> places, delays; ///< no delays: all are 0
  std::vector<int64_t> weights;

  int32_t delayOf(size_t synapse) const { return delays.empty() ? 0 : delays[synapse]; }
};

struct Core {
  int32_t chip = 0, column = 0, row = 0;
  std::vector<CoreGroup> groups;
  std::vector<CoreRow> rows; ///< by source

  int64_t places() const {
    int64_t places = 0;
    for (const CoreGroup &group : groups) {
      places += group.size();
    }
    return places;
  }
};

/// Spikes of neurons, or numbers of a population: a state, or else what it passes on.
struct CoreReadout {
  std::string node, observable;
  nir::Shape shape;
  int64_t latency = 0;
  bool isSpikes = true;
  std::vector<int32_t> neurons; ///< of spikes: through the network
  size_t population = 0;        ///< of numbers
  std::optional<size_t> state;
  std::vector<double> scales; ///< of numbers: what 1 stands for, one or one a channel
};

struct CoreNetwork {
  std::string chip, nirc, model, semantics, format;
  double dtSeconds = 0.0;
  std::vector<SpikeInput> inputs;
  int32_t inputElements = 0, neurons = 0;
  std::vector<NeuronCode> updates;
  std::vector<CorePopulation> populations;
  std::vector<Core> cores;
  std::vector<CoreReadout> readouts; ///< outputs, then records, then states that are not among them
  size_t outputs = 0, records = 0;
};

/// The model on the cores of the mapping. `outputs` and `records` of its readouts are so.
CoreNetwork coreNetworkOf(const NeuronModel &model, const Mapping &mapping,
                          const ProgramInfo &info);

/// As a line of JSON for each part.
std::string writeNetwork(const CoreNetwork &network);

/// The first bytes of what `writeNetwork` writes for a chip, at most `headOfArtifact`.
std::string magicOf(std::string_view chip);

/// The network of a file from anywhere: every number in it is in range, and what it needs of memory
/// is bounded by its size, or it is an error.
nir::Result<CoreNetwork> readNetwork(std::string_view bytes);

ProgramInfo infoOf(const CoreNetwork &network);

/// Elements of inputs and neurons that are taken, and sums that all cores keep for their places and
/// delays: a small file can name many.
constexpr int64_t mostSources = int64_t{1} << 24, mostSums = int64_t{1} << 26;

/// How many steps a core keeps sums for: one more than its longest delay.
int64_t slotsOf(const Core &core);

} // namespace nirc::chipfile
