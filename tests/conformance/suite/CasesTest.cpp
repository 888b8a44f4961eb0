//===- CasesTest.cpp - what every case promises ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Plan.h"
#include "conformance/files/Names.h"
#include "conformance/files/Outcomes.h"
#include "conformance/suite/Case.h"
#include "conformance/suite/Features.h"
#include "ir/choices/Choices.h"
#include "ir/graph/Check.h"
#include "ir/graph/FlatGraph.h"
#include "ir/graph/Ports.h"
#include "ir/graph/Schedule.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <set>

using namespace nirc;
using namespace nirc::conformance;

static const std::vector<Case> &cases() {
  static const std::vector<Case> all = allCases();
  return all;
}

static bool isAbout(const Case &one, std::string_view feature) {
  return std::find(one.features.begin(), one.features.end(), feature) != one.features.end();
}

TEST(Cases, AreManyAndHaveNamesOfTheirOwn) {
  std::set<std::string> names;
  size_t nodes = 0, models = 0;
  for (const Case &one : cases()) {
    EXPECT_TRUE(names.insert(one.name).second) << one.name << " is there twice";
    EXPECT_TRUE(isInside(one.name)) << one.name;
    nodes += one.name.starts_with("nodes/") ? 1 : 0;
    models += one.name.starts_with("models/") ? 1 : 0;
  }
  EXPECT_GE(nodes, 480U);
  EXPECT_GE(models, 60U);
  EXPECT_EQ(nodes + models, cases().size());
  EXPECT_TRUE(std::is_sorted(cases().begin(), cases().end(), [](const Case &a, const Case &b) {
    return a.name.starts_with("nodes/") && b.name.starts_with("models/");
  })) << "nodes come before models";
  // One that lies inside another would be a file of it.
  for (const std::string &name : names) {
    auto next = names.upper_bound(name + "/");
    EXPECT_FALSE(next != names.end() && next->starts_with(name + "/"))
        << name << " holds " << *next;
  }
}

TEST(Cases, SayWhatTheyTestInASentence) {
  std::set<std::string_view> known;
  for (const Feature &feature : features()) {
    EXPECT_TRUE(known.insert(feature.name).second) << feature.name;
    EXPECT_TRUE(feature.summary.ends_with('.')) << feature.name;
  }
  std::set<std::string> used;
  for (const Case &one : cases()) {
    EXPECT_TRUE(one.tests.ends_with('.')) << one.name;
    EXPECT_NE(one.clause.find(':'), std::string::npos) << one.name;
    ASSERT_FALSE(one.features.empty()) << one.name;
    EXPECT_EQ(std::set<std::string>(one.features.begin(), one.features.end()).size(),
              one.features.size())
        << one.name << " names a feature twice";
    for (const std::string &feature : one.features) {
      EXPECT_TRUE(known.contains(feature)) << one.name << ": " << feature;
      used.insert(feature);
    }
  }
  for (std::string_view feature : known) {
    EXPECT_TRUE(used.contains(std::string(feature))) << "no case is about " << feature;
  }
}

TEST(Cases, AreNetworksThatNeedNoHelp) {
  std::set<std::string_view> types;
  for (const Case &one : cases()) {
    nir::Checked checked = nir::check(one.graph, one.name);
    ASSERT_TRUE(checked.ok()) << checked.diagnostics.front().str();
    EXPECT_EQ(nir::withPorts(one.graph), one.graph) << one.name << " gets ports in a run";
    std::vector<nir::Diagnostic> problems;
    nir::FlatGraph flat = nir::FlatGraph::of(one.graph, problems);
    for (const nir::FlatGraph::Leaf &leaf : flat.nodes) {
      types.insert(leaf.node->type());
    }
    nir::Result<nir::LoopReport> loops = nir::loopsOf(one.graph, nir::Semantics(one.dtSeconds));
    EXPECT_TRUE(loops && loops->undecided.empty()) << one.name << ": names would decide";
    if (flat.scopes.size() > 1) {
      types.insert(nir::Graph::type);
    }
    for (const nir::Trace &trace : one.input.traces) {
      const nir::Node *node = one.graph.find(trace.node);
      ASSERT_TRUE(node && node->as<nir::Input>()) << one.name << ": " << trace.node;
      EXPECT_EQ(trace.data.shape()[0], 1) << one.name;
    }
  }
  for (std::string_view type : {"Input", "Output", "Affine", "Linear", "Scale", "Conv1d", "Conv2d",
                                "SumPool2d", "AvgPool2d", "Flatten", "Delay", "Threshold", "I",
                                "IF", "LI", "LIF", "CubaLI", "CubaLIF", "NIRGraph"}) {
    EXPECT_TRUE(types.contains(type)) << type;
  }
}

TEST(Cases, GiveTheSameInFloat32AndFloat64) {
  for (const Case &one : cases()) {
    auto wide = runCase(one, nir::Semantics()),
         narrow = runCase(one, nir::Semantics(), nir::DType::F32);
    ASSERT_TRUE(wide) << one.name << ": " << wide.error().str();
    ASSERT_TRUE(narrow) << one.name << ": " << narrow.error().str();
    ASSERT_EQ(wide->traces.size(), narrow->traces.size()) << one.name;
    bool isSilent = true;
    for (size_t i = 0; i < wide->traces.size(); ++i) {
      const nir::Trace &trace = wide->traces[i];
      std::vector<double> x = trace.data.toDoubles(), y = narrow->traces[i].data.toDoubles();
      double largest = 0.0, furthest = 0.0;
      for (size_t k = 0; k < x.size(); ++k) {
        ASSERT_TRUE(std::isfinite(x[k])) << one.name;
        largest = std::max(largest, std::abs(x[k]));
        furthest = std::max(furthest, std::abs(x[k] - y[k]));
      }
      EXPECT_LE(furthest, trace.observable == "spikes" ? 0.0 : 1e-5 * largest)
          << one.name << ": " << trace.observable << " of " << trace.node;
      const nir::Node *node = one.graph.find(trace.node);
      isSilent = isSilent && !(node && node->as<nir::Output>() && largest > 0.0);
    }
    EXPECT_EQ(isSilent, isAbout(one, "silence")) << one.name;
  }
}

TEST(Cases, AreTakenAsTheyAre) {
  for (const Case &one : cases()) {
    nir::Result<Model> model = Model::fromModel({"", one.graph, one.metadata}, one.name);
    ASSERT_TRUE(model) << model.error().str();
    PlanOptions options;
    options.dt = fmt::format("{}", one.dtSeconds);
    options.semantics = "nir";
    options.target = "reference";
    nir::Result<Plan> plan = Plan::make(*model, options);
    EXPECT_TRUE(plan) << plan.error().str();
  }
}

TEST(Cases, TellEveryChoiceApart) {
  std::map<std::string, int> told;
  int decisive = 0, neurons = 0;
  for (const Case &one : cases()) {
    nir::Result<Outcomes> outcomes = outcomesOf(one);
    ASSERT_TRUE(outcomes) << one.name << ": " << outcomes.error().str();
    ASSERT_FALSE(outcomes->all.empty());
    EXPECT_EQ(outcomes->all.front().presets.front(), "nir") << one.name;
    for (const std::string &choice : outcomes->choices) {
      ++told[choice];
    }
    bool isNeuron = isAbout(one, "LIF") || isAbout(one, "CubaLIF") || isAbout(one, "IF");
    neurons += isNeuron ? 1 : 0;
    decisive += isNeuron && !outcomes->choices.empty() ? 1 : 0;
  }
  for (const nir::Choice &choice : nir::choices()) {
    EXPECT_GE(told[std::string(choice.name)], 5) << choice.name;
  }
  // Those that are silent tell nothing apart.
  EXPECT_GE(decisive, neurons * 95 / 100) << decisive << " of " << neurons;
}

TEST(Cases, OfATieAreAboutOneSign) {
  for (const Case &one : cases()) {
    if (one.name == "nodes/if/tie-at-threshold" || one.name == "nodes/lif/tie-at-threshold" ||
        one.name == "nodes/cubalif/tie-at-threshold") {
      EXPECT_THAT(outcomesOf(one)->choices, testing::Contains("spike-when")) << one.name;
    }
  }
}

TEST(Names, MatchPatterns) {
  EXPECT_TRUE(matches("nodes/lif/tie", "nodes/lif/tie"));
  EXPECT_TRUE(matches("nodes/lif/tie", "nodes/*"));
  EXPECT_TRUE(matches("nodes/lif/tie", "*tie"));
  EXPECT_TRUE(matches("nodes/lif/tie", "*/l?f/*"));
  EXPECT_TRUE(matches("aab", "*ab"));
  EXPECT_TRUE(matches("", "**"));
  EXPECT_FALSE(matches("nodes/lif/tie", "nodes"));
  EXPECT_FALSE(matches("nodes/lif/tie", "*ti"));
  EXPECT_FALSE(matches("", "?"));
  EXPECT_FALSE(matches(std::string(200, 'a') + "c", "*a*a*a*a*a*a*a*a*a*a*b")) << "and soon";
}

TEST(Names, LeadOutOfNoFolder) {
  for (const char *name : {"", ".", "..", "/etc/passwd", "a//b", "a/../b", "a/", "a\\b", "a b",
                           "a\nb", "~/x", "a/.."}) {
    EXPECT_FALSE(isInside(name)) << name;
  }
  EXPECT_FALSE(isInside(std::string(1000, 'a')));
  EXPECT_FALSE(isInside(std::string_view("a\0b", 3)));
  for (const char *name : {"a", "a.nir", "expected/nir.nir", "nodes/lif/tie-at-threshold", "..a"}) {
    EXPECT_TRUE(isInside(name)) << name;
  }
}
