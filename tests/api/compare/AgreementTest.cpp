//===- AgreementTest.cpp - how much of a recording a run has --------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/compare/Agreement.h"
#include "api/compare/Alignment.h"

#include <gtest/gtest.h>
#include <limits>

using namespace nirc;
using nir::Recording;
using nir::Tensor;

/// Two samples of four steps of one neuron.
static Tensor spikes(const std::vector<float> &values) {
  return Tensor::of<float>({2, 4, 1}, values);
}

static Agreement between(const std::vector<float> &expected, const std::vector<float> &run,
                         int64_t shift = 0) {
  return agreementOf(SpikeList::of(spikes(expected)), SpikeList::of(spikes(run)), shift);
}

TEST(Agreement, CountsWhatBothHave) {
  Agreement found = between({1, 0, 0, 1, /**/ 0, 2, 0, 0}, {1, 0, 1, 0, /**/ 0, 1, 0, 0});
  EXPECT_EQ(found.expected, 4);
  EXPECT_EQ(found.agree, 2);
  EXPECT_EQ(found.extra, 1);
  EXPECT_DOUBLE_EQ(found.share(), 4.0 / 7.0);
  ASSERT_TRUE(found.first);
  EXPECT_EQ(found.first->sample, 1); // step 1 comes before sample 0's step 2
  EXPECT_EQ(found.first->step, 1);
  EXPECT_EQ(found.first->base, 2);
  EXPECT_EQ(found.first->other, 1);
  EXPECT_TRUE(between({0, 1, 0, 1, 0, 0, 0, 0}, {0, 1, 0, 1, 0, 0, 0, 0}).isFull());
  EXPECT_TRUE(between({0, 0, 0, 0, 0, 0, 0, 0}, {0, 0, 0, 0, 0, 0, 0, 0}).isFull());
}

/// A shift never takes a spike from one sample into the next.
TEST(Agreement, ALateRecordingIsMovedBack) {
  Agreement found = between({0, 1, 0, 0, /**/ 0, 0, 1, 0}, {1, 0, 0, 0, /**/ 0, 1, 0, 1}, 1);
  EXPECT_TRUE(found.isFull()); // the run's last spike is past the recording
  found = between({1, 0, 0, 0, /**/ 0, 1, 0, 0}, {0, 1, 0, 0, /**/ 1, 0, 1, 0}, -1);
  EXPECT_TRUE(found.isFull()); // the run's first one is before it
  found = between({1, 1, 0, 0, /**/ 0, 0, 0, 0}, {1, 0, 0, 0, /**/ 0, 0, 0, 0}, 1);
  EXPECT_EQ(found.agree, 1);
  EXPECT_EQ(found.expected, 2); // nothing of the run can be in its first step: missing
}

TEST(Agreement, OfValuesIsWithinATolerance) {
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  Agreement found =
      agreementOf(spikes({1, 2, 3, 4, 5, 6, 7, nan}), spikes({1, 2.5, 3, 4, 5, 6, 9, nan}), 0, 0.5);
  EXPECT_EQ(found.values, 8);
  EXPECT_EQ(found.unequal, 1);
  EXPECT_EQ(found.largest, 2.0);
  EXPECT_EQ(found.first->step, 2);
  EXPECT_EQ(found.first->sample, 1);
  found = agreementOf(spikes({0, 1, 2, 3, 0, 5, 6, 7}), spikes({1, 2, 3, 4, 5, 6, 7, 8}), 1, 0.0);
  EXPECT_EQ(found.values, 6);
  EXPECT_TRUE(found.isFull());
}

TEST(Agreement, SilenceIsNoCloserThanNoise) {
  Agreement silent = between({1, 1, 1, 0, 0, 0, 0, 0}, {0, 0, 0, 0, 0, 0, 0, 0});
  Agreement noisy = between({1, 1, 1, 0, 0, 0, 0, 0}, {1, 0, 0, 1, 1, 1, 1, 1});
  EXPECT_TRUE(isCloser(noisy, silent));
  // Beside silence the one with fewer spikes.
  EXPECT_TRUE(isCloser(between({0, 0, 0}, {1, 0, 0}), between({0, 0, 0}, {1, 1, 0})));
  EXPECT_FALSE(isCloser(silent, noisy));
}

static Recording recording(int64_t steps, const std::vector<float> &values) {
  return {1e-3, {{"a", "spikes", Tensor::of<float>({1, steps, 1}, values)}}};
}

TEST(Alignment, CutsToWhatBothHave) {
  Aligned aligned = align(recording(5, {1, 0, 1, 1, 0}), recording(5, {0, 0, 1, 0, 1}), 3, 0.0);
  EXPECT_EQ(aligned.shift, 2);
  EXPECT_EQ(aligned.firstStep, 0);
  EXPECT_EQ(aligned.base.traces[0].data.toDoubles(), (std::vector<double>{1, 0, 1}));
  EXPECT_EQ(aligned.other.traces[0].data.toDoubles(), (std::vector<double>{1, 0, 1}));
  aligned = align(recording(4, {0, 1, 0, 1}), recording(3, {1, 0, 1}), 1, 0.0);
  EXPECT_EQ(aligned.shift, -1);
  EXPECT_EQ(aligned.firstStep, 1);
  EXPECT_EQ(aligned.base.traces[0].data.toDoubles(), (std::vector<double>{1, 0, 1}));
  EXPECT_EQ(aligned.other.traces[0].data.toDoubles(), (std::vector<double>{1, 0, 1}));
  aligned = align(recording(4, {0, 1, 0, 1}), recording(2, {1, 0}), 1, 0.0);
  EXPECT_EQ(aligned.other.traces[0].data.size(), 2); // too far apart: as they are
  EXPECT_EQ(aligned.base.traces[0].data.size(), 4);
}
