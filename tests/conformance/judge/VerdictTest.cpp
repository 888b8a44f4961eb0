//===- VerdictTest.cpp - where recordings differ first --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/judge/Verdict.h"
#include "conformance/judge/Answers.h"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nirc;
using namespace nirc::conformance;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

nir::Trace trace(const std::string &node, const std::string &observable,
                 const std::vector<double> &values) {
  auto steps = static_cast<int64_t>(values.size()) / 2;
  return {node, observable, nir::Tensor::of<double>({1, steps, 2}, values)};
}

TEST(Verdict, HasTheFirstDifferenceOfEachNodeWithItsStates) {
  nir::Recording right{1e-3,
                       {trace("late", "v", {0, 0, 0, 0, 1, 0}),
                        trace("lif", "spikes", {0, 0, 0, 1, 0, 0}),
                        trace("lif", "v", {0, 0.5, 0, 0.25, 0, 0})}};
  nir::Recording got = right;
  got.traces[0] = trace("late", "v", {0, 0, 0, 0, 2, 0});
  got.traces[1] = trace("lif", "spikes", {0, 0, 0, 0, 0, 0});
  got.traces[2] = trace("lif", "v", {0, 0.5, 0, 0.75, 0, 0});
  nir::Result<Divergences> found = divergencesOf(right, got, 0.0);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->nodes.size(), 3U);
  EXPECT_EQ(found->nodes[0].trace.node, "lif"); // the earliest first
  EXPECT_EQ(found->nodes[2].trace.node, "late");
  EXPECT_EQ(found->text(), "'lif' spikes: step 1, index [1]: 0, expected 1; v 0.5 and then 0.75, "
                           "expected 0.5 and then 0.25");
}

TEST(Verdict, MissesWhatIsNotRecorded) {
  nir::Recording right{1e-3, {trace("a", "v", {1, 2}), trace("b", "v", {1, 2})}};
  nir::Recording got{1e-3, {trace("a", "v", {1, 2}), trace("c", "v", {1, 2})}};
  nir::Result<Divergences> found = divergencesOf(right, got, 0.0);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->none());
  EXPECT_THAT(found->text(), HasSubstr("has no recording of b v"));
}

TEST(Verdict, OfNoStepsIsEqual) {
  nir::Recording nothing{1e-3, {{"a", "v", nir::Tensor::of<double>({1, 0, 2}, {})}}};
  nir::Result<Divergences> found = divergencesOf(nothing, nothing, 0.0);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->none());
  EXPECT_FALSE(divergencesOf(nothing, {1e-3, {trace("a", "v", {1, 2})}}, 0.0));
}

TEST(Verdict, ARefusalIsNamedAndAFailureIsNot) {
  EXPECT_TRUE(isRefusal(nir::Error(nir::Cause::UnsupportedByTarget, "")));
  EXPECT_TRUE(isRefusal(nir::Error(nir::Cause::CannotQuantize, "")));
  EXPECT_FALSE(isRefusal(nir::Error::internal("")));
  EXPECT_FALSE(isRefusal(nir::Error(nir::Cause::ProgramFailed, "")));
  EXPECT_FALSE(isRefusal(nir::Error(nir::Cause::CannotWrite, "")));
}

TEST(Answers, AreFittedByNodeAndObservable) {
  nir::Recording expected{1e-3, {trace("out", "spikes", {0, 1}), trace("lif", "v", {1, 2})}};
  // An Output's signal may be called value; states may be left out, and more may be there.
  nir::Recording given{1e-3, {trace("out", "value", {0, 1}), trace("more", "v", {0, 0})}};
  nir::Result<nir::Recording> fitted = fittedTo(expected, {"out"}, given);
  ASSERT_TRUE(fitted) << fitted.error().str();
  ASSERT_EQ(fitted->traces.size(), 1U);
  EXPECT_EQ(fitted->traces[0].observable, "spikes");
  EXPECT_THAT(fittedTo(expected, {"out"}, {1e-3, {trace("lif", "v", {1, 2})}}).error().message,
              HasSubstr("no recording of the Output 'out', it has 'lif'"));
  EXPECT_THAT(
      fittedTo(expected, {"out"}, {1e-3, {trace("out", "spikes", {0, 1, 0, 1})}}).error().message,
      HasSubstr("found shape [1, 2, 2], expected [1, 1, 2]"));
}

TEST(Answers, HaveTheToleranceOfTheLargestNumber) {
  EXPECT_DOUBLE_EQ(toleranceOf(trace("a", "v", {-4, 2}), std::nullopt), 4e-5);
  EXPECT_DOUBLE_EQ(toleranceOf(trace("a", "v", {-4, 2}), 0.5), 0.5);
  EXPECT_DOUBLE_EQ(toleranceOf(trace("a", "v", {INFINITY, 2}), std::nullopt), 2e-5);
}

} // namespace
