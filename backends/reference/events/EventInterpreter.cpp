//===- EventInterpreter.cpp - a graph, event by event ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/reference/events/EventInterpreter.h"

#include "backends/reference/events/EventRun.h"
#include "ir/graph/Schedule.h"
#include "ir/recording/RunRecords.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace nir {

EventInterpreter::EventInterpreter(std::unique_ptr<EventNetwork> network, Semantics semantics)
    : network(std::move(network)), semantics(std::move(semantics)) {}
EventInterpreter::EventInterpreter(EventInterpreter &&) noexcept = default;
EventInterpreter &EventInterpreter::operator=(EventInterpreter &&) noexcept = default;
EventInterpreter::~EventInterpreter() = default;

Result<EventInterpreter> EventInterpreter::create(const Graph &graph, const Semantics &semantics) {
  Result<std::unique_ptr<EventNetwork>> network = EventNetwork::of(graph, semantics);
  if (!network) {
    return network.takeError();
  }
  return EventInterpreter(std::move(*network), semantics);
}

/// Marks the node and what its value is made of, up to the neurons.
static void need(const FlatGraph &flat, int32_t node, std::vector<bool> &needed) {
  std::vector<int32_t> open{node};
  while (!open.empty()) {
    int32_t here = open.back();
    open.pop_back();
    if (needed[here]) {
      continue;
    }
    needed[here] = true;
    if (isNeuron(*flat.nodes[here].node)) {
      continue;
    }
    for (int32_t edge : flat.incoming(here)) {
      open.push_back(flat.edges[edge].source);
    }
  }
}

/// Where levels and impulses are read: by neurons, each kind by its own, and by the records.
static EventRun makeRun(EventNetwork &network, const Semantics &semantics,
                        const std::vector<Record> &records) {
  const FlatGraph &flat = network.flat;
  std::vector<bool> level(flat.nodes.size(), false), impulse = level;
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    const Node &node = *flat.nodes[i].node;
    if (!isNeuron(node)) {
      continue;
    }
    for (int32_t edge : flat.incoming(static_cast<int32_t>(i))) {
      need(flat, flat.edges[edge].source, node.as<I>() || node.as<IF>() ? impulse : level);
    }
  }
  for (const Record &record : records) {
    need(flat, record.node, record.trace.observable == "spikes" ? impulse : level);
  }
  return {network, semantics, std::move(level), std::move(impulse)};
}

namespace {

/// The records of a run, filled step by step.
class Recorder {
public:
  Recorder(const EventNetwork &network, std::vector<Record> made, const Extent &extent)
      : clock(network.dtSeconds), extent(extent), records(std::move(made)) {
    result.dtSeconds = network.dtSeconds;
    for (const Record &record : records) {
      bool isNew = record.trace.observable == "spikes" && !result.findTimes(record.trace.node);
      timesOf.push_back(isNew ? static_cast<int>(result.times.size()) : -1);
      if (isNew) {
        result.times.push_back({record.trace.node,
                                numElements(network.shapes[record.node].output),
                                extent.batch,
                                clock.seconds({extent.steps, 0.0}),
                                {}});
      }
    }
  }

  void take(EventRun &run, int64_t sample, int64_t step) {
    for (size_t i = 0; i < records.size(); ++i) {
      Record &record = records[i];
      int64_t at = sample * extent.steps + step;
      if (record.trace.observable != "spikes") {
        write(record, run.atEnd(record.node, record.trace.observable), at);
        continue;
      }
      auto size = static_cast<size_t>(record.trace.data.size() / (extent.batch * extent.steps));
      std::vector<double> counts(size, 0.0);
      for (const EventRun::Arrival &arrival : run.arrivals(record.node)) {
        counts[arrival.n] += arrival.charge;
        if (timesOf[i] >= 0) {
          std::vector<Spike> &spikes = result.times[timesOf[i]].spikes;
          spikes.insert(spikes.end(), static_cast<size_t>(arrival.charge),
                        {sample, static_cast<int64_t>(arrival.n), clock.seconds(arrival.time)});
        }
      }
      write(record, counts, at);
    }
  }

  Recording finish() {
    for (Record &record : records) {
      result.traces.push_back(std::move(record.trace));
    }
    for (SpikeTimes &times : result.times) {
      // The waves of an instant are in no order of neurons.
      std::sort(times.spikes.begin(), times.spikes.end(), [](const Spike &a, const Spike &b) {
        return std::tie(a.sample, a.seconds, a.neuron) < std::tie(b.sample, b.seconds, b.neuron);
      });
    }
    return std::move(result);
  }

private:
  Clock clock;
  Extent extent;
  std::vector<Record> records;
  std::vector<int> timesOf; ///< of each record: where its times go, or -1
  Recording result;
};

} // namespace

Result<Recording> EventInterpreter::run(const Recording &input, const InterpretOptions &options) {
  const FlatGraph &flat = network->flat;
  std::vector<Shape> shapes;
  for (const NodeShapes &one : network->shapes) {
    shapes.push_back(one.output);
  }
  Extent extent;
  Result<std::vector<Drive>> drives =
      matchInput(entriesOf(flat, shapes), input, options.steps, extent);
  if (!drives) {
    return drives.takeError();
  }
  // A step can hold several spikes of a neuron.
  std::vector<SignalKind> kinds = network->kinds;
  std::replace(kinds.begin(), kinds.end(), SignalKind::Spikes, SignalKind::Counts);
  Result<std::vector<Record>> records =
      makeRecords(flat, kinds, shapes, options.probes, extent, DType::F64);
  if (!records) {
    return records.takeError();
  }

  EventRun run = makeRun(*network, semantics, *records);
  Recorder recorder(*network, std::move(*records), extent);
  for (int64_t b = 0; b < extent.batch; ++b) {
    run.start();
    for (int64_t t = 0; t < extent.steps; ++t) {
      for (Drive &drive : *drives) {
        readStep(drive, b, t);
      }
      if (Status bad = run.step(*drives)) {
        return std::move(*bad);
      }
      recorder.take(run, b, t);
      if (options.progress) {
        options.progress(b * extent.steps + t + 1, extent.batch * extent.steps);
      }
      if (Status stopped = checkStop(options.stop)) {
        return std::move(*stopped);
      }
    }
  }
  return recorder.finish();
}

Result<Recording> interpretEvents(const Graph &graph, const Semantics &semantics,
                                  const Recording &input, const InterpretOptions &options) {
  Result<EventInterpreter> interpreter = EventInterpreter::create(graph, semantics);
  return interpreter ? interpreter->run(input, options)
                     : Result<Recording>(interpreter.takeError());
}

} // namespace nir
