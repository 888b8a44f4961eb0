//===- Costs.h - what operations of the chip take, as published -*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Energies and times as data. They are those of Loihi 1: of Loihi 2 no energy of an operation is
// published. README.md says what they leave out.
//
//===----------------------------------------------------------------------===//

#pragma once

#include <cstdint>
#include <limits>

namespace nirc::loihi2 {

/// A published figure: between these, as far as the source says.
struct Figure {
  double least, most;
};

constexpr double notPublished = std::numeric_limits<double>::infinity();

struct Costs {
  const char *source, *chip;
  // Energies.
  Figure synapticOperationPicojoule; ///< a weight added
  Figure neuronUpdatePicojoule;      ///< inactive, active
  Figure spikePicojoule;             ///< to a core of the same tile
  // Times.
  Figure synapticOperationNanosecond;
  Figure neuronUpdateNanosecond;
  Figure barrierNanosecond; ///< of a chip with 1 to 32 tiles
  int64_t coresOfBarrier;   ///< beyond these it takes longer
};

/// Davies et al., IEEE Micro 38(1), 2018, table 2: simulated before there was silicon, at 0.75 V,
/// "consistent with early post-silicon characterization" (p. 95). The energy of a synaptic
/// operation is given as a minimum and its time as a maximum; the source does not say what makes an
/// update active.
constexpr Costs loihi1Costs = {
    "Davies et al. 2018, doi:10.1109/MM.2018.112130359, table 2",
    "Loihi 1, 14 nm, 0.75 V, simulated before silicon",
    {23.6, notPublished},
    {52.0, 81.0},
    {1.7, 1.7},
    {0.0, 3.5},
    {5.3, 8.4},
    {113.0, 465.0},
    128,
};

} // namespace nirc::loihi2
