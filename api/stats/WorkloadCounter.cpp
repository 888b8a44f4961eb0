//===- WorkloadCounter.cpp -----------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/stats/WorkloadCounter.h"

#include "ir/graph/FlatGraph.h"
#include "ir/graph/Schedule.h"

#include <algorithm>
#include <cassert>
#include <map>

namespace nirc {

/// What an update takes in snnTorch: Leaky 4; Synaptic 6 where its reset subtracts and 8 where it
/// sets. Source: NeuroBench e521c28, metrics/workload/neuron_operations.py.
static int64_t operationsOfUpdate(const NodeStats &node, const nir::Semantics &semantics) {
  if (node.role != Role::Spiking) {
    return 0;
  }
  if (node.type != "CubaLIF") {
    return 4;
  }
  return semantics[nir::Family::CubaLIF].reset == nir::Reset::Subtract ? 6 : 8;
}

nir::Result<WorkloadCounter> WorkloadCounter::create(const nir::Graph &graph,
                                                     const nir::Checked &checked,
                                                     const nir::Semantics &semantics, Stats stats,
                                                     int64_t batch) {
  nir::Result<Arrivals> arrivals = Arrivals::create(graph, semantics);
  if (!arrivals) {
    return arrivals.takeError();
  }
  WorkloadCounter counter(*std::move(arrivals));
  counter.stats = std::move(stats);
  counter.stats.workload = Workload{.batch = batch, .dtSeconds = semantics.dtSeconds};
  counter.recorded = counter.arrivals.probes();

  std::map<std::string_view, size_t> places;
  for (size_t i = 0; i < counter.stats.nodes.size(); ++i) {
    const NodeStats &node = counter.stats.nodes[i];
    places[node.node] = i;
    if (node.role == Role::Spiking) {
      bool isThere = std::any_of(counter.recorded.begin(), counter.recorded.end(),
                                 [&](const nir::Probe &probe) { return probe.node == node.node; });
      if (!isThere) {
        counter.recorded.push_back({node.node, "spikes"});
      }
    }
    if (node.size.neurons > 0) {
      counter.membraneProbes.push_back({node.node, "v"});
      counter.membranesOf.push_back({i, operationsOfUpdate(node, semantics)});
    }
  }
  std::vector<nir::Diagnostic> none;
  nir::FlatGraph flat = nir::FlatGraph::of(graph, none);
  std::vector<const nir::NodeShapes *> shapes = nir::flatShapes(flat, checked.shapes);
  std::map<std::string, size_t> inFlat;
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    inFlat[flat.path(static_cast<int32_t>(i))] = i;
  }
  for (const std::string &path : counter.arrivals.connections()) {
    size_t at = inFlat.at(path);
    counter.connections.push_back(
        {places.at(path), fanOutOf(*flat.nodes[at].node, *shapes[at]), {}});
  }
  return counter;
}

void WorkloadCounter::skipMembranes(const std::string &why) {
  membraneProbes.clear();
  membranesOf.clear();
  stats.workload->hasMembranes = false;
  stats.workload->gaps.push_back("membrane updates: " + why);
}

nir::Status WorkloadCounter::addArrivals(const nir::Recording &input, const nir::Recording &run,
                                         int64_t sample, int64_t steps) {
  for (Connection &connection : connections) {
    connection.calls.resize(std::max(connection.calls.size(), static_cast<size_t>(steps)));
  }
  return arrivals.visit(input, run, sample, steps,
                        [&](size_t which, int64_t step, std::span<const double> values) {
                          Connection &connection = connections[which];
                          Activity &activity = stats.nodes[connection.node].activity;
                          Call &call = connection.calls[static_cast<size_t>(step)];
                          for (size_t i = 0; i < values.size(); ++i) {
                            if (double x = values[i]; x != 0.0) {
                              call.effective += connection.fanOut.effective[i];
                              call.isMac |= x != 1.0 && x != -1.0;
                              activity.fanOutOperations += connection.fanOut.synapses[i];
                              ++activity.arrivals;
                            }
                          }
                        });
}

void WorkloadCounter::addSpikes(const nir::Recording &run) {
  for (NodeStats &node : stats.nodes) {
    if (node.role != Role::Spiking) {
      continue;
    }
    const nir::Trace *trace = run.find(node.node, "spikes");
    assert(trace && "it was asked for");
    for (int64_t i = 0; i < trace->data.size(); ++i) {
      int64_t spikes = trace->data.intAt(i);
      node.activity.spikes += spikes;
      node.activity.activeOutputs += spikes != 0;
    }
    node.activity.outputs += trace->data.size();
  }
}

void WorkloadCounter::addMembranes(const nir::Recording &run) {
  for (const Neurons &neurons : membranesOf) {
    NodeStats &node = stats.nodes[neurons.node];
    const nir::Trace *trace = run.find(node.node, "v");
    assert(trace && "it was asked for");
    const nir::Tensor &v = trace->data;
    int64_t samples = v.shape()[0], steps = v.shape()[1], count = node.size.neurons;
    int64_t updates = 0;
    for (int64_t sample = 0; sample < samples && steps > 0; ++sample) {
      int64_t first = sample * steps * count;
      updates += count; // the first call counts as a whole: NeuroBench sees no v before it
      for (int64_t i = first + count; i < first + steps * count; ++i) {
        updates += v.at(i) != v.at(i - count);
      }
    }
    node.activity.membraneUpdates += updates;
    node.activity.neuronOperations += updates * neurons.operations;
    node.activity.denseNeuronOperations += samples * steps * count * neurons.operations;
  }
}

void WorkloadCounter::endCalls() {
  for (Connection &connection : connections) {
    Activity &activity = stats.nodes[connection.node].activity;
    for (const Call &call : connection.calls) {
      (call.isMac ? activity.effectiveMacs : activity.effectiveAcs) += call.effective;
    }
    connection.calls.clear();
  }
  open = 0;
}

nir::Status WorkloadCounter::add(const nir::Recording &input, const nir::Recording &run,
                                 int64_t samples, int64_t steps) {
  for (int64_t sample = 0; sample < samples; ++sample) {
    if (nir::Status failed = addArrivals(input, run, sample, steps)) {
      return failed;
    }
    if (++open == stats.workload->batch) {
      endCalls();
    }
  }
  addSpikes(run);
  addMembranes(run);
  for (NodeStats &node : stats.nodes) {
    node.activity.denseOperations += samples * steps * node.size.denseOperations;
    node.activity.neuronUpdates += samples * steps * node.size.neurons;
  }
  stats.workload->samples += samples;
  stats.workload->steps = steps;
  return std::nullopt;
}

Stats WorkloadCounter::finish() {
  endCalls();
  return std::move(stats);
}

} // namespace nirc
