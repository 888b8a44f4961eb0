//===- MapNetwork.h - which core has which neurons --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/loihi2/Limits.h"
#include "backends/loihi2/match/Model.h"
#include "ir/Error.h"
#include "passes/partition/Partition.h"

namespace nirc::loihi2 {

/// What `partition` asks of a core of Loihi: each answer packs the synapses as an image would.
class LoihiCore : public CoreModel {
public:
  LoihiCore(const Model &model, const CoreLimits &limits);

  const std::vector<Resource> &resources() const override { return all; }
  std::vector<int64_t> load(std::span<const int32_t> neurons) const override;
  int64_t mostRoutes() const override { return limits.outputAxons; }
  std::string routeName() const override { return "output axons"; }
  double leastCores(std::span<const int32_t> neurons) const override;

private:
  void findLeastBits();

  const Model &model;
  CoreLimits limits;
  std::vector<Resource> all;
  std::vector<const Compartment *> compartments; ///< of the model
  std::vector<int64_t> leastBits;                ///< of each neuron's synapses, without their index
};

/// The model as who sends spikes to whom.
NeuronGraph graphOf(const Model &model);

/// The model on as few cores with these limits as `partition` finds, on chips.
nir::Result<Mapping> mapToCores(const Model &model, const CoreLimits &limits = loihi2Core,
                                const PartitionOptions &options = {});

/// Whether a mapping that was read has all of the model's neurons, and within the limits; its loads
/// are then filled in.
nir::Status checkMapping(const Model &model, const CoreLimits &limits, Mapping &mapping);

} // namespace nirc::loihi2
