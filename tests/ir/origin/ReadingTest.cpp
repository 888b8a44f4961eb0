//===- ReadingTest.cpp - how graphs want to be read -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/origin/Reading.h"
#include "tests/support/Build.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nir;
using namespace nir::test;

static Model withGroup(Metadata group) {
  Model model;
  model.metadata.push_back({"nirc", std::move(group)});
  return model;
}

TEST(ReadingTest, ComesBackAsItWasWritten) {
  Model model;
  model.metadata.push_back({"author", std::string("someone")});
  writeReading(model, {1e-4, "norse reset=subtract", "norse", TimeUnit::Milliseconds, "rate", 20});
  Result<Reading> reading = readingOf(model);
  ASSERT_TRUE(reading);
  EXPECT_EQ(reading->dtSeconds, 1e-4);
  EXPECT_EQ(reading->semantics, "norse reset=subtract");
  EXPECT_EQ(reading->origin, "norse");
  EXPECT_EQ(reading->timeUnit, TimeUnit::Milliseconds);
  EXPECT_EQ(reading->encoding, "rate");
  EXPECT_EQ(reading->steps, 20);
  EXPECT_EQ(model.metadata[0].name, "author");

  Model again = model;
  writeReading(again, *reading);
  EXPECT_EQ(again, model);
}

TEST(ReadingTest, WritesOnlyWhatIsKnown) {
  Model model = withGroup({{"mine", std::string("stays")}});
  writeReading(model, {});
  const auto &group = std::get<Metadata>(model.metadata.at(0).value);
  ASSERT_EQ(group.size(), 2U);
  EXPECT_EQ(group[0].name, "mine");
  EXPECT_EQ(group[1], (MetadataEntry{"version", std::string(NIRC_VERSION)}));
}

TEST(ReadingTest, NothingStated) {
  Model model;
  model.metadata.push_back({"nirc", std::string("no group")});
  Result<Reading> reading = readingOf(model);
  ASSERT_TRUE(reading);
  EXPECT_EQ(reading->dtSeconds, std::nullopt);
  EXPECT_EQ(reading->timeUnit, std::nullopt);
  EXPECT_EQ(reading->steps, std::nullopt);
}

TEST(ReadingTest, WhatCannotBeMeant) {
  auto error = [](Metadata group) {
    Result<Reading> reading = readingOf(withGroup(std::move(group)));
    return reading ? std::string("none") : reading.error().message;
  };
  EXPECT_EQ(error({{"dt", number(0)}}),
            "metadata nirc/dt is 0, expected a positive number of seconds");
  EXPECT_EQ(error({{"dt", vec({1, 2})}}),
            "metadata nirc/dt is of shape [2], expected a number of seconds");
  EXPECT_EQ(error({{"dt", std::string("1e-4")}}),
            "metadata nirc/dt is not a number, expected a number of seconds");
  EXPECT_EQ(error({{"origin", number(1)}}), "metadata nirc/origin is not text, expected text");
  EXPECT_EQ(error({{"steps", whole(0)}}),
            "metadata nirc/steps is 0, expected a whole number above 0");
  EXPECT_EQ(error({{"steps", number(1.5)}}),
            "metadata nirc/steps is not a whole number, expected a whole number above 0");
  EXPECT_EQ(error({{"encoding", whole(1)}}), "metadata nirc/encoding is not text, expected text");
  EXPECT_EQ(error({{"time_unit", std::string("h")}}),
            "metadata nirc/time_unit is 'h', expected 's', 'ms' or 'steps'");
}

TEST(TimeUnitTest, BringsEveryTimeIntoSeconds) {
  Graph inner = around(Delay{wholes({4})}, {1}, {1});
  LIF lif{Tensor::vector<float>({20}), vec({7}), vec({0}), vec({1}), {}};
  Graph graph = graphOf({{"lif", lif}, {"inner", inner}}, {});
  Result<Graph> ms = inSeconds(graph, TimeUnit::Milliseconds, {});
  ASSERT_TRUE(ms);
  EXPECT_EQ(ms->find("lif")->as<LIF>()->tau, Tensor::vector<float>({0.02F}));
  EXPECT_EQ(ms->find("lif")->as<LIF>()->r, vec({7}));
  EXPECT_EQ(ms->find("inner")->as<Graph>()->find("node")->as<Delay>()->delay, vec({0.004}));
  Result<Graph> steps = inSeconds(graph, TimeUnit::Steps, 0.5);
  ASSERT_TRUE(steps);
  EXPECT_EQ(steps->find("lif")->as<LIF>()->tau.at(0), 10.0);
  EXPECT_EQ(*inSeconds(graph, TimeUnit::Seconds, {}), graph);
}

TEST(TimeUnitTest, StepsNeedAStep) {
  Result<Graph> graph = inSeconds(Graph(), TimeUnit::Steps, {});
  ASSERT_FALSE(graph);
  EXPECT_EQ(graph.error().str(),
            "error: time is counted in steps, and nothing says how long a step "
            "is\nnote: --dt 1e-4 makes a step 0.1 ms long");
  Result<TimeUnit> unit = timeUnitOf("min");
  ASSERT_FALSE(unit);
  EXPECT_EQ(unit.error().message, "found the unit of time 'min', expected s, ms or steps");
}
