//===- Split.cpp - a network of neurons, cut into parts -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/split/Split.h"

#include "ir/Wording.h"
#include "passes/partition/Place.h"

#include <algorithm>
#include <fmt/format.h>
#include <tuple>

using namespace nirc;

NeuronGraph nirc::graphOf(const SynapseModel &model,
                          std::vector<NeuronGraph::Population> populations) {
  NeuronGraph graph;
  graph.inputs = model.inputElements;
  graph.populations = std::move(populations);
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

nir::Result<Mapping> nirc::mapToCores(const NeuronGraph &graph, const CoreModel &cores,
                                      std::string_view target, const CoreGrid &grid,
                                      const PartitionOptions &options) {
  nir::Result<Partition> found = partition(graph, cores, options);
  if (!found) {
    return found.takeError();
  }
  Mapping mapping = mappingOf(graph, cores, *found);
  mapping.target = target;
  mapping.grid = grid;
  place(mapping);
  return mapping;
}

/// Every neuron is on one core.
static nir::Status checkNeurons(const NeuronGraph &graph,
                                std::span<const std::vector<int32_t>> cores) {
  std::vector<int> places(static_cast<size_t>(graph.neurons()), 0);
  for (const std::vector<int32_t> &neurons : cores) {
    for (int32_t neuron : neurons) {
      if (neuron < 0 || neuron >= graph.neurons() || ++places[neuron] > 1) {
        return nir::Error(nir::Cause::DamagedFile,
                          "the snn.mapping has a neuron twice, or one that there is not");
      }
    }
  }
  if (std::ranges::find(places, 0) != places.end()) {
    return nir::Error(nir::Cause::DamagedFile,
                      fmt::format("the snn.mapping has {}, expected {}",
                                  nir::counted(std::ranges::count(places, 1), "neuron"),
                                  places.size()))
        .note("`nirc map` makes one that has all of them");
  }
  return {};
}

nir::Status nirc::checkMapping(const NeuronGraph &graph, const CoreModel &cores,
                               const CoreGrid &grid, Mapping &mapping) {
  if (mapping.grid.columns != grid.columns || mapping.grid.rows != grid.rows) {
    return nir::Error(nir::Cause::DamagedFile,
                      fmt::format("the snn.mapping lies on chips of {} by {}, expected {} by {}",
                                  mapping.grid.columns, mapping.grid.rows, grid.columns, grid.rows))
        .note("`nirc map` makes one that does");
  }
  Partition read{neuronsOf(graph, mapping), "as it was read"};
  if (nir::Status wrong = checkNeurons(graph, read.cores)) {
    return wrong;
  }
  Mapping full = mappingOf(graph, cores, read);
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

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

std::vector<PartRow> nirc::rowsOf(const SynapseModel &model, std::span<const int32_t> neurons) {
  struct Term {
    int32_t source;
    PartSynapse synapse;
  };
  std::vector<Term> terms;
  for (size_t place = 0; place < neurons.size(); ++place) {
    for (const Synapse &each : model.synapses[neurons[place]]) {
      terms.push_back({each.source, {static_cast<int32_t>(place), each.delay, each.weight}});
    }
  }
  std::ranges::sort(terms, {}, [](const Term &term) {
    return std::tuple(term.source, term.synapse.delay, term.synapse.place);
  });
  std::vector<PartRow> rows;
  for (const Term &term : terms) {
    if (rows.empty() || rows.back().source != term.source) {
      rows.push_back({term.source, {}});
    }
    rows.back().synapses.push_back(term.synapse);
  }
  return rows;
}

std::vector<std::vector<int32_t>> nirc::partsReached(const SynapseModel &model,
                                                     std::span<const std::vector<int32_t>> parts) {
  std::vector<std::vector<int32_t>> reached(model.inputElements + model.synapses.size());
  for (size_t part = 0; part < parts.size(); ++part) {
    auto number = static_cast<int32_t>(part);
    for (int32_t neuron : parts[part]) {
      for (const Synapse &each : model.synapses[neuron]) {
        std::vector<int32_t> &known = reached[each.source];
        if (known.empty() || known.back() != number) {
          known.push_back(number);
        }
      }
    }
  }
  return reached;
}
