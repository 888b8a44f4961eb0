//===- Spikes.h - the spikes of the first sample ----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "tools/pictures/charts/Run.h"

#include <cstdint>
#include <string>
#include <vector>

namespace nirc {

/// Of one node in the first sample.
struct NodeSpikes {
  struct Spike {
    double seconds; ///< the middle of its step, or its time where that is known
    int64_t neuron, count;
  };
  std::string node;
  int64_t neurons = 0, steps = 0;
  std::vector<Spike> spikes; ///< by time, then neuron
  int64_t total = 0;         ///< counts added up
};

/// How long a sample is, in seconds.
double endOf(const nir::Recording &recording);
/// One of each trace "spikes", in the order of the run's nodes. An Output that shows the spikes of
/// a recorded node again is left out.
std::vector<NodeSpikes> spikesOf(const RunPicture &run);
/// Traces of that observable, in that order.
std::vector<const nir::Trace *> tracesOf(const RunPicture &run, std::string_view observable);
/// Neurons of one sample.
int64_t neuronsOf(const nir::Trace &trace);
/// "sample 1 of 5. " where there are several.
std::string sampleText(const nir::Recording &recording);

} // namespace nirc
