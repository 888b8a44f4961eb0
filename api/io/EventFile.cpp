//===- EventFile.cpp - N-MNIST events -------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/EventFile.h"

#include "ir/recording/StepOf.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace nirc {

nir::Result<std::vector<CameraEvent>> parseEvents(std::span<const std::byte> bytes,
                                                  const std::string &file) {
  constexpr size_t eventSize = 5;
  constexpr uint8_t overflowRow = 240;
  if (bytes.size() % eventSize != 0) {
    return nir::Error(fmt::format("found {} bytes, expected a multiple of 5: an N-MNIST event has "
                                  "5 bytes",
                                  bytes.size()))
        .in(file);
  }
  std::vector<CameraEvent> events;
  events.reserve(bytes.size() / eventSize);
  uint32_t wrapped = 0;
  for (size_t at = 0; at < bytes.size(); at += eventSize) {
    auto byte = [&](size_t i) { return std::to_integer<uint32_t>(bytes[at + i]); };
    if (byte(1) == overflowRow) {
      wrapped += 1U << 13;
      continue;
    }
    uint32_t time = (byte(2) & 0x7F) << 16 | byte(3) << 8 | byte(4);
    events.push_back({static_cast<uint8_t>(byte(0)), static_cast<uint8_t>(byte(1)),
                      static_cast<uint8_t>(byte(2) >> 7), time + wrapped});
  }
  return events;
}

nir::Result<nir::Tensor> binEvents(const std::vector<CameraEvent> &events, double binSeconds,
                                   const nir::Shape &signal, const std::string &file) {
  if (signal.size() != 3 || signal[0] < 1 || signal[0] > 2) {
    return nir::Error(fmt::format("events of a camera do not fit an input of shape {}, expected "
                                  "[2, height, width] or [1, height, width]",
                                  nir::str(signal)))
        .in(file);
  }
  if (events.empty()) {
    return nir::Error("the file holds no events").in(file);
  }
  auto binOf = [&](const CameraEvent &event) {
    return static_cast<int64_t>(
        nir::stepOf(event.microseconds * 1e-6, binSeconds, nir::DType::F64));
  };
  int64_t bins = 0;
  for (const CameraEvent &event : events) {
    if (event.y >= signal[1] || event.x >= signal[2]) {
      return nir::Error(fmt::format("found an event at row {}, column {}, expected {} rows and {} "
                                    "columns as the input has",
                                    event.y, event.x, signal[1], signal[2]))
          .in(file);
    }
    bins = std::max(bins, binOf(event) + 1);
  }
  constexpr int64_t mostBytes = int64_t(1) << 36;
  if (bins > mostBytes / 4 / nir::numElements(signal)) {
    return nir::Error(fmt::format("{} bins of shape {} are too many", bins, nir::str(signal)))
        .in(file)
        .note("--bin takes a longer bin, such as 1ms");
  }
  auto [tensor, memory] =
      nir::Tensor::allocate(nir::DType::I32, {bins, signal[0], signal[1], signal[2]});
  auto *counts = reinterpret_cast<int32_t *>(memory);
  for (const CameraEvent &event : events) {
    int64_t channel = signal[0] == 2 ? event.polarity : 0;
    ++counts[((binOf(event) * signal[0] + channel) * signal[1] + event.y) * signal[2] + event.x];
  }
  return tensor;
}

nir::Tensor atMostOne(const nir::Tensor &counts) {
  auto [tensor, bytes] = nir::Tensor::allocate(nir::DType::U8, counts.shape());
  for (int64_t i = 0; i < counts.size(); ++i) {
    bytes[i] = std::byte(counts.intAt(i) != 0);
  }
  return tensor;
}

} // namespace nirc
