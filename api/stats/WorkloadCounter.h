//===- WorkloadCounter.h - what a network does on its input --------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/stats/Arrivals.h"
#include "api/stats/FanOut.h"
#include "api/stats/Stats.h"

#include <cstdint>
#include <string>
#include <vector>

namespace nirc {

/// Counts what recordings of runs hold, sample by sample, whatever target they are from. Runs may
/// come in parts: a call that NeuroBench would see ends with its last sample, not with a part.
class WorkloadCounter {
public:
  /// `stats`: of the same graph, which passed the check and has its times in seconds. `batch`:
  /// samples of a call.
  static nir::Result<WorkloadCounter> create(const nir::Graph &graph, const nir::Checked &checked,
                                             const nir::Semantics &semantics, Stats stats,
                                             int64_t batch);

  /// What a run has to record: spikes, and what integrators pass on.
  const std::vector<nir::Probe> &probes() const { return recorded; }
  /// The membrane of every neuron, for membrane updates. A target may lack it: see `skipMembranes`.
  const std::vector<nir::Probe> &membranes() const { return membraneProbes; }
  /// Membrane updates are then not counted; `why` is said.
  void skipMembranes(const std::string &why);

  /// Counts every sample of a run. `input` is what drove it, `run` has what was asked for.
  nir::Status add(const nir::Recording &input, const nir::Recording &run, int64_t samples,
                  int64_t steps);
  Stats finish();

private:
  /// What a connection did in one step of a call, which ends with the batch.
  struct Call {
    int64_t effective = 0;
    bool isMac = false;
  };
  struct Connection {
    size_t node; ///< in `stats`
    FanOut fanOut;
    std::vector<Call> calls; ///< one a step
  };
  /// A population, and what its updates take.
  struct Neurons {
    size_t node;            ///< in `stats`
    int64_t operations = 0; ///< of an update that changes v, and of any
  };

  explicit WorkloadCounter(Arrivals arrivals) : arrivals(std::move(arrivals)) {}
  nir::Status addArrivals(const nir::Recording &input, const nir::Recording &run, int64_t sample,
                          int64_t steps);
  void addSpikes(const nir::Recording &run);
  void addMembranes(const nir::Recording &run);
  void endCalls();

  Arrivals arrivals;
  Stats stats;
  std::vector<Connection> connections; ///< as in `arrivals`
  std::vector<Neurons> membranesOf;    ///< as in `membraneProbes`
  std::vector<nir::Probe> recorded, membraneProbes;
  int64_t open = 0; ///< samples of the call that has not ended
};

} // namespace nirc
