//===- CheckAxons.h - neurons that no core has axons for --------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/loihi2/Limits.h"
#include "dialects/snn/Snn.h"

namespace nirc::loihi2 {

/// Fails with a diagnostic where a neuron has more sources than a core has input axons, as far as
/// the one matrix that drives it says. The mapping would find the same, after all synapses were
/// made; of a matrix that is refused they are tens of millions.
llvm::LogicalResult checkAxons(snn::NetworkOp network, const CoreLimits &limits);

} // namespace nirc::loihi2
