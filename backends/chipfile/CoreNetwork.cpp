//===- CoreNetwork.cpp - a network on its cores ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/chipfile/CoreNetwork.h"

#include "passes/neurons/BuildNeurons.h"
#include "passes/partition/Ranges.h"

#include <algorithm>
#include <map>

using namespace nirc;
using namespace nirc::chipfile;

/// Of a column the numbers of these neurons: one where they all have the same.
static std::vector<int64_t> numbersOf(const NeuronColumn &column,
                                      std::span<const int32_t> neurons) {
  std::vector<int64_t> numbers;
  for (int32_t neuron : neurons) {
    numbers.push_back(column.at(static_cast<size_t>(neuron)));
  }
  if (std::ranges::adjacent_find(numbers, std::not_equal_to<>()) == numbers.end()) {
    numbers.resize(1);
  }
  return numbers;
}

/// `neurons` are of the population, in the order of the core.
static CoreGroup groupOf(const NeuronPopulation &population, size_t number,
                         std::span<const int32_t> neurons) {
  CoreGroup group{number, rangesOf(neurons), {}, {}, {}};
  for (const NeuronState &state : population.states) {
    group.states.push_back(numbersOf(state, neurons));
  }
  for (const NeuronColumn &parameter : population.parameters) {
    group.parameters.push_back(numbersOf(parameter, neurons));
  }
  std::map<int32_t, int32_t> places;
  for (int32_t neuron : neurons) {
    places.emplace(neuron, static_cast<int32_t>(places.size()));
  }
  for (const NeuronBias &bias : population.biases) {
    if (auto place = places.find(bias.neuron); place != places.end()) {
      group.biases.push_back({bias.step, place->second, bias.added});
    }
  }
  return group;
}

/// A core has each population once: neurons that follow each other in the order of the mapping.
static Core coreOf(const NeuronModel &model, std::vector<int32_t> neurons) {
  std::map<size_t, std::vector<int32_t>> byPopulation;
  for (int32_t neuron : neurons) {
    size_t number = model.populationOf(neuron);
    byPopulation[number].push_back(neuron - model.populations[number].first);
  }
  Core core;
  neurons.clear();
  for (const auto &[number, own] : byPopulation) {
    core.groups.push_back(groupOf(model.populations[number], number, own));
    for (int32_t neuron : own) {
      neurons.push_back(model.populations[number].first + neuron);
    }
  }
  for (const PartRow &row : rowsOf(model, neurons)) {
    CoreRow &made = core.rows.emplace_back();
    made.source = row.source;
    for (const PartSynapse &synapse : row.synapses) {
      made.places.push_back(synapse.place);
      made.delays.push_back(synapse.delay);
      made.weights.push_back(synapse.weight);
    }
    if (std::ranges::all_of(made.delays, [](int32_t delay) { return delay == 0; })) {
      made.delays.clear();
    }
  }
  return core;
}

static CoreReadout readoutOf(const NeuronModel &model, size_t number) {
  const Readout &readout = model.readouts[number];
  CoreReadout made;
  made.node = readout.node;
  made.observable = readout.observable;
  made.shape = readout.shape;
  made.latency = readout.latency;
  made.isSpikes = readout.kind == Readout::Kind::Spikes;
  if (made.isSpikes) {
    made.neurons = readout.neurons;
  } else {
    made.population = model.sources[number].population;
    made.state = model.sources[number].state;
    made.scales = readout.scales;
  }
  return made;
}

CoreNetwork nirc::chipfile::coreNetworkOf(const NeuronModel &model, const Mapping &mapping,
                                          const ProgramInfo &info) {
  CoreNetwork network;
  network.chip = info.target;
  network.nirc = info.nirc;
  network.model = info.model;
  network.semantics = info.semantics;
  network.format = info.format;
  network.dtSeconds = info.dtSeconds;
  network.inputs = model.inputs;
  network.inputElements = model.inputElements;
  network.neurons = static_cast<int32_t>(model.synapses.size());
  network.updates = model.codes;
  for (const NeuronPopulation &each : model.populations) {
    CorePopulation population{each.node,  each.shape,  each.first, each.count, each.code,
                              each.start, each.spikes, {},         {}};
    for (const NeuronState &state : each.states) {
      population.states.push_back(state.name);
    }
    for (const NeuronColumn &parameter : each.parameters) {
      population.parameters.push_back(parameter.name);
    }
    network.populations.push_back(std::move(population));
  }
  std::vector<std::vector<int32_t>> parts = neuronsOf(graphOf(model), mapping);
  for (size_t i = 0; i < parts.size(); ++i) {
    network.cores.push_back(coreOf(model, std::move(parts[i])));
    network.cores.back().chip = mapping.cores[i].chip;
    network.cores.back().column = mapping.cores[i].column;
    network.cores.back().row = mapping.cores[i].row;
  }
  for (size_t i = 0; i < model.readouts.size(); ++i) {
    network.readouts.push_back(readoutOf(model, i));
  }
  network.outputs = info.outputs.size();
  network.records = info.records.size();
  return network;
}

ProgramInfo nirc::chipfile::infoOf(const CoreNetwork &network) {
  ProgramInfo info;
  info.target = network.chip;
  info.nirc = network.nirc;
  info.model = network.model;
  info.semantics = network.semantics;
  info.format = network.format;
  info.dtype = nir::DType::F64;
  info.dtSeconds = network.dtSeconds;
  for (const SpikeInput &input : network.inputs) {
    info.inputs.push_back({input.node, "value", input.shape, nir::DType::F64, 0});
  }
  for (size_t i = 0; i < network.readouts.size(); ++i) {
    const CoreReadout &readout = network.readouts[i];
    PortInfo port{readout.node, readout.observable, readout.shape,
                  readout.isSpikes ? nir::DType::U8 : nir::DType::F64, readout.latency};
    if (i < network.outputs) {
      info.outputs.push_back(port);
    } else if (i < network.outputs + network.records) {
      info.records.push_back(port);
    }
    if (i >= network.outputs && readout.state) {
      info.states.push_back(std::move(port));
    }
  }
  return info;
}

int64_t nirc::chipfile::slotsOf(const Core &core) {
  int32_t longest = 0;
  for (const CoreRow &row : core.rows) {
    for (int32_t delay : row.delays) {
      longest = std::max(longest, delay);
    }
  }
  return int64_t{1} + longest;
}
