//===- Family.h - whose rule holds for a neuron -----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "dialects/nir/HybridSystem.h"
#include "ir/choices/Semantics.h"

namespace nirc {

/// The family whose rule holds for the system: several states are as CubaLIF, one that leaks as
/// LIF, one that does not as IF.
inline nir::Family familyOf(const nir::HybridSystem &system) {
  return system.states.size() > 1            ? nir::Family::CubaLIF
         : system.states.front().tau.empty() ? nir::Family::IF
                                             : nir::Family::LIF;
}

} // namespace nirc
