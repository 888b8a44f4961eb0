//===- NirDataFile.cpp - recordings as input ------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/NirDataFile.h"

#include "api/io/EventFile.h"
#include "api/io/JsonText.h"
#include "ir/file/NirData.h"
#include "ir/recording/StepOf.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nirc {

template <typename Named>
static std::string listNames(const std::vector<Named> &all) {
  std::vector<std::string> names;
  names.reserve(all.size());
  for (const Named &one : all) {
    names.push_back(fmt::format("'{}'", one.name));
  }
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

/// The node that holds the port's signal: the one of its name, or the only one.
static nir::Result<const nir::NIRNodeData *>
nodeFor(const nir::NIRGraphData &data, const std::string &path, const InputPort &port) {
  const nir::DataEntry *entry = data.find(port.node);
  if (!entry && data.nodes.size() == 1) {
    entry = &data.nodes.front();
  }
  if (!entry) {
    return nir::Error(nir::Cause::NotRecorded, fmt::format("holds no recording of '{}', it has {}",
                                                           port.node, listNames(data.nodes)))
        .in(path);
  }
  if (const auto *node = std::get_if<nir::NIRNodeData>(&entry->data)) {
    return node;
  }
  return nir::Error(nir::Cause::NotRecorded,
                    fmt::format("'{}' is a graph in the file, expected a node", entry->name))
      .in(path);
}

/// What drives: "value" or "spikes", or the only observable.
static nir::Result<const nir::Observable *> observableFor(const nir::NIRNodeData &node,
                                                          const std::string &path) {
  for (const char *name : {"value", "spikes"}) {
    auto found = std::find_if(node.observables.begin(), node.observables.end(),
                              [&](const nir::Observable &one) { return one.name == name; });
    if (found != node.observables.end()) {
      return &*found;
    }
  }
  if (node.observables.size() == 1) {
    return &node.observables.front();
  }
  return nir::Error(nir::Cause::NotRecorded,
                    fmt::format("found the observables {}, expected 'value', 'spikes', or one "
                                "alone",
                                listNames(node.observables)))
      .in(path);
}

nir::Result<nir::Tensor> readNirDataInput(const std::string &path, const InputPort &port,
                                          const InputOptions &options) {
  nir::ReadLimits limits;
  limits.maxFileBytes = static_cast<int64_t>(options.maxBytes);
  nir::Result<nir::NIRGraphData> data = nir::readData(path, limits);
  return data ? nirDataInput(*data, path, port, options) : data.takeError();
}

nir::Result<nir::Tensor> nirDataInput(const nir::NIRGraphData &data, const std::string &path,
                                      const InputPort &port, const InputOptions &options) {
  nir::Result<const nir::NIRNodeData *> node = nodeFor(data, path, port);
  if (!node) {
    return node.takeError();
  }
  nir::Result<const nir::Observable *> observable = observableFor(**node, path);
  if (!observable) {
    return observable.takeError();
  }
  if (const auto *gridded = std::get_if<nir::TimeGriddedData>(&(*observable)->data);
      gridded && !nir::isSameStep(gridded->dtSeconds, options.dtSeconds)) {
    return nir::Error(nir::Cause::StepConflict,
                      fmt::format("found steps of {} s, expected {} s as the run has",
                                  gridded->dtSeconds, options.dtSeconds))
        .in(path)
        .note(fmt::format("--dt {} runs at the recording's step", gridded->dtSeconds));
  }
  nir::NIRGraphData alone;
  alone.nodes.push_back({port.node, nir::NIRNodeData{{**observable}}});
  nir::Result<nir::Recording> recording = nir::toRecording(alone, options.dtSeconds);
  if (!recording) {
    return recording.takeError().in(path);
  }
  nir::Tensor grid = recording->traces.front().data;
  bool isEvents = !std::holds_alternative<nir::TimeGriddedData>((*observable)->data);
  grid = isEvents && options.onePerStep ? atMostOne(grid) : grid;
  if (grid.shape()[0] == 1) {
    nir::Shape alone(grid.shape().begin() + 1, grid.shape().end());
    return nir::Tensor(grid.dtype(), alone, grid.share());
  }
  return grid;
}

nir::Status writeNirData(const Results &results, const std::string &path) {
  nir::WriteDataOptions options;
  for (const auto &[key, value] : results.provenance.items()) {
    options.provenance.emplace_back(key,
                                    value.is_string() ? value.get<std::string>() : jsonText(value));
  }
  return nir::writeData(nir::toData(results.recording, results.isSubgraph), path, options);
}

} // namespace nirc
