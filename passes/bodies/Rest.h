//===- Rest.h - neurons that stay at rest without input ---------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "dialects/snn/Snn.h"

namespace nirc {

/// Whether every neuron of `population` that is at rest (all states 0) and gets no input (0) stays
/// at rest and passes on 0, or no spike. False also where that cannot be seen.
bool staysAtRest(snn::PopulationOp population);

} // namespace nirc
