//===- CpuPortsTest.cpp - recordings carried by threads that share steps --===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/run/Ports.h"

#include "backends/cpu/plan/Parameters.h"

#include <cstring>
#include <gtest/gtest.h>

using namespace nirc::cpu;

namespace {

constexpr int64_t elements = 210, samples = 3, steps = 2;

/// An input and what can be read of it: as it is, and as numbers that integers stand for, whose
/// three channels of 70 end within grains of 64; and a state that lies channel by channel.
Layout layoutOfIntegers() {
  Quantized quantized{{0.5, 0.25, 2.0}, -100, 100};
  Slot slot{0, elements, 256, nir::DType::I32};
  Port port{"in", "value", slot, {3, 70}, false, 0, std::nullopt, quantized};
  Port state = port;
  state.observable = "state";
  state.slot = {1024, 280, 320, nir::DType::I32};
  state.order = ChannelsLast{3, 70, 4};
  Port count = port;
  count.observable = "count";
  count.count = true;
  Layout layout;
  layout.bytes = 1024 + 320 * 4;
  layout.inputs = {port};
  layout.outputs = {port, state, count};
  return layout;
}

nir::Recording inputOf(int64_t batch) {
  auto [tensor, bytes] = nir::Tensor::allocate(nir::DType::F32, {batch, steps, 3, 70});
  for (int64_t i = 0; i < tensor.size(); ++i) {
    reinterpret_cast<float *>(bytes)[i] = static_cast<float>(i % 37) - 11.25F;
  }
  return {1e-3, {{"in", "value", tensor}}};
}

/// Carries all samples and one step more than the input has, on that many parts one after another.
/// What lies in the arena besides the input has marks of its own.
nir::Recording carry(int64_t parts) {
  Layout layout = layoutOfIntegers();
  auto ports = RunPorts::match(layout.inputs, layout.outputs, inputOf(samples), steps + 1, 1e-3);
  EXPECT_TRUE(ports);
  std::shared_ptr<char> arena = allocateParameter(layout.bytes);
  for (int64_t sample = 0; sample < samples; ++sample) {
    for (int64_t t = 0; t <= steps; ++t) {
      std::memset(arena.get(), 0x55, layout.bytes); // what no part writes shows
      for (int64_t part = 0; part < parts; ++part) {
        ports->write(arena.get(), sample, t, {part, parts});
      }
      auto *state = reinterpret_cast<int32_t *>(arena.get() + 1024);
      for (int64_t i = 0; i < 280; ++i) {
        state[i] = static_cast<int32_t>(1000 * sample + 300 * t + i);
      }
      for (int64_t part = 0; part < parts; ++part) {
        ports->read(arena.get(), sample, t, {part, parts});
      }
    }
  }
  return ports->takeRecording();
}

TEST(Ports, PartsCarryWhatOneCarries) {
  nir::Recording whole = carry(1);
  ASSERT_EQ(whole.traces.size(), 3u);
  for (int64_t parts : {2, 3, 5, 64}) {
    nir::Recording cut = carry(parts);
    for (size_t i = 0; i < whole.traces.size(); ++i) {
      const nir::Tensor &want = whole.traces[i].data, &got = cut.traces[i].data;
      ASSERT_EQ(got.shape(), want.shape());
      EXPECT_EQ(std::memcmp(got.bytes(), want.bytes(), want.sizeInBytes()), 0)
          << parts << " parts, " << whole.traces[i].observable;
    }
  }
}

TEST(Ports, IntegersStandForTheInput) {
  nir::Recording recording = carry(3);
  const nir::Tensor &values = recording.traces[0].data;
  // -11.25 + 5 by a scale of 0.5 is -12.5, which goes to the even -12; the last channel's is 2.
  EXPECT_EQ(values.at(5), -6.0);
  EXPECT_EQ(values.at(209), 12.0);                     // 12.75, by 2
  EXPECT_EQ(values.at((steps + 1) * elements - 1), 0); // past the input's end
}

TEST(Ports, RangesAreWholeGrainsAndMeet) {
  for (int64_t all : {1, 63, 64, 65, 330, 4096}) {
    for (int64_t of : {1, 2, 3, 7, 64}) {
      int64_t next = 0;
      for (int64_t number = 0; number < of; ++number) {
        auto [first, end] = Part{number, of}.range(all);
        EXPECT_EQ(first, next);
        EXPECT_TRUE(end % grain == 0 || end == all);
        next = end;
      }
      EXPECT_EQ(next, all) << all << " elements, " << of << " parts";
    }
  }
}

} // namespace
