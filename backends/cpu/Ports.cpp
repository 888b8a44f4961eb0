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

template <typename From, typename To>
static void convertAs(const std::byte *from, char *to, int64_t elements) {
  const From *source = reinterpret_cast<const From *>(from);
  To *result = reinterpret_cast<To *>(to);
  for (int64_t i = 0; i < elements; ++i) {
    result[i] = static_cast<To>(source[i]);
  }
}

template <typename To>
static RunPorts::Convert converterTo(nir::DType from) {
  switch (from) {
  case nir::DType::Bool:
  case nir::DType::U8:
    return convertAs<uint8_t, To>;
  case nir::DType::I32:
    return convertAs<int32_t, To>;
  case nir::DType::F32:
    return convertAs<float, To>;
  case nir::DType::F64:
    return convertAs<double, To>;
  default:
    return nullptr;
  }
}

/// The dtypes that recordings mostly have are converted a step at a time, as they are needed; the
/// others all at once, through double.
static nir::Tensor converted(const nir::Tensor &data) {
  auto [tensor, bytes] = nir::Tensor::allocate(nir::DType::F64, data.shape());
  for (int64_t i = 0; i < data.size(); ++i) {
    reinterpret_cast<double *>(bytes)[i] = data.at(i);
  }
  return tensor;
}

void RunPorts::addInput(const Port &port, const nir::Tensor &data) {
  auto converter = port.slot.type == nir::DType::F64 ? converterTo<double> : converterTo<float>;
  bool direct = converter(data.dtype()) != nullptr;
  In in{port, direct ? data : converted(data), nullptr, data.shape()[1]};
  in.convert = converter(in.data.dtype());
  inputs.push_back(std::move(in));
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
    ports.addInput(port, **data);
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
    char *to = arena + in.port.slot.offset;
    int64_t elements = in.port.slot.elements;
    if (t < in.steps) {
      int64_t first = (sample * in.steps + t) * elements;
      in.convert(in.data.bytes() + first * static_cast<int64_t>(nir::sizeOf(in.data.dtype())), to,
                 elements);
    } else {
      std::memset(to, 0, elements * nir::sizeOf(in.port.slot.type));
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
