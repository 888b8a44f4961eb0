//===- Spinnaker2StepperTest.cpp - cores a step at a time ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/run/Tools.h"
#include "ir/choices/Choices.h"
#include "tests/support/RandomLayers.h"

#include <gtest/gtest.h>

using namespace nirc;
using nir::test::Random;

namespace {

class Spinnaker2Stepper : public testing::TestWithParam<const char *> {
protected:
  /// Two samples of a network with Delays, of which every state can be read.
  void SetUp() override {
    if (GetParam() == std::string("qemu") && !isOnPath("qemu-system-arm")) {
      GTEST_SKIP() << "no QEMU";
    }
    graph = nir::test::Layers(11).build();
    input = nir::test::spikesFor(graph, 1e-3, steps, 1);
    Job job;
    job.graph = &graph;
    job.file = "net.nir";
    job.semantics = *nir::semanticsOf("spinnaker2");
    job.semantics.dtSeconds = 1e-3;
    auto calibration = std::make_shared<Calibration>();
    calibration->input = input;
    calibration->inputsOnly = true;
    job.quantization = QuantizationOptions{*nir::numberFormatOf("int8"), calibration};
    job.probes = nir::test::neuronsOf(graph, job.semantics);
    job.states = true;
    job.settings = {{"emulate", GetParam()}, {"neurons-per-core", "6"}};
    auto compiled = (*findTarget("spinnaker2"))->compile(job);
    ASSERT_TRUE(compiled) << compiled.error().str();
    executable = *std::move(compiled);
    auto ran = executable->run(input, {});
    ASSERT_TRUE(ran) << ran.error().str();
    want = *std::move(ran);
    auto started = executable->start(2);
    ASSERT_TRUE(started) << started.error().str();
    stepper = *std::move(started);
  }

  /// Outputs and states of both samples after a step with the numbers of that step of the input.
  std::vector<double> step(int64_t t) {
    const ProgramInfo &info = executable->info();
    for (int64_t sample = 0; sample < 2; ++sample) {
      for (size_t i = 0; i < info.inputs.size(); ++i) {
        std::vector<double> all = input.traces[i].data.toDoubles();
        auto size = static_cast<size_t>(nir::numElements(info.inputs[i].shape));
        auto from = static_cast<size_t>(sample * steps + t) * size;
        EXPECT_FALSE(stepper->setInput(i, sample, std::span(all).subspan(from, size)));
      }
    }
    nir::Status failed = stepper->step();
    EXPECT_FALSE(failed) << failed->str();
    std::vector<double> all;
    for (int64_t sample = 0; sample < 2; ++sample) {
      for (size_t i = 0; i < info.outputs.size(); ++i) {
        std::vector<double> values(static_cast<size_t>(nir::numElements(info.outputs[i].shape)));
        stepper->readOutput(i, sample, values);
        all.insert(all.end(), values.begin(), values.end());
      }
      for (size_t i = 0; i < info.states.size(); ++i) {
        std::vector<double> values(static_cast<size_t>(nir::numElements(info.states[i].shape)));
        stepper->readState(i, sample, values);
        all.insert(all.end(), values.begin(), values.end());
      }
    }
    return all;
  }

  static constexpr int64_t steps = 25;
  nir::Graph graph;
  nir::Recording input, want;
  std::unique_ptr<Executable> executable;
  std::unique_ptr<Stepper> stepper;
};

TEST_P(Spinnaker2Stepper, GivesWhatARunGives) {
  auto size = static_cast<size_t>(nir::numElements(executable->info().outputs[0].shape));
  std::vector<double> out = want.traces[0].data.toDoubles();
  for (int64_t t = 0; t < steps; ++t) {
    std::vector<double> got = step(t);
    for (size_t i = 0; i < size; ++i) {
      ASSERT_EQ(got[i], out[static_cast<size_t>(t) * size + i]) << "step " << t;
    }
  }
}

TEST_P(Spinnaker2Stepper, GoesBack) {
  std::vector<std::vector<double>> first, again;
  std::string saved;
  for (int64_t t = 0; t < steps; ++t) {
    if (t == 9) {
      saved = stepper->snapshot();
    }
    first.push_back(step(t));
  }
  ASSERT_FALSE(stepper->restore(saved));
  for (int64_t t = 9; t < steps; ++t) {
    EXPECT_EQ(step(t), first[static_cast<size_t>(t)]) << "step " << t;
  }
  stepper->reset();
  for (int64_t t = 0; t < steps; ++t) {
    EXPECT_EQ(step(t), first[static_cast<size_t>(t)]) << "step " << t;
  }
  EXPECT_TRUE(stepper->restore(""));
  EXPECT_TRUE(stepper->restore(saved.substr(0, saved.size() - 1)));
  EXPECT_TRUE(stepper->restore(saved + " "));
}

TEST_P(Spinnaker2Stepper, WritesStates) {
  const ProgramInfo &info = executable->info();
  step(0);
  for (size_t i = 0; i < info.states.size(); ++i) {
    std::vector<double> values(static_cast<size_t>(nir::numElements(info.states[i].shape)));
    stepper->readState(i, 1, values);
    std::vector<double> other = values;
    std::ranges::reverse(other);
    ASSERT_FALSE(stepper->writeState(i, 1, other));
    std::vector<double> back(values.size());
    stepper->readState(i, 1, back);
    EXPECT_EQ(back, other) << info.states[i].node << " " << info.states[i].observable;
    stepper->readState(i, 0, back);
    ASSERT_FALSE(stepper->writeState(i, 1, values));
  }
  std::vector<double> half(static_cast<size_t>(nir::numElements(info.inputs[0].shape)), 0.5);
  EXPECT_TRUE(stepper->setInput(0, 0, half));
}

INSTANTIATE_TEST_SUITE_P(Emulators, Spinnaker2Stepper, testing::Values("qemu", "host"),
                         [](const auto &info) { return std::string(info.param); });

} // namespace
