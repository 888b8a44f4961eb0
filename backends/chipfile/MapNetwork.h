//===- MapNetwork.h - which core has which neurons --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/chipfile/Chip.h"
#include "passes/neurons/Neurons.h"
#include "passes/partition/Partition.h"

namespace nirc::chipfile {

/// What a core of the chip has room for.
class ChipCore : public CoreModel {
public:
  ChipCore(const Chip &chip, const NeuronModel &model);

  const std::vector<Resource> &resources() const override { return all; }
  std::vector<int64_t> load(std::span<const int32_t> neurons) const override;
  int64_t mostRoutes() const override;
  std::string routeName() const override { return "outputs"; }
  double leastCores(std::span<const int32_t> neurons) const override;

private:
  /// Neurons, synapses, inputs and bits of memory.
  struct Use {
    int64_t neurons = 0, synapses = 0, inputs = 0, states = 0;
  };
  int64_t bytesOf(const Use &use) const;
  std::vector<int64_t> loadsOf(const Use &use) const;

  const Chip &chip;
  const NeuronModel &model;
  std::vector<Resource> all;
};

/// What the chip says of each neuron, whatever core it is on: fan-in, fan-out, bits of states,
/// instructions.
nir::Status checkNeurons(const Chip &chip, const NeuronModel &model);

/// The model on the chip's cores: those that `given` says, or else as few as are found. An error
/// where there are not enough.
nir::Result<Mapping> mapToChip(const Chip &chip, const NeuronModel &model,
                               std::optional<Mapping> given, const PartitionOptions &options);

} // namespace nirc::chipfile
