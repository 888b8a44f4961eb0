//===- Limits.h - what a core of SpiNNaker2 has room for --------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The limits of the hardware as data. Where nothing else stands the source is the chip paper,
// arXiv:2607.24396, and for the cores arXiv:2103.08392, as a survey of SpiNNaker2's software of
// 2026-08 cites them. README.md tells what is not known.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "passes/partition/Mapping.h"

#include <cstdint>

namespace nirc::spinnaker2 {

/// Memory of a core (PE), for all that it has.
constexpr int64_t coreBytes = int64_t{128} * 1024;
/// At the end of it, as the platform's own software has it: heap and stack.
constexpr int64_t stackBytes = int64_t{4} * 1024;

/// 152 cores a chip in 38 groups of 4, of which applications have 148. Drawn as 37 by 4.
constexpr CoreGrid chipGrid = {37, 4};
constexpr int64_t coresPerChip = 148;
/// A multicast entry is 32 bits of key and 32 of mask.
constexpr int64_t multicastEntries = 16384;

/// A board that users have.
struct Board {
  const char *name;
  int64_t chips;
};
/// SpiNNode, and SpiNNcloud's board.
constexpr Board boards[] = {{"1", 1}, {"48", 48}};
/// The platform's two rails: 0.5 V and 0.8 V.
constexpr int64_t slowClock = 150'000'000, fastClock = 300'000'000; ///< Hz

/// Of synapses that a core adds up in a second, with 148 cores at 300 MHz: the published 1.8 * 10^9
/// of a chip.
constexpr double publishedEvents = 1.8e9;

/// Of all cores running CoreMark: 0.42 W at 150 MHz and 0.5 V, 1.25 W at 300 MHz and 0.8 V.
constexpr double slowWatts = 0.42, fastWatts = 1.25;
constexpr int64_t measuredCores = 152;

// Of this project's firmware (firmware/pe.h).
constexpr int64_t mostPlaces =
    16384; ///< of neurons, in a core: a block's first place is 12 bits of 4
constexpr int64_t longestRingDelay =
    255; ///< in steps, of a synapse beside those that the sender waits

// py-spinnaker2's synapses, as s2_nir and the platform's examples use them.
constexpr int64_t largestDelayWeight = 15, longestDelay = 7, largestWeight = 127;
/// 32 kB of a core are code, as the same survey has it; 250 neurons are in s2_nir and examples.
constexpr int64_t bytesBesideProgram = int64_t{96} * 1024, mostNeuronsPerCore = 250;

} // namespace nirc::spinnaker2
