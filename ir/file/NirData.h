//===- NirData.h - recorded spikes and traces -------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// NIR's format for what goes into and comes out of a network: neuromorphs/NIR, nir/data_ir/graph.py
// and nir/serialization.py, 1.0.8. For each node and each observable of it, numbers on a grid of
// time or a list of events. The names and the shapes are the official library's.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/file/ReadLimits.h"
#include "ir/graph/Tensor.h"
#include "ir/recording/Recording.h"

#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace nir {

/// One value a step of dt seconds. data [samples, steps, neurons]; bool where it holds spikes.
struct TimeGriddedData {
  Tensor data;
  double dtSeconds = 0.0;
  friend bool operator==(const TimeGriddedData &, const TimeGriddedData &) = default;
};

/// Events. idx, time [samples, events]: the neuron, and the time in seconds; -1 and infinity fill
/// the rows of the samples that have fewer.
struct EventData {
  Tensor idx, time;
  int64_t neurons = 0;
  double endSeconds = 0.0; ///< NIR's t_max
  friend bool operator==(const EventData &, const EventData &) = default;
};

/// Events with a value each. value [samples, events].
struct ValuedEventData {
  EventData events;
  Tensor value;
  friend bool operator==(const ValuedEventData &, const ValuedEventData &) = default;
};

/// One quantity of a node: "spikes", "v".
struct Observable {
  std::string name;
  std::variant<TimeGriddedData, EventData, ValuedEventData> data;
  friend bool operator==(const Observable &, const Observable &) = default;
};

struct NIRNodeData {
  std::vector<Observable> observables;
  friend bool operator==(const NIRNodeData &, const NIRNodeData &) = default;
};

struct DataEntry;

/// What was recorded of a graph, in the file's order; a subgraph has its own NIRGraphData.
struct NIRGraphData {
  std::vector<DataEntry> nodes;
  /// What produced the data: attributes `nirc.<key>` of the file, which the official library
  /// ignores. Only the outermost graph has it.
  std::vector<std::pair<std::string, std::string>> provenance;

  const DataEntry *find(std::string_view name) const;
  friend bool operator==(const NIRGraphData &, const NIRGraphData &);
};

struct DataEntry {
  std::string name;
  std::variant<NIRNodeData, NIRGraphData> data;
  friend bool operator==(const DataEntry &, const DataEntry &) = default;
};

struct WriteDataOptions {
  /// Written as attributes `nirc.<key>` of the root, before the data's own provenance.
  std::vector<std::pair<std::string, std::string>> provenance;
  int gzipLevel = 4; ///< of the arrays, as the official library's; 0 for none
};

/// Reads a file of recorded data, as `read` does a graph: confined, within the limits. Thread safe.
Result<NIRGraphData> readData(const std::string &path, const ReadLimits &limits = {});
/// The same in this process, for files that the caller trusts. Thread safe; calls take turns.
Result<NIRGraphData> readDataInProcess(const std::string &path, const ReadLimits &limits = {});

/// Writes what the official library's `read_data` reads, under a temporary name that is then
/// renamed. The same data give the same bytes. Thread safe; calls take turns.
Status writeData(const NIRGraphData &data, const std::string &path,
                 const WriteDataOptions &options = {});

/// Events onto a grid: step floor(time / dt), where a quotient within 1e-6 of a whole number is
/// that number (0.0006 / 0.0001 is below 6 in binary). Events: bool, 1 where there is at least one.
/// Valued events: float64, the last value of a step, as the official library has it. Events outside
/// the grid or the neurons are an error, and so is a grid of more than `maxBytes`.
Result<TimeGriddedData> toGrid(const EventData &events, double dtSeconds,
                               int64_t maxBytes = ReadLimits{}.maxTensorBytes);
Result<TimeGriddedData> toGrid(const ValuedEventData &events, double dtSeconds,
                               int64_t maxBytes = ReadLimits{}.maxTensorBytes);
/// The grid's elements that are not 0, at the start of their step: by time, then by neuron. Their
/// values are not kept.
EventData toEvents(const TimeGriddedData &grid);
/// The spikes of a run that knows their times.
EventData toEvents(const SpikeTimes &times);

/// A recording as data: paths become nested graphs at the subgraphs that `isSubgraph` confirms (the
/// path of a node may hold dots that are part of a name), and shapes become one dimension. Spikes
/// of 0 and 1 become bool, as NIR asks for; spikes with times become events.
NIRGraphData toData(const Recording &recording,
                    const std::function<bool(std::string_view path)> &isSubgraph = {});

/// Data as a recording on steps of dt; 0 takes the dt of the first grid in it. Every observable
/// must have the same number of samples, and lasts as long as the longest: past its end it is 0.
/// Shapes are [batch, T, neurons]: `reshape` gives the node's own. Bool becomes uint8.
Result<Recording> toRecording(const NIRGraphData &data, double dtSeconds = 0.0);

/// The trace with the elements of its node in another shape of as many elements.
Result<Trace> reshape(const Trace &trace, const Shape &nodeShape);

} // namespace nir
