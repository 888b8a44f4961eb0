//===- Account.h - what a run did, and what it would take ----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/spinnaker2/machine/Machine.h"

namespace nirc::spinnaker2 {

/// Counts by node, the inputs first.
CountTable countTable(const Image &image, const MachineCounts &counts);

/// Of a step, in the mean over the run: instructions, the ticks that they allow, energy. None
/// without counted instructions.
std::vector<Estimate> estimates(const Image &image, const MachineCounts &counts);

} // namespace nirc::spinnaker2
