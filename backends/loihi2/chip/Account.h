//===- Account.h - what a run did, and what it would take -------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"
#include "backends/loihi2/chip/Chip.h"
#include "backends/loihi2/chip/Costs.h"

namespace nirc::loihi2 {

/// Counts by node, the inputs first.
CountTable countTable(const Image &image, const ChipCounts &counts);

/// Energy and time of a step, in the mean over the run, by the published costs.
std::vector<Estimate> estimates(const Image &image, const ChipCounts &counts, const Costs &costs);

} // namespace nirc::loihi2
