//===- Chip.h - a chip, as a file describes it ------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "passes/partition/Mapping.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nirc::chipfile {

/// What a core's memory holds; what takes no bits is kept elsewhere.
struct CoreMemory {
  int64_t bytes = 0;
  int64_t bitsPerNeuron = 0, bitsPerState = 0, bitsPerSynapse = 0, bitsPerInput = 0;
};

/// Limits that are not there are none.
struct Chip {
  std::string name, summary, source;
  CoreGrid grid; ///< of one chip
  int64_t chips = 1;

  int64_t neurons = 0; ///< of a core
  std::optional<int64_t> synapses;
  std::optional<int64_t> inputs;  ///< sources whose spikes a core takes
  std::optional<int64_t> outputs; ///< routes: its neurons, each for each core that it reaches
  std::optional<CoreMemory> memory;

  std::optional<int64_t> fanIn;  ///< synapses of a neuron
  std::optional<int64_t> fanOut; ///< synapses that a neuron drives
  int64_t stateBits = 32;
  std::optional<int64_t> instructions; ///< of an update
  int64_t weightBits = 0;
  int64_t longestDelay = 0; ///< in steps, beyond the one that every spike takes

  std::vector<std::string> primitives;
  std::string format;     ///< what differs from "int8"
  std::string semantics;  ///< what differs from "nir"
  double dtSeconds = 0.0; ///< 0: any

  int64_t cores() const { return chips * grid.coresPerChip(); }
  int64_t largestWeight() const {
    return weightBits == 1 ? 1 : (int64_t{1} << (weightBits - 1)) - 1;
  }
};

} // namespace nirc::chipfile
