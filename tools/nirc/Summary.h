//===- Summary.h - what came out, for people --------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/recording/Recording.h"

#include <cstdint>
#include <string>
#include <vector>

namespace nirc {

/// What one trace holds, in a line or a few: for spikes their number, the neurons that spiked, the
/// counts of a small node and which neuron has most; for the rest the range and the last values.
/// A line a sample where there are several, ten at most.
std::string traceSummary(const nir::Trace &trace);

/// A drawing of the first sample's spikes, which is called `sample`; empty where there is one
/// alone.
std::string traceRaster(const nir::Trace &trace, int64_t width, double dtSeconds,
                        const std::string &sample);

} // namespace nirc
