//===- DataRecording.cpp - recordings as NIR data, and back ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/Wording.h"
#include "ir/file/NirData.h"
#include "ir/graph/Graph.h"
#include "ir/recording/StepOf.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>

namespace nir {

//===----------------------------------------------------------------------===//
// To data
//===----------------------------------------------------------------------===//

/// The trace as [samples, steps, neurons], sharing its buffer.
static Tensor flat(const Trace &trace) {
  const Shape &shape = trace.data.shape();
  int64_t neurons = numElements(Shape(shape.begin() + 2, shape.end()));
  DType dtype = trace.data.dtype();
  if (dtype == DType::U8 && trace.observable == "spikes") {
    auto values = trace.data.as<uint8_t>();
    bool isBool = std::all_of(values.begin(), values.end(), [](uint8_t v) { return v <= 1; });
    dtype = isBool ? DType::Bool : dtype;
  }
  return {dtype, {shape[0], shape[1], neurons}, trace.data.share()};
}

/// The entry of that name, made where there is none, holding a T.
template <typename T>
static T &entry(NIRGraphData &graph, std::string_view name) {
  for (DataEntry &node : graph.nodes) {
    if (node.name == name && std::holds_alternative<T>(node.data)) {
      return std::get<T>(node.data);
    }
  }
  graph.nodes.push_back({std::string(name), T()});
  return std::get<T>(graph.nodes.back().data);
}

NIRGraphData toData(const Recording &recording,
                    const std::function<bool(std::string_view path)> &isSubgraph) {
  NIRGraphData data;
  for (const Trace &trace : recording.traces) {
    NIRGraphData *graph = &data;
    std::string_view path = trace.node;
    size_t begin = 0;
    for (size_t dot = path.find('.'); isSubgraph && dot != std::string_view::npos;
         dot = path.find('.', dot + 1)) {
      if (isSubgraph(path.substr(0, dot))) {
        graph = &entry<NIRGraphData>(*graph, path.substr(begin, dot - begin));
        begin = dot + 1;
      }
    }
    const SpikeTimes *times =
        trace.observable == "spikes" ? recording.findTimes(trace.node) : nullptr;
    Observable observable{trace.observable, TimeGriddedData{flat(trace), recording.dtSeconds}};
    if (times) {
      observable.data = toEvents(*times);
    }
    entry<NIRNodeData>(*graph, path.substr(begin)).observables.push_back(std::move(observable));
  }
  return data;
}

//===----------------------------------------------------------------------===//
// To a recording
//===----------------------------------------------------------------------===//

/// Calls visit(path of the node, observable) for each observable; stops at the first error.
template <typename Visit>
static Status walk(const NIRGraphData &graph, const std::string &path, const Visit &visit) {
  for (const DataEntry &node : graph.nodes) {
    std::string inner = join(path, node.name);
    if (const auto *nested = std::get_if<NIRGraphData>(&node.data)) {
      if (Status error = walk(*nested, inner, visit)) {
        return error;
      }
      continue;
    }
    for (const Observable &observable : std::get<NIRNodeData>(node.data).observables) {
      if (Status error = visit(inner, observable)) {
        return error;
      }
    }
  }
  return {};
}

static Result<TimeGriddedData> onGrid(const TimeGriddedData &grid, double dtSeconds) {
  if (!isSameStep(grid.dtSeconds, dtSeconds)) {
    return Error(Cause::StepConflict,
                 fmt::format("has dt {} s, expected {} s", grid.dtSeconds, dtSeconds))
        .note("grids are not resampled: run with the dt of the data");
  }
  return grid;
}
static Result<TimeGriddedData> onGrid(const EventData &events, double dtSeconds) {
  return toGrid(events, dtSeconds);
}
static Result<TimeGriddedData> onGrid(const ValuedEventData &events, double dtSeconds) {
  return toGrid(events, dtSeconds);
}

/// Bool as uint8, which has the same bytes.
static Tensor countable(const Tensor &tensor) {
  DType dtype = tensor.dtype() == DType::Bool ? DType::U8 : tensor.dtype();
  return {dtype, tensor.shape(), tensor.share()};
}

/// The trace with zeros up to `steps` steps.
static Tensor extended(const Tensor &tensor, int64_t steps) {
  if (tensor.shape()[1] == steps) {
    return tensor;
  }
  auto [out, bytes] =
      Tensor::allocate(tensor.dtype(), {tensor.shape()[0], steps, tensor.shape()[2]});
  size_t step = static_cast<size_t>(tensor.shape()[2]) * sizeOf(tensor.dtype());
  size_t row = static_cast<size_t>(tensor.shape()[1]) * step;
  for (int64_t sample = 0; sample < tensor.shape()[0]; ++sample) {
    auto at = static_cast<size_t>(sample);
    std::memcpy(bytes + at * static_cast<size_t>(steps) * step, tensor.bytes() + at * row, row);
  }
  return out;
}

Result<Recording> toRecording(const NIRGraphData &data, double dtSeconds) {
  Recording recording;
  recording.dtSeconds = dtSeconds;
  auto takeDt = [&](const std::string &, const Observable &observable) -> Status {
    const auto *grid = std::get_if<TimeGriddedData>(&observable.data);
    if (grid && recording.dtSeconds == 0.0) {
      recording.dtSeconds = grid->dtSeconds;
    }
    return {};
  };
  (void)walk(data, "", takeDt);
  if (!(recording.dtSeconds > 0.0) || !std::isfinite(recording.dtSeconds)) {
    return Error(Cause::DamagedInput,
                 fmt::format("dt is {} s, expected a positive number", recording.dtSeconds))
        .note("data of events alone have no dt of their own: give one");
  }
  int64_t steps = 0;
  auto add = [&](const std::string &path, const Observable &observable) -> Status {
    auto grid = std::visit([&](const auto &held) { return onGrid(held, recording.dtSeconds); },
                           observable.data);
    if (!grid) {
      Error error = grid.takeError();
      error.node = path;
      error.message = fmt::format("observable '{}': {}", observable.name, error.message);
      return error;
    }
    Tensor trace = countable(grid->data);
    const auto &traces = recording.traces;
    if (!traces.empty() && traces[0].data.shape()[0] != trace.shape()[0]) {
      return Error::atNode(Cause::DamagedInput, path,
                           fmt::format("observable '{}' has {}, expected {} like the data before",
                                       observable.name, counted(trace.shape()[0], "sample"),
                                       traces[0].data.shape()[0]));
    }
    steps = std::max(steps, trace.shape()[1]);
    recording.traces.push_back({path, observable.name, std::move(trace)});
    return {};
  };
  if (Status error = walk(data, "", add)) {
    return *error;
  }
  for (Trace &trace : recording.traces) {
    trace.data = extended(trace.data, steps);
  }
  return recording;
}

Result<Trace> reshape(const Trace &trace, const Shape &nodeShape) {
  const Shape &shape = trace.data.shape();
  Shape own(shape.begin() + 2, shape.end());
  if (numElements(own) != numElements(nodeShape)) {
    return Error::atNode(Cause::DamagedInput, trace.node,
                         fmt::format("'{}' has {} a step, expected {} for shape {}",
                                     trace.observable, counted(numElements(own), "value"),
                                     numElements(nodeShape), str(nodeShape)));
  }
  Shape whole{shape[0], shape[1]};
  whole.insert(whole.end(), nodeShape.begin(), nodeShape.end());
  return Trace{trace.node, trace.observable,
               Tensor(trace.data.dtype(), std::move(whole), trace.data.share())};
}

} // namespace nir
