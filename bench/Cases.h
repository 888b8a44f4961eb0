//===- Cases.h - what the benchmarks have in common -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "bench/Loops.h"
#include "bench/Networks.h"

#include "ir/recording/Recording.h"

#include <array>
#include <benchmark/benchmark.h>
#include <string>

namespace nirc::bench {

/// Shares of neurons that spike in a step. With 0, what a step costs beside its synapses is seen.
inline constexpr std::array<double, 4> activities = {0.0, 0.01, 0.05, 0.2};

/// "nirc/dense-1024/activity:5", in percent.
std::string caseName(const std::string &who, const std::string &network, double activity);

/// Spikes that a recurrent network passes on to itself when `input` [batch, steps, neurons] drives
/// it: all but those of the last step.
int64_t recurrentSpikes(const nir::Tensor &input);

/// The counters that bench/table.py reads, of runs of `steps` steps of `batch` samples each.
void report(benchmark::State &state, int64_t batch, int64_t steps, int64_t events);

/// A recording of one input.
nir::Recording driving(const Network &network, nir::Tensor input);

/// The same network for the loops; its weights stay the network's.
LoopNetwork loopNetworkOf(const Network &network);

} // namespace nirc::bench
