//===- Split.h - a network of neurons, cut into parts -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "passes/partition/Partition.h"
#include "passes/synapses/Synapses.h"

#include <span>
#include <string>
#include <vector>

namespace nirc {

/// Who sends spikes to whom, as `partition` takes it.
NeuronGraph graphOf(const SynapseModel &model, std::vector<NeuronGraph::Population> populations);

/// The neurons on as few cores as `partition` finds, on the chips of a target.
nir::Result<Mapping> mapToCores(const NeuronGraph &graph, const CoreModel &cores,
                                std::string_view target, const CoreGrid &grid,
                                const PartitionOptions &options);

/// Whether a mapping that was read has all neurons once, within the limits and on such chips; its
/// loads are then filled in.
nir::Status checkMapping(const NeuronGraph &graph, const CoreModel &cores, const CoreGrid &grid,
                         Mapping &mapping);

/// A synapse of a part.
struct PartSynapse {
  int32_t place = 0; ///< of the neuron in the part, counted from 0
  int32_t delay = 0;
  int64_t weight = 0;
  bool operator==(const PartSynapse &) const = default;
};

/// All synapses of a part that one source drives, by delay and place.
struct PartRow {
  int32_t source = 0;
  std::vector<PartSynapse> synapses;
};

/// The rows of a part that has these neurons in this order, by source.
std::vector<PartRow> rowsOf(const SynapseModel &model, std::span<const int32_t> neurons);

/// Which parts each source reaches, ascending: sources are the elements of the inputs, then the
/// neurons.
std::vector<std::vector<int32_t>> partsReached(const SynapseModel &model,
                                               std::span<const std::vector<int32_t>> parts);

} // namespace nirc
