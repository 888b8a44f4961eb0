//===- ExplainTest.cpp - which semantics gave these answers ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers are what `reference` gives under another semantics, so that it is known what they follow.
//
//===----------------------------------------------------------------------===//

#include "conformance/judge/Explain.h"
#include "conformance/judge/Targets.h"
#include "ir/choices/Choices.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <random>

using namespace nirc;
using namespace nirc::conformance;
using testing::Contains;
using testing::IsEmpty;
using testing::SizeIs;

namespace {

constexpr uint64_t seed = 7;

nir::Tensor some(std::mt19937_64 &random, double least, double most) {
  std::uniform_real_distribution<double> between(least, most);
  return nir::Tensor::of<double>({2}, {between(random), between(random)});
}

/// Two neurons between an Input and an Output, with parameters that every choice shows in.
Material networkOf(const std::string &type, size_t number) {
  std::mt19937_64 random(seed + number);
  nir::Tensor shape = nir::Tensor::of<int64_t>({1}, {2});
  nir::Params neuron;
  if (type == "IF") {
    neuron = nir::IF{some(random, 0.3, 0.6), some(random, 0.8, 1.2), some(random, 0.1, 0.3)};
  } else if (type == "LIF") {
    neuron = nir::LIF{some(random, 0.004, 0.01), some(random, 2.0, 4.0), some(random, 0.05, 0.2),
                      some(random, 0.8, 1.2), some(random, 0.1, 0.3)};
  } else {
    neuron =
        nir::CubaLIF{some(random, 0.004, 0.01), some(random, 0.004, 0.01), some(random, 2.0, 4.0),
                     some(random, 0.05, 0.2),   some(random, 0.8, 1.2),    some(random, 0.1, 0.3),
                     some(random, 1.2, 1.8)};
  }
  nir::Graph graph;
  graph.nodes.push_back({"input", nir::Input{shape}, {}});
  graph.nodes.push_back({"neuron", std::move(neuron), {}});
  graph.nodes.push_back({"output", nir::Output{shape}, {}});
  graph.edges = {{"input", "neuron"}, {"neuron", "output"}};
  constexpr int64_t steps = 60;
  std::uniform_real_distribution<double> drive(-0.5, 2.0);
  std::vector<double> values(2 * steps);
  for (double &value : values) {
    value = drive(random);
  }
  ModelOptions seconds{.timeUnit = nir::TimeUnit::Seconds};
  nir::Result<Model> model = Model::fromGraph(std::move(graph), "memory.nir", seconds);
  EXPECT_TRUE(model) << (model ? "" : model.error().str());
  return {fmt::format("{}-{}", type, number),
          {type},
          "",
          std::nullopt,
          *std::move(model),
          {1e-3, {{"input", "value", nir::Tensor::of<double>({1, steps, 2}, values)}}},
          steps};
}

std::vector<Material> networks() {
  std::vector<Material> all;
  for (const char *type : {"IF", "LIF", "CubaLIF"}) {
    for (size_t i = 0; i < 3; ++i) {
      all.push_back(networkOf(type, i));
    }
  }
  return all;
}

nir::Recording runOf(const Material &material, const std::string &semantics) {
  nir::Result<nir::Recording> run =
      runWay(material, {*findTarget("reference"), "f64", "", semantics, {}});
  EXPECT_TRUE(run) << semantics << ": " << (run ? "" : run.error().str());
  return run ? *std::move(run) : nir::Recording();
}

/// The output so many steps late; nothing else is moved.
void delay(nir::Recording &recording, int64_t steps) {
  for (nir::Trace &trace : recording.traces) {
    if (trace.node == "output" && steps > 0) {
      std::vector<double> values = trace.data.toDoubles(), late(values.size(), 0.0);
      std::copy(values.begin(), values.end() - 2 * steps, late.begin() + 2 * steps);
      trace.data = nir::Tensor::of<double>(trace.data.shape(), late);
    }
  }
}

/// What a simulator that follows the semantics gives, judged against nir.
std::vector<Answer> answersOf(const std::vector<Material> &cases, const std::string &semantics,
                              int64_t late = 0) {
  std::vector<Answer> answers;
  for (const Material &material : cases) {
    auto given = std::make_shared<nir::Recording>(runOf(material, semantics));
    delay(*given, late);
    nir::Result<Divergences> found = divergencesOf(runOf(material, "nir"), *given, 0.0);
    EXPECT_TRUE(found) << found.error().str();
    Answer answer{material.name, material.features};
    answer.mark = found->none() ? Mark::Pass : Mark::Fail;
    answer.divergences = *std::move(found);
    answer.given = given;
    answers.push_back(std::move(answer));
  }
  return answers;
}

Explanations explained(const std::vector<Material> &cases, const std::vector<Answer> &answers) {
  return explain(cases, answers, {}, /*jobs=*/1);
}

TEST(Explain, NothingWhereAllPasses) {
  std::vector<Material> cases = networks();
  Explanations found = explained(cases, answersOf(cases, "nir"));
  EXPECT_THAT(found.all, IsEmpty());
  EXPECT_THAT(found.unexplained, IsEmpty());
}

TEST(Explain, SingleChoices) {
  std::vector<Material> cases = networks();
  for (const std::string &change :
       {"reset=subtract", "integrator=exp-euler", "ignore=r", "floor=0", "reset-delay=1"}) {
    Explanations found = explained(cases, answersOf(cases, "nir," + change));
    ASSERT_THAT(found.all, SizeIs(1)) << change;
    EXPECT_EQ(found.all[0].semantics, "nir," + change);
    EXPECT_THAT(found.all[0].contradicted, IsEmpty()) << change;
    EXPECT_THAT(found.unexplained, IsEmpty()) << change;
  }
}

TEST(Explain, OneFamilyAlone) {
  std::vector<Material> cases = networks();
  Explanations found = explained(cases, answersOf(cases, "nir,LIF.reset=subtract"));
  ASSERT_THAT(found.all, SizeIs(1));
  EXPECT_EQ(found.all[0].headline(), "resets by subtraction (LIF)");
  EXPECT_THAT(found.all[0].cases, SizeIs(3));
}

TEST(Explain, SeveralChoices) {
  std::vector<Material> cases = networks();
  Explanations found = explained(cases, answersOf(cases, "nir,reset=subtract,start=v_leak"));
  ASSERT_FALSE(found.all.empty());
  EXPECT_THAT(found.unexplained, IsEmpty());
  EXPECT_THAT(found.all[0].cases, SizeIs(cases.size()));
  EXPECT_THAT(found.all[0].changes, SizeIs(2));
}

TEST(Explain, APreset) {
  std::vector<Material> cases = networks();
  Explanations found = explained(cases, answersOf(cases, "norse"));
  ASSERT_THAT(found.all, SizeIs(1));
  EXPECT_EQ(found.all[0].headline(), "computes as norse");
}

TEST(Explain, LateOutputs) {
  std::vector<Material> cases = networks();
  Explanations found = explained(cases, answersOf(cases, "nir", /*late=*/1));
  ASSERT_THAT(found.all, SizeIs(1));
  EXPECT_EQ(found.all[0].shift, 1);
  EXPECT_EQ(found.all[0].headline(), "is one step late");
}

TEST(Explain, LateOutputsOfAnotherChoice) {
  std::vector<Material> cases = networks();
  Explanations found = explained(cases, answersOf(cases, "nir,reset=subtract", /*late=*/2));
  ASSERT_THAT(found.all, SizeIs(1));
  EXPECT_EQ(found.all[0].headline(), "resets by subtraction and is 2 steps late");
}

TEST(Explain, NotWhatNoSemanticsGives) {
  std::vector<Material> cases = networks();
  std::vector<Answer> answers = answersOf(cases, "nir,reset=subtract");
  auto broken = std::make_shared<nir::Recording>(*answers[4].given);
  std::vector<double> noise(broken->traces[1].data.toDoubles().size(), 0.123);
  broken->traces[1].data = nir::Tensor::of<double>(broken->traces[1].data.shape(), noise);
  answers[4].given = broken;
  answers[4].mark = Mark::Fail;
  Explanations found = explained(cases, answers);
  ASSERT_THAT(found.all, SizeIs(1));
  EXPECT_EQ(found.all[0].semantics, "nir,reset=subtract");
  EXPECT_THAT(found.unexplained, testing::ElementsAre(4U));
  EXPECT_THAT(found.all[0].cases, testing::Not(Contains(4U)));
}

/// One case of two that a wrong neuron passes: what explains the other must not contradict it.
TEST(Explain, NotByWhatPassingCasesContradict) {
  std::vector<Material> cases = networks();
  std::vector<Answer> answers = answersOf(cases, "nir,IF.reset=subtract");
  Explanations found = explained(cases, answers);
  ASSERT_THAT(found.all, SizeIs(1));
  EXPECT_EQ(found.all[0].semantics, "nir,IF.reset=subtract");
  EXPECT_THAT(found.all[0].contradicted, IsEmpty());
}

} // namespace
