//===- RunStats.cpp ------------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/RunStats.h"

#include "api/stats/WorkloadCounter.h"
#include "ir/graph/Check.h"

#include <algorithm>

namespace nirc {

nir::Result<Stats> statsOf(const Network &network, const StatsOptions &options) {
  if (network.isSettled()) {
    return nir::Error(nir::Cause::WrongModel,
                      "holds a network that is clocked already, expected a graph: its synapses are "
                      "counted as the graph has them")
        .in(network.file.path)
        .note("give the graph, and --format for its numbers");
  }
  nir::Result<const BufferConvention *> convention = findBufferConvention(options.buffers);
  if (!convention) {
    return convention.takeError();
  }
  return staticStats(network.graph, network.checked, **convention);
}

/// Some of the samples, which share the memory of all.
static nir::Recording part(const nir::Recording &all, int64_t first, int64_t count) {
  nir::Recording some{all.dtSeconds, {}};
  for (const nir::Trace &trace : all.traces) {
    nir::Shape shape = trace.data.shape();
    size_t stride = trace.data.sizeInBytes() / static_cast<size_t>(std::max<int64_t>(1, shape[0]));
    shape[0] = count;
    std::shared_ptr<const std::byte> begin(
        trace.data.share(), trace.data.bytes() + static_cast<size_t>(first) * stride);
    some.traces.push_back(
        {trace.node, trace.observable, nir::Tensor(trace.data.dtype(), shape, std::move(begin))});
  }
  return some;
}

/// Compiles the network to record what is counted; without membranes where the target has none.
static nir::Result<Compiled> compileFor(WorkloadCounter &counter, const Network &network,
                                        Choices choices, const Manner &manner) {
  choices.probes = counter.probes();
  Choices withMembranes = choices;
  withMembranes.probes.insert(withMembranes.probes.end(), counter.membranes().begin(),
                              counter.membranes().end());
  nir::Result<Compiled> compiled = compile(network, withMembranes, manner);
  if (compiled || counter.membranes().empty()) {
    return compiled;
  }
  nir::Error why = compiled.takeError();
  nir::Result<Compiled> without = compile(network, choices, manner);
  if (!without) {
    return why;
  }
  counter.skipMembranes(why.message);
  return without;
}

/// How many samples to run at once.
static int64_t samplesAtOnce(const Stats &stats, const Inputs &inputs,
                             const StatsOptions &options) {
  int64_t bytes = 0; // of a step: a spike and a number for each element at most
  for (const NodeStats &node : stats.nodes) {
    bool isRecorded = node.role == Role::Spiking || node.role == Role::Integrating;
    bytes += isRecorded ? nir::numElements(node.shape) * 9 : 0;
  }
  int64_t ofSample = std::max<int64_t>(1, bytes * std::max<int64_t>(1, inputs.steps));
  return std::clamp<int64_t>(options.mostBytes / ofSample, 1, std::max<int64_t>(1, inputs.batch));
}

nir::Result<Stats> statsOf(const Network &network, const Choices &choices, const Inputs &inputs,
                           const Manner &manner, const StatsOptions &options) {
  nir::Result<Stats> ofGraph = statsOf(network, options);
  if (!ofGraph) {
    return ofGraph;
  }
  int64_t atOnce = samplesAtOnce(*ofGraph, inputs, options);
  nir::Result<WorkloadCounter> counter = WorkloadCounter::create(
      network.graph, network.checked, choices.semantics, *std::move(ofGraph), options.batch);
  if (!counter) {
    return counter.takeError().in(network.file.path);
  }
  nir::Result<Compiled> compiled = compileFor(*counter, network, choices, manner);
  if (!compiled) {
    return compiled.takeError();
  }
  for (int64_t first = 0; first < inputs.batch; first += atOnce) {
    int64_t count = std::min(atOnce, inputs.batch - first);
    nir::Recording some = part(inputs.recording, first, count);
    auto progress = [&](int64_t done, int64_t) {
      if (manner.progress) {
        manner.progress(first * inputs.steps + done, inputs.batch * inputs.steps);
      }
    };
    nir::Result<nir::Recording> run = compiled->executable->run(some, {.steps = inputs.steps,
                                                                       .threads = manner.threads,
                                                                       .progress = progress,
                                                                       .stop = manner.stop});
    if (!run) {
      return run.takeError();
    }
    if (nir::Status failed = counter->add(some, *run, count, inputs.steps)) {
      return std::move(*failed).in(network.file.path);
    }
  }
  return counter->finish();
}

} // namespace nirc
