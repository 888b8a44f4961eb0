//===- Fit.h - whether a design goes on a device ----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/fpga/synth/Cost.h"
#include "ir/Error.h"

#include <vector>

namespace nirc::fpga {

/// A design to try on a device.
struct Attempt {
  int64_t mostLanes = 0;       ///< of PlanOptions
  bool usesMultipliers = true; ///< products in DSP blocks; else in logic

  bool operator==(const Attempt &) const = default;
};

/// What to try on a device, the best first, for a design whose units have `widest` lanes at most:
/// products in DSP blocks, in logic, then both with half the lanes. Lanes that were asked for stay.
std::vector<Attempt> attemptsOn(const Device &device, int64_t widest, bool lanesAreFixed);

/// Whether LUTs, blocks and multipliers suffice, with some LUTs left so that it can be routed.
bool fits(const Resources &needs, const Device &device);

/// DoesNotFit, at the unit that needs most of what runs out.
nir::Error doesNotFit(const ResourcePrediction &needs, const Device &device, int64_t lanes);

} // namespace nirc::fpga
