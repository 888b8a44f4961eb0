//===- Synapses.h - a network as spikes, synapses and read-outs -*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a chip of neurons is to compute, but for the neurons themselves: plain numbers, without
// MLIR. Neurons and elements of inputs are counted through the network: sources of spikes are the
// elements of the inputs, in their order, then the neurons.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/graph/Tensor.h"

#include <cstdint>
#include <string>
#include <vector>

namespace nirc {

/// What enters as spikes.
struct SpikeInput {
  std::string node;
  nir::Shape shape;
  int32_t first = 0; ///< of the sources
};

/// A spike of `source` adds `weight` to what a neuron gets, `delay` steps after the next one.
/// Exact: in which bits a weight is kept is decided where synapses are packed.
struct Synapse {
  int32_t source = 0;
  int32_t delay = 0;
  int64_t weight = 0;
  bool operator==(const Synapse &) const = default;
};

/// What is read in every step: spikes, or a state, v under any name or i.
struct Readout {
  enum class Kind : uint8_t { Spikes, Voltage, Current };
  std::string node, observable;
  Kind kind = Kind::Spikes;
  nir::Shape shape;
  std::vector<double> scales; ///< what 1 of a state stands for: one, or one a channel
  std::vector<int32_t> neurons;
  int64_t latency = 0; ///< nir::Trace::latency
};

/// A network but for the constants of its neurons, which a platform adds.
struct SynapseModel {
  double dtSeconds = 0.0;
  std::vector<SpikeInput> inputs;
  int32_t inputElements = 0;
  /// For each neuron the synapses that drive it, by source and delay, none twice.
  std::vector<std::vector<Synapse>> synapses;
  std::vector<Readout> readouts; ///< outputs, then records
};

} // namespace nirc
