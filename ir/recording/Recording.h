//===- Recording.h - what goes into and comes out of a run ------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/graph/Tensor.h"

#include <string>
#include <string_view>
#include <vector>

namespace nir {

/// One quantity of one node over a run.
struct Trace {
  std::string node;       ///< path of the node: "lif1", "encoder.lif1"
  std::string observable; ///< "value" (what an Input, Output or stateless node passes on),
                          ///< "spikes", or a state: "v", "i"
  Tensor
      data; ///< [batch, T, shape of the node...]; spikes uint8, counts above 1 int32, else floats
  int64_t latency = 0; ///< of a balanced network: steps behind the sequential one, see
                       ///< docs/semantics.md, "Balancing"
};

/// A spike with its time.
struct Spike {
  int64_t sample = 0, neuron = 0; ///< neuron: row-major in the shape of the node
  double seconds = 0.0;           ///< from the start of the sample
  friend bool operator==(const Spike &, const Spike &) = default;
};

/// The spikes of one node over a run that knows their times: those that its trace "spikes" counts.
struct SpikeTimes {
  std::string node;          ///< path of the node, as in Trace
  int64_t neurons = 0;       ///< elements of the node
  int64_t batch = 0;         ///< samples of the run
  double endSeconds = 0.0;   ///< of a sample
  std::vector<Spike> spikes; ///< by sample, then time, then neuron
};

/// Traces on one grid of steps. All traces have the same batch and T.
struct Recording {
  double dtSeconds = 0.0;
  std::vector<Trace> traces;
  std::vector<SpikeTimes> times = {}; ///< of an event-driven run, one for each trace "spikes"

  const Trace *find(std::string_view node, std::string_view observable) const {
    for (const Trace &trace : traces) {
      if (trace.node == node && trace.observable == observable) {
        return &trace;
      }
    }
    return nullptr;
  }
  const SpikeTimes *findTimes(std::string_view node) const {
    for (const SpikeTimes &one : times) {
      if (one.node == node) {
        return &one;
      }
    }
    return nullptr;
  }
};

/// What to keep of a run beside the outputs: the observable `observable` of the node at path
/// `node`.
struct Probe {
  std::string node, observable;
};

} // namespace nir
