//===- Limits.h - what a core of Loihi has room for -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The limits of the hardware as data. They are read from nowhere else; README.md tells what is not
// known of them.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "passes/partition/Mapping.h"

#include <cstdint>
#include <limits>

namespace nirc::loihi2 {

constexpr int64_t unlimited = std::numeric_limits<int64_t>::max();

/// What a core has room for. A mapping keeps to one of these.
struct CoreLimits {
  int64_t compartments;
  int64_t synapseBits;
  int64_t inputAxons, outputAxons;
  int64_t decayConfigs = unlimited;     ///< pairs of du and dv that neurons share
  int64_t thresholdConfigs = unlimited; ///< thresholds that neurons share
};

/// nengo-loihi, block.py: MAX_COMPARTMENTS, MAX_SYNAPSE_BITS, MAX_IN_AXONS, MAX_OUT_AXONS; and
/// hardware/validate.py for the registers that neurons share.
constexpr CoreLimits loihi1Core = {1024, int64_t{16384} * 64, 4096, 4096, 32, 16};
/// 8192 compartments are documented (en.wikichip.org/wiki/intel/loihi_2), but more than 4096 have
/// no index of the 12 bits that synapses have in all that is public. Of the rest Intel has
/// published nothing for a core, so it is that of Loihi 1; but its neurons are programs, whose
/// constants are each neuron's own.
constexpr CoreLimits loihi2Core = {4096, int64_t{16384} * 64, 4096, 4096};

/// 128 cores a chip (en.wikichip.org/wiki/intel/loihi_2). How they lie on it is not published for
/// Loihi 2; this is a grid of as many.
constexpr CoreGrid chipGrid = {16, 8};

// Numbers, as Lava b6822fb has them (proc/lif/models.py, proc/dense/models.py).
constexpr int decayBits = 12;           ///< of du and dv, in units of 1/4096
constexpr int64_t wholeDecay = 4096;    ///< all of a state is lost
constexpr int64_t largestDecay = 4095;  ///< of the fields du and dv
constexpr int64_t stateLimit = 1 << 23; ///< u wraps and v saturates here
constexpr int mantissaShift = 6;        ///< of thresholds and of weights
constexpr int64_t largestThreshold = (1 << 17) - 1;
constexpr int64_t leastBias = -(1 << 12), largestBias = (1 << 12) - 1;
constexpr int largestBiasExponent = 7;
constexpr int64_t largestWeight = 255;
constexpr int leastWeightExponent = -7, largestWeightExponent = 7;
constexpr int leastIndexBits = 6, mostIndexBits = 12; ///< of a compartment, in a synapse
/// Of two synapses: one of 8 bits times 2^7, and one of the 7 bits below.
constexpr int64_t largestSynapse = (largestWeight << largestWeightExponent) + 127;
// brian2_loihi, loihi_synapses.py
constexpr int64_t longestDelay = 62; ///< in steps, beyond the one that every spike takes
// nengo-loihi, hardware/validate.py
constexpr int64_t synapseFormats = 16; ///< a core

} // namespace nirc::loihi2
