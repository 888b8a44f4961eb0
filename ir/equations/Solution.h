//===- Solution.h - the equations of NIR, solved ----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/equations/Neuron.h"

#include <vector>

namespace nir {

/// The numbers of the file that a neuron has, and which of them are read.
std::vector<ReadParameter> readParameters(Family family, bool spikes, const Ignored &ignored);

/// How much of the current reaches the membrane while both decay, of the a and b that are named so:
/// a exp(-min(a, b)) (1 - exp(-|a - b|))/|a - b|. No quotient of a difference, which would cancel
/// where the time constants are close.
Expression shareOfCurrent();

} // namespace nir
