//===- ReferenceTest.cpp - integers on the target reference ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/Target.h"
#include "tests/support/Build.h"

#include <gtest/gtest.h>

using namespace nir;
using namespace nir::test;

namespace {

/// Two neurons far from any threshold that 16 bits could move them across.
const Graph graph =
    graphOf({{"in", input({2})},
             {"fc", Affine{array({2, 2}, {0.917, -0.3, 0.1, 0.613}), vec({0.1, 0})}},
             {"lif", LIF{vec({0.01, 0.02}), vec({3, 7}), vec({0, 0}), vec({1, 1}), {}}},
             {"out", output({2})}},
            {{"in", "fc"}, {"fc", "lif"}, {"lif", "out"}});

Recording spikes() {
  std::vector<double> values;
  for (int t = 0; t < 60; ++t) {
    values.push_back(t % 3 == 0);
    values.push_back(t % 5 != 0);
  }
  return {1e-3, {{"in", "value", array({1, 60, 2}, values)}}};
}

Result<Recording> run(std::optional<nirc::QuantizationOptions> quantization) {
  nirc::Job job{&graph, "two.nir", {}, DType::F64, {{"lif", "v"}}};
  job.semantics.dtSeconds = 1e-3;
  job.quantization = std::move(quantization);
  auto executable = (*nirc::findTarget("reference"))->compile(job);
  return executable ? (*executable)->run(spikes(), {}) : executable.takeError();
}

/// Although the threshold passes a 1 on while nothing happens. Found by nirc-fuzz.
TEST(Reference, BeforeTheFirstStepOutputsAreZero) {
  Graph low = around(Threshold{vec({-2.0})}, {1}, {1});
  nirc::Job job{&low, "low.nir", Semantics(1e-3), DType::F32, {}};
  for (bool isOfIntegers : {false, true}) {
    if (isOfIntegers) {
      job.quantization = nirc::QuantizationOptions{*numberFormatOf("int8")};
    }
    auto executable = (*nirc::findTarget("reference"))->compile(job);
    ASSERT_TRUE(executable) << executable.error().str();
    auto stepper = (*executable)->start(1);
    ASSERT_TRUE(stepper) << stepper.error().str();
    auto output = [&] {
      double value = -1.0;
      (*stepper)->readOutput(0, 0, {&value, 1});
      return value;
    };
    EXPECT_EQ(output(), 0.0);
    std::string start = (*stepper)->snapshot();
    ASSERT_FALSE((*stepper)->step());
    EXPECT_EQ(output(), 1.0);
    std::string later = (*stepper)->snapshot();
    (*stepper)->reset();
    EXPECT_EQ(output(), 0.0);
    ASSERT_FALSE((*stepper)->restore(later));
    EXPECT_EQ(output(), 1.0);
    ASSERT_FALSE((*stepper)->restore(start));
    EXPECT_EQ(output(), 0.0);
  }
}

TEST(Reference, RunsTheNetworkOfIntegers) {
  Result<Recording> want = run({});
  ASSERT_TRUE(want) << want.error().str();
  Result<Recording> got = run(nirc::QuantizationOptions{*numberFormatOf("int16")});
  ASSERT_TRUE(got) << got.error().str();
  ASSERT_EQ(got->traces.size(), 2u);
  int64_t fired = 0, exact = 0;
  for (int64_t i = 0; i < want->traces[0].data.size(); ++i) {
    EXPECT_EQ(got->traces[0].data.at(i), want->traces[0].data.at(i)) << i;
    EXPECT_NEAR(got->traces[1].data.at(i), want->traces[1].data.at(i), 0.001) << i;
    fired += want->traces[0].data.at(i) > 0;
    exact += got->traces[1].data.at(i) == want->traces[1].data.at(i);
  }
  EXPECT_GT(fired, 5);
  EXPECT_LT(exact, 60) << "these are the numbers of float64";
  EXPECT_EQ(got->traces[0].data.dtype(), DType::U8);
  EXPECT_EQ(got->traces[1].data.dtype(), DType::F64);
}

} // namespace
