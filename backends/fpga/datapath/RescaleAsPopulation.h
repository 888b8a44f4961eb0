//===- RescaleAsPopulation.h - a rescale as neurons -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "dialects/snn/Snn.h"

namespace nirc::fpga {

/// Puts a population of the same node in the place of a `snn.rescale`: one input, no states, and
/// the arithmetic of the op's description in its body, so that hardware and proofs know one kind of
/// arithmetic. Where the multipliers differ they are a parameter `multiplier`, one an element.
snn::PopulationOp rescaleAsPopulation(snn::RescaleOp op);

} // namespace nirc::fpga
