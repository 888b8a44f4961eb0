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
  int64_t lanes = 0;           ///< of PlanOptions
  bool usesMultipliers = true; ///< products in DSP blocks; else in logic
};

/// What to try on a device after a design that did not fit, whose units have `widest` lanes at
/// most: products in logic, then half the lanes. Lanes that were asked for stay as they are.
std::vector<Attempt> attemptsFrom(int64_t widest, bool lanesAreFixed, const Device &device);

/// Whether LUTs, blocks and multipliers suffice. Flip-flops are beside the LUTs, one each at least,
/// and never run out first.
bool fits(const Resources &needs, const Device &device);

/// DoesNotFit, at the unit that needs most of what runs out.
nir::Error doesNotFit(const ResourcePrediction &needs, const Device &device, int64_t lanes);

} // namespace nirc::fpga
