//===- Ports.cpp - a run's recordings and the arena -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/Ports.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <limits>

using namespace nirc;
using namespace nirc::cpu;

/// The dtype of a trace: spikes are bytes, counts of spikes 32-bit integers, the rest as it is
/// computed.
static nir::DType dtypeOf(const Port &port) {
  return port.count ? nir::DType::I32 : port.slot.type;
}

/// The trace that feeds `port`, if it fits.
static nir::Result<const nir::Tensor *> inputFor(const Port &port, const nir::Recording &input) {
  const nir::Trace *trace = input.find(port.node, "value");
  if (!trace) {
    return nir::Error::atNode(port.node, "the input holds nothing for this node");
  }
  const nir::Shape &shape = trace->data.shape();
  int64_t sample = shape.size() < 2 ? 0 : shape[0] * shape[1];
  if (shape.size() < 2 || trace->data.size() != sample * port.slot.elements) {
    return nir::Error::atNode(port.node,
                              fmt::format("the input has shape {}, expected [batch, steps, {}]",
                                          nir::str(shape), port.slot.elements));
  }
  return &trace->data;
}

/// The same numbers as `dtype`, rounded once.
static nir::Tensor converted(const nir::Tensor &data, nir::DType dtype) {
  if (data.dtype() == dtype) {
    return data;
  }
  auto [tensor, bytes] = nir::Tensor::allocate(dtype, data.shape());
  for (int64_t i = 0; i < data.size(); ++i) {
    double value = data.at(i);
    if (dtype == nir::DType::F64) {
      reinterpret_cast<double *>(bytes)[i] = value;
    } else {
      reinterpret_cast<float *>(bytes)[i] = static_cast<float>(value);
    }
  }
  return tensor;
}

nir::Result<RunPorts> RunPorts::match(const Layout &layout, const nir::Recording &input,
                                      int64_t steps, double dtSeconds) {
  RunPorts ports;
  ports.length = steps;
  for (const Port &port : layout.inputs) {
    nir::Result<const nir::Tensor *> data = inputFor(port, input);
    if (!data) {
      return data.takeError();
    }
    int64_t batch = (*data)->shape()[0], length = (*data)->shape()[1];
    if (!ports.inputs.empty() && batch != ports.samples) {
      return nir::Error::atNode(port.node,
                                fmt::format("the input has {} samples, expected {} like the others",
                                            batch, ports.samples));
    }
    ports.samples = batch;
    ports.length = steps ? steps : std::max(ports.length, length);
    ports.inputs.push_back({port, converted(**data, port.slot.type), length});
  }
  ports.recording.dtSeconds = dtSeconds;
  for (const Port &port : layout.outputs) {
    nir::Shape shape{ports.samples, ports.length};
    shape.insert(shape.end(), port.shape.begin(), port.shape.end());
    auto [tensor, bytes] = nir::Tensor::allocate(dtypeOf(port), shape);
    ports.recording.traces.push_back({port.node, port.observable, tensor, port.latency});
    ports.outputs.push_back({port, dtypeOf(port), bytes});
  }
  return ports;
}

void RunPorts::write(char *arena, int64_t sample, int64_t t) const {
  for (const In &in : inputs) {
    size_t bytes = in.port.slot.elements * nir::sizeOf(in.data.dtype());
    char *to = arena + in.port.slot.offset;
    if (t < in.steps) {
      std::memcpy(to, in.data.bytes() + (sample * in.steps + t) * bytes, bytes);
    } else {
      std::memset(to, 0, bytes);
    }
  }
}

static void readCounts(const Port &port, const char *from, int32_t *to) {
  for (int64_t i = 0; i < port.slot.elements; ++i) {
    double count = port.slot.type == nir::DType::F64 ? reinterpret_cast<const double *>(from)[i]
                                                     : reinterpret_cast<const float *>(from)[i];
    // A network that runs away counts without end.
    constexpr double most = std::numeric_limits<int32_t>::max();
    to[i] = static_cast<int32_t>(std::min(count, most));
  }
}

/// From channels-last to NIR's order.
static void readReordered(const ChannelsLast &order, const char *from, std::byte *to,
                          size_t width) {
  for (int64_t c = 0; c < order.channels; ++c) {
    for (int64_t p = 0; p < order.positions; ++p) {
      std::memcpy(to + (c * order.positions + p) * width, from + (p * order.pitch + c) * width,
                  width);
    }
  }
}

void RunPorts::read(const char *arena, int64_t sample, int64_t t) {
  for (Out &out : outputs) {
    const char *from = arena + out.port.slot.offset;
    size_t width = nir::sizeOf(out.dtype);
    int64_t elements = out.port.order ? out.port.order->channels * out.port.order->positions
                                      : out.port.slot.elements;
    std::byte *to = out.bytes + (sample * length + t) * elements * static_cast<int64_t>(width);
    if (out.port.count) {
      readCounts(out.port, from, reinterpret_cast<int32_t *>(to));
    } else if (out.port.order) {
      readReordered(*out.port.order, from, to, width);
    } else {
      std::memcpy(to, from, elements * width);
    }
  }
}
