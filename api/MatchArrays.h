//===- MatchArrays.h - whose spikes these are, in memory --------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Match.h"
#include "api/Plan.h"

#include <vector>

namespace nirc {

/// `match` of a model, with arrays that are in memory. `input`: a trace "value" [batch, T,
/// shape...] for each Input. Of the options dt, target, dtype and settings count. Errors of usage
/// are of the options and of what is expected, whose arrays are given or
/// read from files.
nir::Result<MatchReport> matchArrays(const Model &model, const PlanOptions &options,
                                     const nir::Recording &input,
                                     const std::vector<ExpectedSource> &expected, MatchOptions how,
                                     const Manner &manner);

} // namespace nirc
