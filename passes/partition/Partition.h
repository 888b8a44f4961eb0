//===- Partition.h - neurons onto cores -------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "passes/partition/NeuronGraph.h"

namespace nirc {

struct PartitionOptions {
  bool shareCores = true; ///< neurons of several populations may be on one core
};

struct Partition {
  std::vector<std::vector<int32_t>> cores; ///< neurons, in the order in which a core has them
  std::string partitioner;                 ///< which orders were taken
};

/// Spreads the neurons over as few cores as it finds. Each population is put in the order in which
/// it fills the fewest cores (passes/partition/Orders.h), or, of those alike, takes the least of
/// all resources, which the one with the fewest routes and so messages does; then the cores are
/// filled one after the other. Where the neurons of a core reach more cores than it has routes for,
/// all are filled once more with what each neuron reached, and what is still too much is halved.
/// Fails where a neuron alone is too much for a core. Deterministic.
nir::Result<Partition> partition(const NeuronGraph &graph, const CoreModel &cores,
                                 const PartitionOptions &options = {});

/// Who of a core's neurons sends spikes where, as routes between cores and from the inputs.
void addRoutes(const NeuronGraph &graph, const std::vector<std::vector<int32_t>> &cores,
               Mapping &mapping);

/// A partition as a mapping: ranges of neurons, routes and loads; not yet with places.
Mapping mappingOf(const NeuronGraph &graph, const CoreModel &cores, const Partition &partition);

/// The neurons of each core, as `mappingOf` has written them; those of populations that the graph
/// does not have are left out.
std::vector<std::vector<int32_t>> neuronsOf(const NeuronGraph &graph, const Mapping &mapping);

} // namespace nirc
