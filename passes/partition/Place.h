//===- Place.h - cores onto chips -------------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "passes/partition/Mapping.h"

namespace nirc {

/// Gives each core of the mapping a chip and a place on its grid, such that routes are short: cores
/// follow each other as they are, on one chip until it is full and there in lines back and forth;
/// then two places are exchanged as long as that shortens the routes, first across chips and then
/// on each. A route counts with its sources; across chips as `chipDistance` steps. Deterministic.
void place(Mapping &mapping);

/// Steps between cores, over all routes and times their sources: what `place` makes small.
int64_t routeLength(const Mapping &mapping);

/// A hop between chips, in steps between cores. Leaving a chip is far slower than crossing it; what
/// it is on a platform only weighs chips against each other, and no result depends on it.
constexpr int64_t chipDistance = 64;

} // namespace nirc
