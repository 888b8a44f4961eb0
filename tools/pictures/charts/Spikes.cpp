//===- Spikes.cpp - the spikes of the first sample ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/pictures/charts/Spikes.h"

#include <algorithm>
#include <fmt/format.h>

namespace nirc {

static int64_t stepsOf(const nir::Trace &trace) { return trace.data.shape()[1]; }

int64_t neuronsOf(const nir::Trace &trace) {
  const nir::Shape &shape = trace.data.shape();
  return nir::numElements({shape.begin() + 2, shape.end()});
}

double endOf(const nir::Recording &recording) {
  int64_t steps = recording.traces.empty() ? 0 : stepsOf(recording.traces.front());
  double end = static_cast<double>(steps) * recording.dtSeconds;
  for (const nir::SpikeTimes &times : recording.times) {
    end = std::max(end, times.endSeconds);
  }
  return end > 0.0 ? end : 1.0;
}

std::string sampleText(const nir::Recording &recording) {
  int64_t batch = recording.traces.empty() ? 1 : recording.traces.front().data.shape()[0];
  return batch > 1 ? fmt::format("Sample 1 of {}. ", batch) : "";
}

std::vector<const nir::Trace *> tracesOf(const RunPicture &run, std::string_view observable) {
  std::vector<const nir::Trace *> traces;
  for (const nir::Trace &trace : run.recording->traces) {
    if (trace.observable == observable && trace.data.rank() >= 2 && trace.data.shape()[0] > 0) {
      traces.push_back(&trace);
    }
  }
  // By rank, and as they were recorded where two have the same.
  std::vector<std::pair<std::pair<ptrdiff_t, size_t>, const nir::Trace *>> ranked;
  for (const nir::Trace *trace : traces) {
    auto rank = std::find(run.order.begin(), run.order.end(), trace->node) - run.order.begin();
    ranked.push_back({{rank, ranked.size()}, trace});
  }
  std::sort(ranked.begin(), ranked.end());
  std::transform(ranked.begin(), ranked.end(), traces.begin(),
                 [](const auto &one) { return one.second; });
  return traces;
}

static NodeSpikes spikesIn(const nir::Trace &trace, const nir::SpikeTimes *times, double dt) {
  NodeSpikes node{trace.node, neuronsOf(trace), stepsOf(trace), {}, 0};
  if (times) { // the run knows more than steps
    for (const nir::Spike &spike : times->spikes) {
      if (spike.sample == 0) {
        node.spikes.push_back({spike.seconds, spike.neuron, 1});
        ++node.total;
      }
    }
    return node;
  }
  for (int64_t step = 0; step < node.steps; ++step) {
    for (int64_t neuron = 0; neuron < node.neurons; ++neuron) {
      int64_t count = trace.data.intAt(step * node.neurons + neuron);
      if (count != 0) {
        node.spikes.push_back({(static_cast<double>(step) + 0.5) * dt, neuron, count});
        node.total += count;
      }
    }
  }
  return node;
}

std::vector<NodeSpikes> spikesOf(const RunPicture &run) {
  std::vector<const nir::Trace *> traces = tracesOf(run, "spikes");
  std::vector<NodeSpikes> all;
  for (size_t i = 0; i < traces.size(); ++i) {
    // An Output comes last, and what it shows before it.
    bool isShown =
        std::any_of(traces.begin(), traces.begin() + static_cast<ptrdiff_t>(i),
                    [&](const nir::Trace *before) { return before->data == traces[i]->data; });
    bool isOutput =
        std::find(run.outputs.begin(), run.outputs.end(), traces[i]->node) != run.outputs.end();
    if (!(isShown && isOutput)) {
      all.push_back(spikesIn(*traces[i], run.recording->findTimes(traces[i]->node),
                             run.recording->dtSeconds));
    }
  }
  return all;
}

} // namespace nirc
