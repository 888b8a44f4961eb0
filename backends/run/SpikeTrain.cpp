//===- SpikeTrain.cpp - an input as lists of spikes -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/run/SpikeTrain.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

using namespace nirc;

static nir::Error noSpike(const nir::Drive &drive, double value, int64_t sample, int64_t step,
                          size_t element, std::string_view platform) {
  nir::Error error = nir::Error::atNode(
      nir::Cause::InputValue, drive.path,
      fmt::format("found the input {} in step {} of sample {}, element {}, expected 0 "
                  "or 1: what enters {} is spikes",
                  value, step, sample, element, platform));
  bool maybeEvents = value > 1.0 && value == std::floor(value);
  return std::move(error).note(
      maybeEvents ? "of several events in a step --one-per-step takes one; numbers become spikes "
                    "outside, or by --input poisson:"
                  : "make spikes of the numbers first, as --input poisson: does");
}

template <typename Number>
nir::Status SpikeTrain::read(const nir::Drive &drive, std::span<const Number> values,
                             int64_t samples, int64_t stepsOfFile, std::string_view platform) {
  size_t size = drive.step.size();
  for (int64_t b = 0; b < samples; ++b) {
    for (int64_t t = 0; t < steps; ++t) {
      std::span<const Number> row =
          values.subspan(static_cast<size_t>(b * stepsOfFile + t) * size, size);
      for (size_t i = 0; i < size; ++i) {
        if (row[i] == Number(0)) {
          continue;
        }
        if (row[i] != Number(1)) {
          return noSpike(drive, static_cast<double>(row[i]), b, t, i, platform);
        }
        elements.push_back(static_cast<uint32_t>(i));
      }
      first.push_back(elements.size());
    }
  }
  return {};
}

nir::Result<SpikeTrain> SpikeTrain::of(const nir::Drive &drive, const nir::Extent &extent,
                                       std::string_view platform) {
  const nir::Tensor &data = *drive.data;
  int64_t stepsOfFile = data.shape()[1];
  SpikeTrain train;
  train.steps = std::min(extent.steps, stepsOfFile);
  auto read = [&](auto values) {
    return train.read(drive, values, extent.batch, stepsOfFile, platform);
  };
  auto readConverted = [&] {
    std::vector<double> converted = data.toDoubles();
    return read(std::span<const double>(converted));
  };
  nir::Status wrong = data.dtype() == nir::DType::U8    ? read(data.as<uint8_t>())
                      : data.dtype() == nir::DType::I32 ? read(data.as<int32_t>())
                      : data.dtype() == nir::DType::F32 ? read(data.as<float>())
                      : data.dtype() == nir::DType::F64 ? read(data.as<double>())
                                                        : readConverted();
  return wrong ? nir::Result<SpikeTrain>(std::move(*wrong)) : std::move(train);
}
