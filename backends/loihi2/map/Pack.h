//===- Pack.h - the synapses of a core in their words -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/loihi2/Limits.h"
#include "backends/loihi2/match/Model.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace nirc::loihi2 {

enum class SignMode : uint8_t { Mixed, Excitatory, Inhibitory };

/// How the synapses of a block are packed. A field f of `weightBits` is the weight
/// f << (8 - weightBits), one more where signs are mixed, and that times 2^exponent is what a
/// spike adds to a. Lava b6822fb, proc/dense/models.py.
struct SynapseFormat {
  SignMode mode = SignMode::Mixed;
  int weightBits = 8, delayBits = 0, indexBits = 12;
  int exponent = 0;

  int shift() const { return 8 - weightBits + (mode == SignMode::Mixed) + exponent; }
  int synapseBits() const { return weightBits + delayBits + indexBits; }
  auto operator<=>(const SynapseFormat &) const = default;
};

constexpr int blockFormatBits = 4, blockCountBits = 6; ///< the header of a block
constexpr int64_t mostInBlock = 64;

/// A synapse of a core.
struct CoreSynapse {
  int32_t compartment = 0; ///< of the core
  int32_t delay = 0;
  int64_t weight = 0; ///< with its exponent
};

/// An input axon: what spikes of one source do in a core.
struct CoreAxon {
  int32_t source = 0; ///< of the model
  uint32_t firstWord = 0, blocks = 0;
};

struct PackedSynapses {
  std::vector<SynapseFormat> formats; ///< at most 16
  std::vector<CoreAxon> axons;        ///< by their source
  std::vector<uint64_t> words;

  int64_t bits() const { return static_cast<int64_t>(words.size()) * 64; }
};

/// Packs the synapses of these compartments of the model, as the core's in this order. A weight
/// that no single mantissa and exponent gives becomes two synapses.
PackedSynapses packSynapses(const Model &model, std::span<const int32_t> compartments);

/// The format of the fewest bits, from `leastBits` on, that has all these weights; none where they
/// need more than one.
std::optional<SynapseFormat> formatFor(std::span<const int64_t> weights, int leastBits = 1);

} // namespace nirc::loihi2
