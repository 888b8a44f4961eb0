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
#include "ir/graph/Tensor.h"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace nirc::loihi2 {

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
};

/// What enters the chip as spikes.
struct InputPort {
  std::string node;
  nir::Shape shape;
  int32_t first = 0; ///< of the model's sources
};

/// A spike of `source` adds `weight` to a, `delay` steps after the next one. Exact: how a weight
/// becomes mantissas and exponents is decided where synapses are packed.
struct Synapse {
  int32_t source = 0; ///< elements of inputs come first, then compartments
  int32_t delay = 0;  ///< 0 to longestDelay
  int64_t weight = 0;
  bool operator==(const Synapse &) const = default;
};

/// What is read from the chip in every step.
struct Readout {
  enum class Kind : uint8_t { Spikes, Voltage, Current };
  std::string node, observable;
  Kind kind = Kind::Spikes;
  nir::Shape shape;
  std::vector<double> scales; ///< what 1 of a state stands for: one, or one a channel
  std::vector<int32_t> compartments;
  int64_t latency = 0; ///< nir::Trace::latency
};

struct Model {
  double dtSeconds = 0.0;
  std::vector<InputPort> inputs;
  int32_t inputElements = 0;
  std::vector<Population> populations; ///< by their first compartment
  /// For each compartment the synapses that drive it, by source and delay, none twice.
  std::vector<std::vector<Synapse>> synapses;
  std::vector<Readout> readouts; ///< outputs, then records
};

} // namespace nirc::loihi2
