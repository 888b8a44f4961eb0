//===- Model.h - a network as Loihi's neurons and synapses ------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the chip is to compute, before it is known on which cores: plain numbers, without MLIR.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/loihi2/Limits.h"
#include "passes/synapses/Synapses.h"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace nirc::loihi2 {

using nirc::Readout, nirc::SpikeInput, nirc::Synapse; // of compartments, as neurons

/// The constants of a neuron, as the chip keeps them. A step of it is
///     u = wrap24(rtz(u, du + 1) + (a << 6))          a: the sum of the weights of its spikes
///     v = clip24(rtz(v, dv) + u + (biasMantissa << biasExponent))
///     spike where v > threshold << 6, then v = 0
/// Lava b6822fb, PyLifModelBitAcc; docs/formats.md.
struct Compartment {
  int32_t du = 4095, dv = 0;
  int32_t threshold = 0; ///< mantissa
  int32_t biasMantissa = 0, biasExponent = 0;
  int32_t current = 0, voltage = 0; ///< u and v before the first step
  bool operator==(const Compartment &) const = default;
};

/// What a step keeps of a state: x (4096 - decay) / 4096, toward zero.
inline int64_t decayed(int64_t x, int64_t decay) {
  int64_t size = (std::abs(x) * (wholeDecay - decay)) >> decayBits;
  return x < 0 ? -size : size;
}

/// The neurons of a node, or those that spike in every step for the sake of biases, whose name no
/// node has.
struct Population {
  std::string node;
  int32_t first = 0; ///< of the model's compartments
  std::vector<Compartment> compartments;
  nir::Shape shape = {}; ///< of the compartments; may be empty where they lie nowhere
  /// Of each, what its connections add to its sum in every step and its bias has in place of them.
  std::vector<int64_t> bias = {};
};

/// Delays are at most longestDelay.
struct Model : SynapseModel {
  std::vector<Population> populations; ///< by their first compartment
};

} // namespace nirc::loihi2
