//===- DifferenceTest.cpp - where recordings differ -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/compare/Difference.h"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

using namespace nirc;
using nir::Recording;
using nir::Tensor;
using nir::Trace;

static Recording recording(std::vector<Trace> traces) {
  return {.dtSeconds = 1e-3, .traces = std::move(traces)};
}

/// Two samples of three steps of two neurons.
static Trace spikes(const char *node, const std::vector<uint8_t> &values) {
  return {node, "spikes", Tensor::of<uint8_t>({2, 3, 2}, values)};
}

static const std::vector<uint8_t> quiet = {0, 0, 1, 0, 0, 1, /*sample 1*/ 0, 0, 0, 0, 1, 1};

TEST(Difference, OfEqualRecordingsIsNone) {
  auto difference =
      differenceOf(recording({spikes("a", quiet)}), recording({spikes("a", quiet)}), {});
  ASSERT_TRUE(difference);
  EXPECT_TRUE(difference->equal());
  EXPECT_EQ(difference->first(), nullptr);
  const TraceDifference &trace = difference->traces.at(0);
  EXPECT_EQ(trace.unequal, 0);
  EXPECT_EQ(trace.baseSpikes, 4);
  EXPECT_EQ(trace.vanRossum, 0.0);
  EXPECT_EQ(trace.victorPurpura, 0.0);
  EXPECT_DOUBLE_EQ(trace.cosine, 1.0);
}

TEST(Difference, StartsAtTheEarliestStepOfAnySampleAndNode) {
  std::vector<uint8_t> late = quiet; // sample 0, step 2
  late[4] = 1;
  std::vector<uint8_t> early = quiet; // sample 1, step 1, neuron 1; and sample 0, step 2
  early[9] = 1;
  early[5] = 0;
  auto difference = differenceOf(recording({spikes("a", quiet), spikes("b", quiet)}),
                                 recording({spikes("b", early), spikes("a", late)}), {});
  ASSERT_TRUE(difference);
  EXPECT_FALSE(difference->equal());
  const TraceDifference *first = difference->first();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->node, "b");
  EXPECT_EQ(first->unequal, 2);
  EXPECT_EQ(first->first->sample, 1);
  EXPECT_EQ(first->first->step, 1);
  EXPECT_EQ(first->first->element, 1);
  EXPECT_EQ(first->first->base, 0);
  EXPECT_EQ(first->first->other, 1);
  // One spike too many in neuron 0 of sample 0.
  EXPECT_EQ(difference->traces[0].otherSpikes - difference->traces[0].baseSpikes, 1);
  EXPECT_DOUBLE_EQ(*difference->traces[0].victorPurpura, 1.0);
}

TEST(Difference, InOneStepTheFirstNodeOfTheBaseCounts) {
  std::vector<uint8_t> other = quiet;
  other[0] = 1;
  auto difference = differenceOf(recording({spikes("up", quiet), spikes("down", quiet)}),
                                 recording({spikes("down", other), spikes("up", other)}), {});
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->first()->node, "up");
}

TEST(Difference, SeveralSpikesAStepAreCounted) {
  Trace one{"a", "spikes", Tensor::of<uint8_t>({1, 2, 1}, {1, 0})};
  Trace three{"a", "spikes", Tensor::of<int32_t>({1, 2, 1}, {3, 0})};
  auto difference = differenceOf(recording({one}), recording({three}), {});
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->traces[0].otherSpikes, 3);
  EXPECT_DOUBLE_EQ(*difference->traces[0].victorPurpura, 2.0);
  EXPECT_DOUBLE_EQ(*difference->traces[0].vanRossum, std::sqrt(2.0));
}

TEST(Difference, OtherDTypesMayHoldTheSameSpikes) {
  Trace bytes{"a", "spikes", Tensor::of<uint8_t>({1, 2, 1}, {1, 0})};
  Trace words{"a", "spikes", Tensor::of<int32_t>({1, 2, 1}, {1, 0})};
  auto difference = differenceOf(recording({bytes}), recording({words}), {});
  ASSERT_TRUE(difference);
  EXPECT_TRUE(difference->equal());
}

TEST(Difference, ValuesMayDifferByTheTolerance) {
  double nan = std::numeric_limits<double>::quiet_NaN();
  Trace base{"a", "v", Tensor::of<double>({1, 3, 1}, {1.0, nan, 2.0})};
  Trace other{"a", "v", Tensor::of<double>({1, 3, 1}, {1.25, nan, 2.0})};
  auto unequal = [&](double tolerance) {
    auto difference = differenceOf(recording({base}), recording({other}), {.tolerance = tolerance});
    EXPECT_TRUE(difference);
    EXPECT_EQ(difference->traces[0].largest, 0.25);
    return difference->traces[0].unequal;
  };
  EXPECT_EQ(unequal(0.0), 1);
  EXPECT_EQ(unequal(0.25), 0);
  other.data = Tensor::of<double>({1, 3, 1}, {1.0, 7.0, 2.0});
  auto difference = differenceOf(recording({base}), recording({other}), {.tolerance = 1e9});
  EXPECT_FALSE(difference->equal()); // NaN against a number is within no tolerance
}

TEST(Difference, SaysWhatOneSideAloneHas) {
  auto difference = differenceOf(recording({spikes("a", quiet), spikes("b", quiet)}),
                                 recording({spikes("a", quiet), spikes("c", quiet)}), {});
  ASSERT_TRUE(difference);
  EXPECT_THAT(difference->onlyInBase, testing::ElementsAre("b spikes"));
  EXPECT_THAT(difference->onlyInOther, testing::ElementsAre("c spikes"));
  EXPECT_EQ(difference->traces.size(), 1U);
}

TEST(Difference, LoneTracesGoTogetherWhateverTheirNames) {
  auto difference =
      differenceOf(recording({spikes("output", quiet)}), recording({spikes("out", quiet)}), {});
  ASSERT_TRUE(difference);
  EXPECT_TRUE(difference->equal());
}

TEST(Difference, RefusesWhatCannotBeCompared) {
  auto refused = [](const Recording &base, const Recording &other) {
    auto difference = differenceOf(base, other, {});
    return difference ? "no error" : difference.error().str();
  };
  Recording base = recording({spikes("a", quiet)});
  auto with = [](nir::Shape shape) {
    return recording({{"a", "spikes", Tensor::allocate(nir::DType::U8, std::move(shape)).first}});
  };
  EXPECT_EQ(refused(base, with({1, 3, 2})),
            "error: node 'a': spikes has 1 sample, expected 2 as what it is compared with");
  EXPECT_EQ(refused(base, with({2, 4, 2})),
            "error: node 'a': spikes has 4 steps, expected 3 as what it is compared with");
  EXPECT_EQ(refused(base, with({2, 3, 5})),
            "error: node 'a': spikes has shape [5], expected [2] as what it is compared with");
  EXPECT_EQ(refused(base, recording({{"a", "v", base.traces[0].data}})),
            "error: has no recorded node in common with what it is compared with");
  Recording slower = base;
  slower.dtSeconds = 2e-3;
  EXPECT_EQ(refused(base, slower),
            "error: found steps of 0.002 s, expected 0.001 s as what it is compared with");
}

TEST(Difference, AbsurdNumbersOfSpikesAreOnlyCounted) {
  Trace base{"a", "spikes", Tensor::of<double>({1, 2, 1}, {1, 0})};
  Trace other{"a", "spikes", Tensor::of<double>({1, 2, 1}, {1e300, 1})};
  auto difference = differenceOf(recording({base}), recording({other}), {});
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->traces[0].unequal, 2);
  EXPECT_FALSE(difference->traces[0].vanRossum);
}

TEST(Difference, WithoutAStepThereAreNoDistancesInTime) {
  Recording base = recording({spikes("a", quiet)});
  base.dtSeconds = 0.0;
  auto difference = differenceOf(base, base, {});
  ASSERT_TRUE(difference);
  EXPECT_FALSE(difference->traces[0].vanRossum);
  EXPECT_FALSE(difference->traces[0].victorPurpura);
}
