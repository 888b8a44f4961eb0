//===- FloatBiases.h - sums of whole numbers alone --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "dialects/snn/Snn.h"

namespace nirc {

/// Of a network whose states are floats: takes biases out of connections that drive populations
/// alone, and makes them a parameter of these, which is added to what is left. Connections then add
/// up whole numbers, whose sum is the same in any order.
void moveBiases(snn::NetworkOp network);

} // namespace nirc
