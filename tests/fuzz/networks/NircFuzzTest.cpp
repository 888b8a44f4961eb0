//===- NircFuzzTest.cpp - what nirc-fuzz itself does ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// On checks that fail, crash and hang as they are told to.
//
//===----------------------------------------------------------------------===//

#include "ir/graph/Check.h"
#include "tests/fuzz/networks/Draw.h"
#include "tests/fuzz/networks/Finding.h"
#include "tests/fuzz/networks/Smaller.h"
#include "tests/support/TemporaryFolder.h"

#include <cstdlib>
#include <gtest/gtest.h>

using namespace nir;
using namespace nir::fuzz;

namespace {

/// A check that says what a function says.
class Told final : public Check {
public:
  explicit Told(std::function<Verdict(const Case &)> of) : of(std::move(of)) {}
  std::string name() const override { return "told"; }
  Verdict run(Trial &trial) const override { return of(trial.of); }
  double maxSeconds() const override { return 0.3; }

private:
  std::function<Verdict(const Case &)> of;
};

/// Whether a Linear or an Affine has a weight above a half.
bool hasLargeWeight(const Graph &graph) {
  for (const Node &node : graph.nodes) {
    const auto *linear = node.as<Linear>();
    const auto *affine = node.as<Affine>();
    const auto *inner = node.as<Graph>();
    const Tensor *weight = linear ? &linear->weight : affine ? &affine->weight : nullptr;
    for (int64_t i = 0; weight && i < weight->size(); ++i) {
      if (weight->at(i) > 0.5) {
        return true;
      }
    }
    if (inner && hasLargeWeight(*inner)) {
      return true;
    }
  }
  return false;
}

int64_t stepsOf(const Case &of) {
  return of.input.traces.empty() ? 0 : of.input.traces[0].data.shape()[1];
}

/// The first case from that seed on that a check fails.
Case firstFailing(uint64_t seed, const Check &check) {
  for (;; ++seed) {
    Case drawn = drawCase(seed);
    Trial trial(drawn);
    if (check.run(trial).kind == Verdict::Fails) {
      return drawn;
    }
  }
}

TEST(NircFuzz, MakesAFindingSmall) {
  Told check([](const Case &of) {
    return stepsOf(of) >= 5 && of.format && hasLargeWeight(of.graph)
               ? Verdict::fails("bits", "as it was told")
               : Verdict::holds();
  });
  Case large = firstFailing(1, check);
  Case small = smaller(large, check, {"told", "bits", ""});
  EXPECT_TRUE(hasLargeWeight(small.graph));
  EXPECT_LE(small.graph.nodes.size(), 2U); // an Input that holds the steps
  EXPECT_TRUE(nir::check(small.graph).ok());
  EXPECT_EQ(stepsOf(small), 5);
  EXPECT_EQ(small.input.traces[0].data.shape()[0], 1) << "one sample";
  EXPECT_EQ(small.semantics, Semantics(large.semantics.dtSeconds));
  EXPECT_EQ(*small.format, NumberFormat());
  EXPECT_EQ(small.calibrated, Calibrated::No);
}

TEST(NircFuzz, TellsCrashesAndHangs) {
  Case drawn = drawCase(1);
  Told crash([](const Case &) -> Verdict { std::abort(); });
  Told hang([](const Case &) -> Verdict {
    for (volatile bool isForEver = true; isForEver;) {
    }
    return {};
  });
  Told leave([](const Case &) -> Verdict { std::_Exit(3); });
  EXPECT_EQ(failureOf(drawn, crash)->cause, "crash");
  EXPECT_EQ(failureOf(drawn, crash)->text.substr(0, 8), "signal 6");
  EXPECT_EQ(failureOf(drawn, hang)->cause, "hang");
  EXPECT_EQ(failureOf(drawn, leave)->text.substr(0, 6), "exit 3");
  Told refuse([](const Case &) { return Verdict::refused(Error(Cause::DoesNotFit, "no")); });
  EXPECT_FALSE(failureOf(drawn, refuse));
}

TEST(NircFuzz, DrawsTheSameCaseAgain) {
  int formats = 0, chips = 0;
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    Case one = drawCase(seed), two = drawCase(seed);
    EXPECT_EQ(one.graph, two.graph) << seed;
    EXPECT_EQ(one.options(), two.options()) << seed;
    EXPECT_EQ(differenceInBits(one.input, two.input), "") << seed;
    EXPECT_TRUE(nir::check(one.graph).ok()) << seed;
    formats += one.format.has_value();
    chips += one.isForChips;
  }
  EXPECT_GT(formats, 5);
  EXPECT_LT(formats, 25);
  EXPECT_GT(chips, 2);
}

TEST(NircFuzz, AFindingIsReadAsItWasWritten) {
  test::TemporaryFolder folder;
  for (uint64_t seed : {2, 5, 9, 12}) {
    Finding finding{drawCase(seed), "cpu", "step 3: 1, expected 0"};
    if (writeFinding(finding, folder.path)) {
      continue; // a graph that no file can hold
    }
    Result<Finding> again = readFinding(folder.path);
    ASSERT_TRUE(again) << again.error().str();
    EXPECT_EQ(again->check, "cpu");
    EXPECT_EQ(again->text, finding.text);
    EXPECT_EQ(again->of.graph, finding.of.graph) << seed;
    EXPECT_EQ(again->of.options(), finding.of.options()) << seed;
    EXPECT_EQ(again->of.isForChips, finding.of.isForChips);
    EXPECT_EQ(again->of.calibrated, finding.of.calibrated);
    ASSERT_EQ(again->of.input.traces.size(), finding.of.input.traces.size());
    for (const Trace &trace : finding.of.input.traces) {
      EXPECT_EQ(again->of.input.find(trace.node, "value")->data.toDoubles(),
                trace.data.toDoubles());
    }
  }
  EXPECT_FALSE(readFinding("/nowhere"));
}

TEST(NircFuzz, BitsAreMoreThanNumbers) {
  Recording zero{1e-3, {{"a", "v", Tensor::of<double>({1, 1, 1}, {0.0})}}}, minus = zero;
  minus.traces[0].data = Tensor::of<double>({1, 1, 1}, {-0.0});
  EXPECT_EQ(differenceInBits(zero, zero), "");
  EXPECT_EQ(differenceInBits(minus, zero), "a:v value 0: -0, expected 0");
  Recording late = zero;
  late.traces[0].latency = 1;
  EXPECT_NE(differenceInBits(late, zero), "");
}

} // namespace
