//===- Account.cpp - what a run did, and what it would take ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/chip/Account.h"

#include "ir/Wording.h"

#include <algorithm>
#include <fmt/format.h>

using namespace nirc;
using namespace nirc::loihi2;

/// The nodes that share a core: "lif1", "lif1, lif2", "lif1, lif2 and 4 others".
static std::string nodesOf(const Image::Core &core) {
  constexpr size_t most = 2;
  std::string names;
  for (size_t i = 0; i < std::min(core.neurons.size(), most); ++i) {
    names += (i > 0 ? ", " : "") + core.neurons[i].node;
  }
  size_t others = core.neurons.size() - std::min(core.neurons.size(), most);
  return others == 0 ? names
                     : names + fmt::format(" and {} other{}", others, others > 1 ? "s" : "");
}

CountTable loihi2::countTable(const Image &image, const ChipCounts &counts) {
  CountTable table{{"cores", "neurons", "spikes", "messages", "synaptic operations"}, {}};
  for (size_t i = 0; i < image.inputs.size(); ++i) {
    table.rows.push_back({image.inputs[i].node, {0, 0, counts.inputSpikes[i], 0, 0}});
  }
  for (size_t i = 0; i < image.cores.size(); ++i) {
    const Image::Core &core = image.cores[i];
    std::string nodes = nodesOf(core);
    auto row = std::find_if(table.rows.begin() + std::ssize(image.inputs), table.rows.end(),
                            [&](const CountTable::Row &each) { return each.node == nodes; });
    if (row == table.rows.end()) {
      row = table.rows.insert(row, {nodes, {0, 0, 0, 0, 0}});
    }
    const CoreCounts &did = counts.cores[i];
    int64_t values[] = {1, std::ssize(core.compartments), did.spikes, did.messages, did.operations};
    std::transform(std::begin(values), std::end(values), row->values.begin(), row->values.begin(),
                   std::plus());
  }
  return table;
}

static Figure operator*(Figure figure, double times) {
  return {figure.least * times, times == 0.0 ? 0.0 : figure.most * times};
}

static Figure operator+(Figure a, Figure b) { return {a.least + b.least, a.most + b.most}; }

/// "23.6 pJ or more", "52 to 81 pJ".
static std::string text(Figure figure, const char *unit) {
  return figure.most == notPublished   ? fmt::format("{:g} {} or more", figure.least, unit)
         : figure.least == figure.most ? fmt::format("{:g} {}", figure.least, unit)
         : figure.least == 0.0 ? fmt::format("{:g} {} or less", figure.most, unit)
                               : fmt::format("{:g} to {:g} {}", figure.least, figure.most, unit);
}

static Estimate energy(std::string name, Figure picojoule, std::string basis, const Costs &costs) {
  return {
      std::move(name), "J",       picojoule.least * 1e-12, picojoule.most * 1e-12, std::move(basis),
      costs.source,    costs.chip};
}

static std::vector<Estimate> energies(int64_t neurons, const ChipCounts &counts,
                                      const Costs &costs) {
  auto steps = static_cast<double>(std::max<int64_t>(counts.steps, 1));
  double operations = static_cast<double>(counts.synapticOperations) / steps;
  double messages = static_cast<double>(counts.messages) / steps;
  auto updates = static_cast<double>(neurons);
  Figure synapses = costs.synapticOperationPicojoule * operations;
  Figure neuron = costs.neuronUpdatePicojoule * updates;
  Figure spikes = {costs.spikePicojoule.least * messages, messages > 0 ? notPublished : 0.0};
  return {energy("energy of synapses", synapses,
                 fmt::format("{:.1f} operations of {}", operations,
                             text(costs.synapticOperationPicojoule, "pJ")),
                 costs),
          energy("energy of neurons", neuron,
                 fmt::format("{} updates of {}, inactive to active", neurons,
                             text(costs.neuronUpdatePicojoule, "pJ")),
                 costs),
          energy("energy of messages", spikes,
                 fmt::format("{:.1f} of {} within a tile, and more between tiles", messages,
                             text(costs.spikePicojoule, "pJ")),
                 costs),
          energy("energy", synapses + neuron + spikes, "the sum, without static power", costs)};
}

/// Cores work at the same time, and a step ends when the last one is done.
static Estimate stepTime(const Image &image, const ChipCounts &counts, const Costs &costs) {
  int64_t neurons = 0;
  for (const Image::Core &core : image.cores) {
    neurons = std::max(neurons, std::ssize(core.compartments));
  }
  double operations = static_cast<double>(counts.slowestOperations) /
                      static_cast<double>(std::max<int64_t>(counts.steps, 1));
  Figure barrier = costs.barrierNanosecond;
  if (std::ssize(image.cores) > costs.coresOfBarrier) {
    barrier.most = notPublished;
  }
  Figure nanosecond = costs.neuronUpdateNanosecond * static_cast<double>(neurons) +
                      costs.synapticOperationNanosecond * operations + barrier;
  return {"time",
          "s",
          nanosecond.least * 1e-9,
          nanosecond.most * 1e-9,
          fmt::format("in one core {} of {}, {:.1f} operations of {}; a barrier of {}",
                      nir::counted(neurons, "neuron"), text(costs.neuronUpdateNanosecond, "ns"),
                      operations, text(costs.synapticOperationNanosecond, "ns"),
                      text(barrier, "ns")),
          costs.source,
          costs.chip};
}

std::vector<Estimate> loihi2::estimates(const Image &image, const ChipCounts &counts,
                                        const Costs &costs) {
  int64_t neurons = 0;
  for (const Image::Core &core : image.cores) {
    neurons += std::ssize(core.compartments);
  }
  std::vector<Estimate> all = energies(neurons, counts, costs);
  all.push_back(stepTime(image, counts, costs));
  return all;
}
