//===- Digits.h - the recordings of N-MNIST ---------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/io/EventFile.h"
#include "api/io/Files.h"
#include "ir/recording/Recording.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace nir::test {

/// What drives cnn_sinabs.nir: the digit's recording in the reference data, counted in bins of 1
/// ms. No trace, and a failure of the test, where it cannot be read.
inline Recording recordingOfDigit(const std::string &folder, int64_t digit) {
  std::string path = fmt::format("{}/nmnist/{}.bin", folder, digit);
  auto bytes = nirc::readFile(path, 1 << 20, "a recording");
  EXPECT_TRUE(bytes) << bytes.error().str();
  auto events =
      bytes ? nirc::readEventFile(*bytes, "nmnist", path, {2, 34, 34}, 1 << 26) : bytes.takeError();
  EXPECT_TRUE(events) << events.error().str();
  auto frames = events ? nirc::frameEvents(events->events, {}, {}, 1e-3, {2, 34, 34}, path)
                       : events.takeError();
  EXPECT_TRUE(frames) << frames.error().str();
  if (!frames) {
    return {};
  }
  Shape shape = frames->shape();
  shape.insert(shape.begin(), 1);
  return {1e-3, {{"input", "value", Tensor::of<double>(shape, frames->toDoubles())}}};
}

} // namespace nir::test
