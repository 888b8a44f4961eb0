//===- RunStats.h - counts of a run ---------------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Execution.h"
#include "api/stats/Stats.h"

namespace nirc {

struct StatsOptions {
  std::string buffers = "snntorch-0.9.4"; ///< a BufferConvention
  int64_t batch = 1;                      ///< samples of a call, as a data loader would have it
  /// Samples run at once, as far as what they record stays below.
  int64_t mostBytes = int64_t(256) << 20;
};

/// What follows from the graph alone. A clocked network or a program is refused: it has no graph.
nir::Result<Stats> statsOf(const Network &network, const StatsOptions &options);

/// The same with what the network does on `inputs`, on the target of `choices`. The target records
/// spikes; where it has no v to record, membrane updates are not counted and the workload says so.
nir::Result<Stats> statsOf(const Network &network, const Choices &choices, const Inputs &inputs,
                           const Manner &manner, const StatsOptions &options);

} // namespace nirc
