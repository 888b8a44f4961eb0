//===- Neurons.h - a network as neurons and synapses ------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All that a chip of neurons is to compute, as plain numbers. In each step t a neuron adds up u:
// its bias, and the weight of each synapse whose source spiked in step t - 1 - delay. Then its
// update makes of u, its states and its parameters what it passes on, and its new states. Before
// the step `start` of its population it does not update, and passes on 0.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "passes/neurons/NeuronCode.h"
#include "passes/synapses/Synapses.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nirc {

/// Numbers of a population's neurons: one a neuron, or one for all.
struct NeuronColumn {
  std::string name; ///< "v"
  std::vector<int64_t> values;
  int64_t at(size_t neuron) const { return values[values.size() == 1 ? 0 : neuron]; }
  bool operator==(const NeuronColumn &) const = default;
};

/// What a state is before the first step, and all that it can ever be.
struct NeuronState : NeuronColumn {
  int64_t least = 0, most = 0;
  bool operator==(const NeuronState &) const = default;
};

/// From a step on, so much more is added to u in every step.
struct NeuronBias {
  int64_t step = 0;
  int32_t neuron = 0; ///< of the population
  int64_t added = 0;
  bool operator==(const NeuronBias &) const = default;
};

/// Neurons that share an update.
struct NeuronPopulation {
  std::string node;
  nir::Shape shape;
  int32_t first = 0, count = 0; ///< of the model's neurons
  size_t code = 0;              ///< of the model
  std::vector<NeuronState> states;
  std::vector<NeuronColumn> parameters;
  std::vector<NeuronBias> biases; ///< by step and neuron; none is 0
  int64_t start = 0;
  bool spikes = true; ///< else it passes on numbers, which are read and drive nothing
};

/// Where numbers that are read are: a state, or else what is passed on.
struct NeuronSource {
  size_t population = 0;
  std::optional<size_t> state;
};

struct NeuronModel : SynapseModel {
  std::vector<NeuronCode> codes;
  std::vector<NeuronPopulation> populations; ///< by their first neuron
  std::vector<NeuronSource> sources;         ///< of each readout that is not of spikes

  size_t populationOf(int32_t neuron) const {
    auto after = std::ranges::upper_bound(populations, neuron, {}, &NeuronPopulation::first);
    return static_cast<size_t>(after - populations.begin()) - 1;
  }
};

} // namespace nirc
