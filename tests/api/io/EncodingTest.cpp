//===- EncodingTest.cpp - values as the steps of a run --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Encoding.h"

#include <gtest/gtest.h>

using namespace nirc;

static EncodingRun runOf(std::string_view encoder, int64_t steps, double dt = 1e-3) {
  nir::Result<Encoder> read = encoderOf(encoder);
  EXPECT_TRUE(read) << encoder;
  return {.encoder = *read, .steps = steps, .dtSeconds = dt};
}

static nir::Tensor row(std::vector<double> values) { return nir::Tensor::vector<double>(values); }

/// Steps [1, T, N] of float64.
static nir::Tensor steps(int64_t count, std::vector<double> values) {
  auto width = static_cast<int64_t>(values.size()) / count;
  return nir::Tensor::of<double>({1, count, width}, values);
}

static std::vector<double> encoded(const nir::Result<nir::Tensor> &signal) {
  EXPECT_TRUE(signal) << signal.error().message;
  return signal ? signal->toDoubles() : std::vector<double>();
}

TEST(Encoding, NamesAreReadAndWritten) {
  for (const char *name : {"direct", "rate", "latency", "delta:0.1", "delta:2.5"}) {
    EXPECT_EQ(text(*encoderOf(name)), name);
  }
  EXPECT_EQ(encoderOf("delta")->threshold, 0.1);
  EXPECT_EQ(encoderOf("latency:5ms")->tauSeconds, 5e-3);
  EXPECT_EQ(encoderOf(text(*encoderOf("latency:5ms")))->tauSeconds, 5e-3);
  for (const char *wrong : {"", "Rate", "rates", "rate:1", "direct:", "latency:", "latency:-1ms",
                            "delta:", "delta:0", "delta:-1", "delta:nan", "delta:x"}) {
    EXPECT_FALSE(encoderOf(wrong)) << wrong;
  }
}

TEST(Encoding, DirectIsTheValueInEachStep) {
  EXPECT_EQ(encoded(encodeValues(row({0.25, -3}), runOf("direct", 2), {2}, 0)),
            (std::vector<double>{0.25, -3, 0.25, -3}));
  nir::Tensor pixels = nir::Tensor::vector<uint8_t>({0, 51, 255});
  EXPECT_TRUE(areBrightness(pixels));
  EXPECT_FALSE(areBrightness(nir::Tensor::vector<uint8_t>({0, 1}))); // spikes
  EXPECT_FALSE(areBrightness(nir::Tensor::vector<int32_t>({0, 255})));
  EncodingRun run = runOf("direct", 1);
  run.isBrightness = true;
  nir::Result<nir::Tensor> shown = encodeValues(pixels, run, {3}, 0);
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->dtype(), nir::DType::F32);
  EXPECT_EQ(shown->shape(), (nir::Shape{1, 1, 3}));
  EXPECT_EQ(shown->toDoubles(), (std::vector<double>{0, static_cast<double>(0.2F), 1}));
}

TEST(Encoding, RateIsAsOftenAsItsProbability) {
  EncodingRun run = runOf("rate", 100000);
  std::vector<double> spikes = encoded(encodeValues(row({0, 0.3, 1}), run, {3}, 7));
  std::array<double, 3> sums{};
  for (size_t i = 0; i < spikes.size(); ++i) {
    sums[i % 3] += spikes[i];
  }
  EXPECT_EQ(sums[0], 0);
  EXPECT_NEAR(sums[1], 30000, 5 * 145); // five times the binomial's deviation, sqrt(1e5 0.3 0.7)
  EXPECT_EQ(sums[2], 100000);
  EXPECT_EQ(encoded(encodeValues(row({0, 0.3, 1}), run, {3}, 7)), spikes);
  EXPECT_NE(encoded(encodeValues(row({0, 0.3, 1}), run, {3}, 8)), spikes);
  EXPECT_NE(seedOfSample(1, 0), seedOfSample(1, 1));
  EXPECT_NE(seedOfSample(1, 0), seedOfSample(2, 0));
}

/// (1 - x)(T - 1), by hand; snntorch.spikegen.latency(x, 5, linear=True, normalize=True, clip=True)
/// gives the same.
TEST(Encoding, LatencyFallsLinearly) {
  std::vector<double> spikes =
      encoded(encodeValues(row({1, 0.8, 0.5, 0.1, 0.005, 0}), runOf("latency", 5), {6}, 0));
  EXPECT_EQ(spikes, (std::vector<double>{1, 0, 0, 0, 0, 0,    // 0
                                         0, 1, 0, 0, 0, 0,    // 0.8
                                         0, 0, 1, 0, 0, 0,    // 2
                                         0, 0, 0, 0, 0, 0,    //
                                         0, 0, 0, 1, 0, 0})); // 3.6; below 0.01 nothing
}

/// tau ln(x / (x - 0.01)) of 1, 0.02 and 0.0101 is 0.01005, 0.6931 and 4.615 tau.
TEST(Encoding, LatencyOfAMembrane) {
  auto spikes = encoded(
      encodeValues(row({1, 0.02, 0.0101, 0.01}), runOf("latency:2ms", 8), {4}, 0)); // 2 steps
  std::vector<double> expected(8 * 4, 0.0);
  expected[0] = 1;         // 0.02 steps
  expected[1 * 4 + 1] = 1; // 1.39; 9.2 and infinity are past the end
  EXPECT_EQ(spikes, expected);
}

/// By hand; snntorch.spikegen.delta(x, threshold=1, off_spike=True) has the signed row.
TEST(Encoding, DeltaIsOfChanges) {
  nir::Tensor x = steps(5, {1, 2, 0, 2, 2.9});
  EncodingRun run = runOf("delta:1", 0);
  auto with = [&](Polarity polarity) {
    run.polarity = polarity;
    return encoded(encodeSteps(x, run, {1}, 0));
  };
  EXPECT_EQ(with(Polarity::Auto), (std::vector<double>{1, 1, 0, 1, 0}));
  EXPECT_EQ(with(Polarity::Signed), (std::vector<double>{1, 1, -1, 1, 0}));
  EXPECT_EQ(with(Polarity::Off), (std::vector<double>{0, 0, 1, 0, 0}));
  EXPECT_EQ(with(Polarity::Merged), (std::vector<double>{1, 1, 1, 1, 0}));
}

TEST(Encoding, DeltaFillsTwoChannels) {
  EncodingRun run = runOf("delta:1", 0);
  EXPECT_EQ(shapeBeforeEncoding(run, {2, 3}, {7, 3}), (nir::Shape{3}));
  EXPECT_EQ(shapeBeforeEncoding(run, {2, 3}, {7, 2, 3}), (nir::Shape{2, 3}));
  EXPECT_EQ(shapeBeforeEncoding(run, {3}, {7, 3}), (nir::Shape{3}));
  // Two steps of (5, 0), (3, 4): off, then on.
  EXPECT_EQ(encoded(encodeSteps(steps(2, {5, 0, 3, 4}), run, {2, 2}, 0)),
            (std::vector<double>{0, 0, 1, 0, 1, 0, 0, 1}));
}

TEST(Encoding, WhatDoesNotGoTogetherIsRefused) {
  auto messageOf = [](const nir::Result<nir::Tensor> &signal) {
    return signal ? "no error" : signal.error().message;
  };
  EXPECT_EQ(messageOf(encodeValues(row({0.5, 17}), runOf("rate", 3), {2}, 0)),
            "found 17 at element 1, expected values from 0 to 1 for the encoding rate; here they "
            "are from 0.5 to 17");
  EXPECT_NE(messageOf(encodeValues(row({-0.1}), runOf("latency", 3), {1}, 0)), "no error");
  EXPECT_NE(messageOf(encodeValues(row({0.5}), runOf("delta", 3), {1}, 0)), "no error");
  EXPECT_NE(messageOf(encodeSteps(steps(2, {0, 1}), runOf("latency", 3), {1}, 0)), "no error");
  EXPECT_NE(messageOf(encodeSteps(steps(2, {0, 2}), runOf("rate", 3), {1}, 0)), "no error");
}
