//===- Interpret.cpp - recordings through the interpreter -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/InterpreterNetwork.h"

#include "ir/Wording.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <new>

namespace nir {

namespace {

/// An Input node and what drives it.
struct Drive {
  std::string path;
  const Tensor *data; ///< [batch, T, ...]
  std::vector<double> step;
};

/// Samples and steps that the input has.
struct Extent {
  int64_t batch = 1, steps = 0;
};

/// A node's observable and where it goes. `bytes` belongs to `trace.data`.
struct Record {
  int32_t node;
  Trace trace;
  std::byte *bytes;
};

/// "[batch, T, 2, 34, 34]".
std::string expectedShape(const Shape &shape) {
  std::string text = "[batch, T";
  for (int64_t dim : shape) {
    text += fmt::format(", {}", dim);
  }
  return text + "]";
}

Status checkTrace(const Trace &trace, const Shape &shape, bool isFirst, Extent &extent) {
  const Shape &got = trace.data.shape();
  // The shape of a step may be flattened: only the number of elements counts.
  if (got.size() < 2 || numElements(Shape(got.begin() + 2, got.end())) != numElements(shape)) {
    return Error::atNode(trace.node, fmt::format("its data has shape {}, expected {}", str(got),
                                                 expectedShape(shape)));
  }
  if (isFirst) {
    extent = {got[0], got[1]};
  }
  if (got[0] != extent.batch || got[1] != extent.steps) {
    return Error::atNode(trace.node,
                         fmt::format("its data has {} samples of {} steps, expected {} of {} like "
                                     "that of the other Inputs",
                                     got[0], got[1], extent.batch, extent.steps));
  }
  return {};
}

/// Finds the data of every Input, and refuses data for what is none.
Result<std::vector<Drive>> match(const FlatGraph &flat, const std::vector<Shape> &shapes,
                                 const Recording &input, Extent &extent) {
  std::vector<Drive> drives;
  std::vector<std::string> names;
  for (int32_t entry : flat.scopes[0].inputs) {
    names.push_back(flat.path(entry));
    const Trace *trace = input.find(names.back(), "value");
    if (!trace) {
      std::vector<std::string> given;
      for (const Trace &t : input.traces) {
        given.push_back(t.node);
      }
      return Error::atNode(names.back(),
                           fmt::format("the input has no data for it, only for {}; expected {}",
                                       given.empty() ? "nothing" : quoted(given),
                                       expectedShape(shapes[entry])));
    }
    if (Status bad = checkTrace(*trace, shapes[entry], drives.empty(), extent)) {
      return std::move(*bad);
    }
    auto size = static_cast<size_t>(numElements(shapes[entry]));
    drives.push_back({names.back(), &trace->data, std::vector<double>(size)});
  }
  for (const Trace &trace : input.traces) {
    if (trace.observable == "value" &&
        std::find(names.begin(), names.end(), trace.node) == names.end()) {
      return Error(fmt::format("the input has data for '{}', which is no Input; the Inputs are {}",
                               trace.node, names.empty() ? "none" : quoted(names)));
    }
  }
  return drives;
}

/// The numbers of step `t` of sample `b`; 0 past the end.
void readStep(Drive &drive, int64_t b, int64_t t) {
  int64_t steps = drive.data->shape()[1];
  if (t >= steps) {
    std::fill(drive.step.begin(), drive.step.end(), 0.0);
    return;
  }
  int64_t first = (b * steps + t) * static_cast<int64_t>(drive.step.size());
  for (size_t n = 0; n < drive.step.size(); ++n) {
    drive.step[n] = drive.data->at(first + static_cast<int64_t>(n));
  }
}

Result<Record> makeRecord(int32_t node, std::string path, std::string observable, SignalKind kind,
                          const Shape &nodeShape, const Extent &extent) {
  DType dtype = observable != "spikes"       ? DType::F64
                : kind == SignalKind::Counts ? DType::I32
                                             : DType::U8;
  Shape shape{extent.batch, extent.steps};
  shape.insert(shape.end(), nodeShape.begin(), nodeShape.end());
  constexpr double mostElements = 0x1p40;
  double elements = static_cast<double>(extent.batch) * static_cast<double>(extent.steps) *
                    static_cast<double>(numElements(nodeShape));
  try {
    if (elements > mostElements) {
      throw std::bad_alloc();
    }
    auto [tensor, bytes] = Tensor::allocate(dtype, std::move(shape));
    return Record{node, {std::move(path), std::move(observable), tensor}, bytes};
  } catch (const std::bad_alloc &) {
    return Error::atNode(
               path, fmt::format("{} values of '{}' do not fit into memory", elements, observable))
        .note("take fewer steps or samples, or record less");
  }
}

/// Where the outermost graph's Outputs and the probes go, in this order.
Result<std::vector<Record>> makeRecords(const Interpreter::Network &network,
                                        const std::vector<Probe> &probes, const Extent &extent) {
  std::vector<Record> records;
  auto add = [&](int32_t node, std::string path, std::string observable) -> Status {
    Result<Record> record = makeRecord(node, std::move(path), std::move(observable),
                                       network.kinds[node], network.shapes[node], extent);
    if (!record) {
      return record.takeError();
    }
    records.push_back(std::move(*record));
    return {};
  };
  for (int32_t exit : network.flat.scopes[0].outputs) {
    bool isAnalog = network.kinds[exit] == SignalKind::Analog;
    if (Status bad = add(exit, network.flat.path(exit), isAnalog ? "value" : "spikes")) {
      return std::move(*bad);
    }
  }
  for (const Probe &probe : probes) {
    Result<int32_t> node = network.find(probe.node, probe.observable);
    if (!node) {
      return node.takeError();
    }
    if (Status bad = add(*node, probe.node, probe.observable)) {
      return std::move(*bad);
    }
  }
  return records;
}

void write(Record &record, const std::vector<double> &values, int64_t at) {
  auto count = static_cast<int64_t>(values.size());
  switch (record.trace.data.dtype()) {
  case DType::U8:
    std::transform(values.begin(), values.end(),
                   reinterpret_cast<uint8_t *>(record.bytes) + at * count,
                   [](double x) { return static_cast<uint8_t>(x); });
    return;
  case DType::I32:
    // A loop of Delays can add spikes up without end.
    std::transform(values.begin(), values.end(),
                   reinterpret_cast<int32_t *>(record.bytes) + at * count, [](double x) {
                     constexpr double most = std::numeric_limits<int32_t>::max();
                     return static_cast<int32_t>(std::min(x, most));
                   });
    return;
  default:
    std::copy(values.begin(), values.end(), reinterpret_cast<double *>(record.bytes) + at * count);
  }
}

} // namespace

Result<Recording> interpret(const Graph &graph, const Semantics &semantics, const Recording &input,
                            const InterpretOptions &options) {
  Result<Interpreter> interpreter = Interpreter::create(graph, semantics);
  if (!interpreter) {
    return interpreter.takeError();
  }
  const Interpreter::Network &network = *interpreter->network;
  Extent extent;
  Result<std::vector<Drive>> drives = match(network.flat, network.shapes, input, extent);
  if (!drives) {
    return drives.takeError();
  }
  if (drives->empty() && options.steps <= 0) {
    return Error("the graph has no Input to take the number of steps from, expected it as an "
                 "option");
  }
  extent.steps = options.steps > 0 ? options.steps : extent.steps;
  Result<std::vector<Record>> records = makeRecords(network, options.probes, extent);
  if (!records) {
    return records.takeError();
  }

  for (int64_t b = 0; b < extent.batch; ++b) {
    interpreter->reset();
    for (int64_t t = 0; t < extent.steps; ++t) {
      for (Drive &drive : *drives) {
        readStep(drive, b, t);
        if (Status bad = interpreter->setInput(drive.path, drive.step)) {
          return std::move(*bad);
        }
      }
      interpreter->step();
      for (Record &record : *records) {
        write(record, network.values(record.node, record.trace.observable), b * extent.steps + t);
      }
      if (options.progress) {
        options.progress(b * extent.steps + t + 1, extent.batch * extent.steps);
      }
    }
  }

  Recording result{semantics.dtSeconds, {}};
  for (Record &record : *records) {
    result.traces.push_back(std::move(record.trace));
  }
  return result;
}

} // namespace nir
