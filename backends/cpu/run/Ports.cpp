//===- Ports.cpp - a run's recordings and the arena -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/run/Ports.h"

#include "backends/cpu/plan/Parameters.h"
#include "ir/recording/RunInput.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <functional>
#include <limits>
#include <numeric>

using namespace nirc;
using namespace nirc::cpu;

/// The dtype of a trace: spikes are bytes, counts of spikes 32-bit integers, integers that stand
/// for numbers those in float64, the rest as it is computed.
static nir::DType dtypeOf(const Port &port) {
  return port.slot.bits   ? nir::DType::U8
         : port.count     ? nir::DType::I32
         : port.quantized ? nir::DType::F64
                          : port.slot.type;
}

/// Elements of the node.
static int64_t elementsOf(const Port &port) {
  if (port.slot.bits) {
    return std::accumulate(port.shape.begin(), port.shape.end(), int64_t(1), std::multiplies<>());
  }
  return port.order ? port.order->channels * port.order->positions : port.slot.elements;
}

template <typename From, typename To>
[[gnu::always_inline]] static inline void convertElements(const std::byte *from, char *to,
                                                          int64_t first, int64_t end) {
  const From *source = reinterpret_cast<const From *>(from);
  To *result = reinterpret_cast<To *>(to);
  for (int64_t i = first; i < end; ++i) {
    result[i] = static_cast<To>(source[i]);
  }
}

template <typename From, typename To>
static void convertAs(const Port &, const std::byte *from, char *to, int64_t first, int64_t end) {
  convertElements<From, To>(from, to, first, end);
}

#ifdef __x86_64__
// nirc itself is made for every x86-64, whose vectors are of 16 bytes. In a step in which no
// neuron spikes, inputs are a quarter of the work.

template <typename From, typename To>
[[gnu::target("avx2")]] static void convertBy32(const Port &, const std::byte *from, char *to,
                                                int64_t first, int64_t end) {
  convertElements<From, To>(from, to, first, end);
}

template <typename From, typename To>
[[gnu::target("avx512f")]] static void convertBy64(const Port &, const std::byte *from, char *to,
                                                   int64_t first, int64_t end) {
  convertElements<From, To>(from, to, first, end);
}
#endif

/// That of the longest vectors that this machine has.
template <typename From, typename To>
static RunPorts::Convert conversion() {
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx512f")) {
    return convertBy64<From, To>;
  }
  if (__builtin_cpu_supports("avx2")) {
    return convertBy32<From, To>;
  }
#endif
  return convertAs<From, To>;
}

/// x / scale, rounded to nearest, ties to even, and saturated; 0 for a NaN.
template <typename From, typename To>
static void quantize(const From *from, To *to, int64_t elements, double scale,
                     const Quantized &range) {
  // Adding 1.5 * 2^52 leaves a float64 no digits behind the point. What is out of range is limited
  // first: a limit is whole, so that changes nothing.
  constexpr double whole = 0x1.8p52;
  auto least = static_cast<double>(range.least), most = static_cast<double>(range.most);
  for (int64_t i = 0; i < elements; ++i) {
    double q = static_cast<double>(from[i]) / scale;
    q = q == q ? std::min(std::max(q, least), most) : 0.0;
    to[i] = static_cast<To>((q + whole) - whole);
  }
}

/// The same of bytes. They are spikes mostly, whose scale is 1: no division for each.
template <typename To>
static void quantize(const uint8_t *from, To *to, int64_t elements, double scale,
                     const Quantized &range) {
  if (scale != 1.0 || range.least > 0 || range.most < 0) {
    return quantize<uint8_t, To>(from, to, elements, scale, range);
  }
  auto most = static_cast<int32_t>(range.most);
  for (int64_t i = 0; i < elements; ++i) {
    to[i] = static_cast<To>(std::min<int32_t>(from[i], most));
  }
}

template <typename From, typename To>
static void quantizeAll(const Port &port, const std::byte *from, char *to, int64_t first,
                        int64_t end) {
  const Quantized &quantized = *port.quantized;
  int64_t channel = port.slot.elements / static_cast<int64_t>(quantized.scales.size());
  for (int64_t next; first < end; first = next) {
    int64_t number = first / channel;
    next = std::min((number + 1) * channel, end);
    quantize(reinterpret_cast<const From *>(from) + first, reinterpret_cast<To *>(to) + first,
             next - first, quantized.scales[number], quantized);
  }
}

template <typename From>
static RunPorts::Convert converterFrom(nir::DType to) {
  return to == nir::DType::F64   ? conversion<From, double>()
         : to == nir::DType::F32 ? conversion<From, float>()
         : to == nir::DType::I8  ? quantizeAll<From, int8_t>
         : to == nir::DType::I16 ? quantizeAll<From, int16_t>
                                 : quantizeAll<From, int32_t>;
}

static RunPorts::Convert converter(nir::DType from, nir::DType to) {
  switch (from) {
  case nir::DType::Bool:
  case nir::DType::U8:
    return converterFrom<uint8_t>(to);
  case nir::DType::I32:
    return converterFrom<int32_t>(to);
  case nir::DType::F32:
    return converterFrom<float>(to);
  case nir::DType::F64:
    return converterFrom<double>(to);
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
  bool direct = converter(data.dtype(), port.slot.type) != nullptr;
  In in{port, direct ? data : converted(data), nullptr, data.shape()[1]};
  in.convert = converter(in.data.dtype(), port.slot.type);
  inputs.push_back(std::move(in));
}

/// A tensor whose every element a run writes: its pages are first touched by the threads that do.
static nir::Result<std::pair<nir::Tensor, std::byte *>> unsetTensor(nir::DType dtype,
                                                                    const nir::Shape &shape) {
  constexpr double mostElements = 0x1p40;
  double elements = std::accumulate(shape.begin(), shape.end(), 1.0, std::multiplies<>());
  std::shared_ptr<char> memory;
  if (elements <= mostElements) {
    memory = allocateIfThere(nir::numElements(shape) * static_cast<int64_t>(nir::sizeOf(dtype)));
  }
  if (!memory) {
    return nir::Error(nir::Cause::NoMemory,
                      fmt::format("{:.6g} values do not fit into memory", elements))
        .note("take fewer steps or samples, or record less");
  }
  auto *bytes = reinterpret_cast<std::byte *>(memory.get());
  return std::pair(nir::Tensor(dtype, shape, std::shared_ptr<const std::byte>(memory, bytes)),
                   bytes);
}

nir::Result<RunPorts> RunPorts::match(const std::vector<Port> &inputs,
                                      const std::vector<Port> &recorded,
                                      const nir::Recording &input, int64_t steps,
                                      double dtSeconds) {
  std::vector<nir::Entry> entries;
  for (const Port &port : inputs) {
    entries.push_back({port.node, nir::Shape(port.shape.begin(), port.shape.end())});
  }
  nir::Extent extent;
  nir::Result<std::vector<nir::Drive>> drives = nir::matchInput(entries, input, steps, extent);
  if (!drives) {
    return drives.takeError();
  }
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (nir::Status bad = nir::checkFits({(*drives)[i]}, dtypeOf(inputs[i]))) {
      return std::move(*bad);
    }
  }
  RunPorts ports;
  ports.samples = extent.batch;
  ports.length = extent.steps;
  for (size_t i = 0; i < inputs.size(); ++i) {
    ports.addInput(inputs[i], *(*drives)[i].data);
  }
  ports.recording.dtSeconds = dtSeconds;
  for (const Port &port : recorded) {
    nir::Shape shape{ports.samples, ports.length};
    shape.insert(shape.end(), port.shape.begin(), port.shape.end());
    auto made = unsetTensor(dtypeOf(port), shape);
    if (!made) {
      nir::Error error = made.takeError();
      error.node = port.node;
      return error;
    }
    auto [tensor, bytes] = *std::move(made);
    ports.recording.traces.push_back({port.node, port.observable, tensor, port.latency});
    ports.outputs.push_back({port, dtypeOf(port), bytes});
  }
  return ports;
}

void RunPorts::write(char *arena, int64_t sample, int64_t t, const Part &part) const {
  for (const In &in : inputs) {
    char *to = arena + in.port.slot.offset;
    int64_t elements = in.port.slot.elements;
    auto [first, end] = part.range(elements);
    if (t < in.steps) {
      int64_t before = (sample * in.steps + t) * elements;
      in.convert(in.port,
                 in.data.bytes() + before * static_cast<int64_t>(nir::sizeOf(in.data.dtype())), to,
                 first, end);
    } else {
      auto width = static_cast<int64_t>(nir::sizeOf(in.port.slot.type));
      std::memset(to + first * width, 0, (end - first) * width);
    }
  }
}

static int32_t integerAt(nir::DType type, const char *from, int64_t i) {
  return type == nir::DType::I8    ? reinterpret_cast<const int8_t *>(from)[i]
         : type == nir::DType::I16 ? reinterpret_cast<const int16_t *>(from)[i]
                                   : reinterpret_cast<const int32_t *>(from)[i];
}

static uint8_t bitAt(const char *from, int64_t i) {
  return reinterpret_cast<const uint32_t *>(from)[i / 32] >> (i % 32) & 1;
}

/// Element `i` of the port's slot as the number that it stands for. `place` is where it lies in the
/// order of the node.
static double numberAt(const Port &port, const char *from, int64_t i, int64_t place) {
  if (port.slot.type == nir::DType::F64) {
    return reinterpret_cast<const double *>(from)[i];
  }
  if (port.slot.type == nir::DType::F32) {
    return reinterpret_cast<const float *>(from)[i];
  }
  const auto &scales = port.quantized->scales;
  int64_t channel = elementsOf(port) / static_cast<int64_t>(scales.size());
  return integerAt(port.slot.type, from, i) * scales[place / channel];
}

static void readCounts(const Port &port, const char *from, int32_t *to, int64_t first,
                       int64_t end) {
  for (int64_t i = first; i < end; ++i) {
    double count = numberAt(port, from, i, i);
    // A network that runs away counts without end.
    constexpr double most = std::numeric_limits<int32_t>::max();
    to[i] = static_cast<int32_t>(std::min(count, most));
  }
}

/// Integers as the numbers that they stand for.
static void readQuantized(const Port &port, const char *from, double *to, int64_t first,
                          int64_t end) {
  for (int64_t i = first; i < end; ++i) {
    to[i] = numberAt(port, from, i, i);
  }
}

/// The same from channels-last.
static void readQuantizedReordered(const Port &port, const char *from, double *to) {
  for (int64_t c = 0; c < port.order->channels; ++c) {
    for (int64_t p = 0; p < port.order->positions; ++p) {
      int64_t place = c * port.order->positions + p;
      to[place] = numberAt(port, from, p * port.order->pitch + c, place);
    }
  }
}

/// From channels-last to NIR's order.
static void readReordered(const Port &port, const char *from, std::byte *to, size_t width) {
  if (port.quantized) {
    return readQuantizedReordered(port, from, reinterpret_cast<double *>(to));
  }
  const ChannelsLast &order = *port.order;
  for (int64_t c = 0; c < order.channels; ++c) {
    for (int64_t p = 0; p < order.positions; ++p) {
      std::memcpy(to + (c * order.positions + p) * width, from + (p * order.pitch + c) * width,
                  width);
    }
  }
}

void RunPorts::read(const char *arena, int64_t sample, int64_t t, const Part &part) {
  for (Out &out : outputs) {
    const char *from = arena + out.port.slot.offset;
    size_t width = nir::sizeOf(out.dtype);
    int64_t elements = elementsOf(out.port);
    std::byte *to = out.bytes + (sample * length + t) * elements * static_cast<int64_t>(width);
    auto [first, end] = part.range(elements);
    if (out.port.slot.bits) {
      for (int64_t i = first; i < end; ++i) {
        to[i] = static_cast<std::byte>(bitAt(from, i));
      }
    } else if (out.port.order) { // of a node that is not cut either
      if (part.has(sample)) {
        readReordered(out.port, from, to, width);
      }
    } else if (out.port.count) {
      readCounts(out.port, from, reinterpret_cast<int32_t *>(to), first, end);
    } else if (out.port.quantized) {
      readQuantized(out.port, from, reinterpret_cast<double *>(to), first, end);
    } else {
      std::memcpy(to + first * width, from + first * width, (end - first) * width);
    }
  }
}

/// Where element `place` of the node's own order lies in the port's slot.
static int64_t slotOf(const Port &port, int64_t place) {
  if (!port.order) {
    return place;
  }
  return place % port.order->positions * port.order->pitch + place / port.order->positions;
}

void nirc::cpu::writePort(const Port &port, const double *values, char *arena) {
  char *to = arena + port.slot.offset;
  if (!port.order) {
    converter(nir::DType::F64, port.slot.type)(port, reinterpret_cast<const std::byte *>(values),
                                               to, 0, elementsOf(port));
    return;
  }
  int64_t elements = elementsOf(port);
  for (int64_t place = 0; place < elements; ++place) {
    int64_t at = slotOf(port, place);
    if (port.slot.type == nir::DType::F64) {
      reinterpret_cast<double *>(to)[at] = values[place];
    } else if (port.slot.type == nir::DType::F32) {
      reinterpret_cast<float *>(to)[at] = static_cast<float>(values[place]);
    } else {
      int64_t channel = elements / static_cast<int64_t>(port.quantized->scales.size());
      quantize(values + place, reinterpret_cast<int32_t *>(to) + at, 1,
               port.quantized->scales[place / channel], *port.quantized);
    }
  }
}

void nirc::cpu::readPort(const Port &port, const char *arena, double *values) {
  const char *from = arena + port.slot.offset;
  int64_t elements = elementsOf(port);
  if (port.slot.bits) {
    for (int64_t i = 0; i < elements; ++i) {
      values[i] = bitAt(from, i);
    }
    return;
  }
  if (port.slot.type == nir::DType::U8) {
    std::copy_n(reinterpret_cast<const uint8_t *>(from), elements, values);
    return;
  }
  for (int64_t place = 0; place < elements; ++place) {
    values[place] = numberAt(port, from, slotOf(port, place), place);
  }
}
