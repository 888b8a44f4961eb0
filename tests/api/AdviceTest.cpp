//===- AdviceTest.cpp - what every door says before a run -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Advice.h"
#include "api/Plan.h"
#include "tests/support/Build.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

using namespace nir;
using namespace nir::test;
using nirc::Plan;
using nirc::PlanOptions;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

static Graph lifGraph(double tau) {
  return around(LIF{vec({tau}), vec({1}), vec({0}), vec({1}), vec({0})}, {1}, {1});
}

static Result<Plan> planOf(const Graph &graph, const PlanOptions &options) {
  Result<nirc::Model> model = nirc::Model::fromGraph(graph, "model");
  return model ? Plan::make(*model, options) : Result<Plan>(model.takeError());
}

static std::vector<std::string> namesIn(const std::vector<Diagnostic> &advice) {
  std::vector<std::string> names;
  for (const Diagnostic &diagnostic : advice) {
    names.push_back(diagnostic.code);
  }
  return names;
}

TEST(ApiAdviceTest, AnUnstableStepIsRefusedUnlessAccepted) {
  PlanOptions options;
  options.dt = "1";
  Result<Plan> plan = planOf(lifGraph(0.01), options);
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().kind, ErrorKind::Input);
  EXPECT_EQ(plan.error().code, "unstable-step");
  EXPECT_THAT(plan.error().str(), HasSubstr("accept = {\"unstable-step\"} goes on all the same"));

  options.accept = {"unstable-step"};
  plan = planOf(lifGraph(0.01), options);
  ASSERT_TRUE(plan) << plan.error().str();
  ASSERT_THAT(namesIn(plan->advice()), ElementsAre("unstable-step"));
  EXPECT_EQ(plan->advice()[0].severity, Severity::Warning);
}

TEST(ApiAdviceTest, AcceptedWarningsAreNotSaid) {
  PlanOptions options;
  options.dt = "6ms";
  Result<Plan> plan = planOf(lifGraph(0.01), options);
  ASSERT_TRUE(plan) << plan.error().str();
  EXPECT_THAT(namesIn(plan->advice()), ElementsAre("coarse-step"));
  options.accept = {"coarse-step"};
  plan = planOf(lifGraph(0.01), options);
  ASSERT_TRUE(plan) << plan.error().str();
  EXPECT_THAT(plan->advice(), IsEmpty());
  options.accept = {"rough-step"};
  plan = planOf(lifGraph(0.01), options);
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().kind, ErrorKind::Usage);
  EXPECT_THAT(plan.error().message, HasSubstr("no advice is called 'rough-step', there are"));
}

TEST(ApiAdviceTest, WithoutStepsNoStepIsWrong) {
  PlanOptions options;
  options.dt = "1";
  options.semantics = "exact";
  options.target = "reference";
  Result<Plan> plan = planOf(lifGraph(0.01), options);
  ASSERT_TRUE(plan) << plan.error().str();
  EXPECT_THAT(plan->advice(), IsEmpty());
}

TEST(ApiAdviceTest, AnOriginNamesItsPreset) {
  Graph graph = around(IF{vec({1000}), vec({1}), vec({0})}, {1}, {1});
  graph.nodes[0].name = "input";
  graph.nodes[2].name = "output";
  graph.edges = {{"input", "node"}, {"node", "output"}};
  PlanOptions options;
  options.dt = "1ms";
  Result<Plan> plan = planOf(graph, options);
  ASSERT_TRUE(plan) << plan.error().str();
  ASSERT_THAT(namesIn(plan->advice()), ElementsAre("other-semantics"));
  EXPECT_EQ(plan->advice()[0].notes.at(0).message,
            "as SpikingJelly exports it: --semantics spikingjelly; --semantics nir says that nir "
            "is meant");
  for (const char *named : {"spikingjelly", "nir"}) {
    options.semantics = named;
    plan = planOf(graph, options);
    ASSERT_TRUE(plan) << plan.error().str();
    EXPECT_THAT(plan->advice(), IsEmpty());
  }
  options.dt = "2ms";
  plan = planOf(graph, options);
  ASSERT_TRUE(plan) << plan.error().str();
  EXPECT_THAT(namesIn(plan->advice()), ElementsAre("other-step"));
}

TEST(ApiAdviceTest, EveryNameIsThereOnce) {
  std::set<std::string_view> names;
  for (const nirc::AdviceKind &kind : nirc::adviceKinds()) {
    EXPECT_TRUE(names.insert(kind.name).second) << kind.name;
    EXPECT_FALSE(nir::findCause(kind.name)) << kind.name << " is the code of an error";
  }
}
