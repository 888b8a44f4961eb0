//===- RandomTest.cpp - sessions beside those of the library --------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Random calls on a session of the C API, and the same on one of nirc's C++. All that is read has
// to be the same to the bit.
//
//===----------------------------------------------------------------------===//

#include "api/Program.h"
#include "tests/plugins/c/Support.h"

#include <algorithm>
#include <random>

using namespace nirc::test;

namespace {

constexpr int64_t batch = 3;

struct Way {
  const char *name, *target, *semantics, *format;
};

class RandomCalls : public testing::TestWithParam<Way> {
protected:
  RandomCalls()
      : program(programOf(
            planOf(smallModel(), GetParam().target, GetParam().format, GetParam().semantics))),
        session(sessionOf(program, batch)), other(start()) {}

  /// Of the same network, which is handed over as a file's bytes would be.
  static nirc::Session start() {
    nir::Graph graph;
    auto vec = [](std::vector<double> values) { return nir::Tensor::vector(values); };
    graph.nodes = {{"in", nir::Input{nir::Tensor::vector<int64_t>({2})}, {}},
                   {"fc", nir::Linear{nir::Tensor::of<double>({3, 2}, {9, 0, 0, 9, 6, 6})}, {}},
                   {"lif",
                    nir::LIF{vec({0.01, 0.02, 0.01}), vec({1, 1, 1}), vec({0, 0, 0}),
                             vec({1, 1, 1}), vec({0, 0, 0})},
                    {}},
                   {"out", nir::Output{nir::Tensor::vector<int64_t>({3})}, {}}};
    graph.edges = {{"in", "fc"}, {"fc", "lif"}, {"lif", "out"}};
    nirc::PlanOptions options;
    options.dt = "1ms";
    options.target = GetParam().target;
    options.semantics = GetParam().semantics;
    options.format = GetParam().format;
    auto model = nirc::Model::fromGraph(graph, "small", {.timeUnit = nir::TimeUnit::Seconds});
    auto plan = nirc::Plan::make(*model, options);
    return *(*nirc::Program::compile(*plan)).start(batch);
  }

  int64_t pick(int64_t below) {
    return static_cast<int64_t>(random() % static_cast<uint64_t>(below));
  }

  void setInput(int64_t sample) {
    std::vector<double> values = {static_cast<double>(pick(2)), static_cast<double>(pick(2))};
    std::vector<float> narrow(values.begin(), values.end());
    std::vector<int64_t> events;
    for (int64_t i = 0; i < 2; ++i) {
      if (values[static_cast<size_t>(i)] != 0.0) {
        events.push_back(i);
      }
    }
    switch (pick(3)) {
    case 0:
      nirc_session_set_input_f32(session.get(), 0, sample, narrow.data(), 2, Well());
      break;
    case 1:
      nirc_session_set_input_f64(session.get(), 0, sample, values.data(), 2, Well());
      break;
    default:
      nirc_session_set_input_events(session.get(), 0, sample, events.data(), events.size(), Well());
    }
    ASSERT_FALSE(other.setInput(0, values, sample));
  }
  void step() {
    int64_t steps = pick(4);
    nirc_session_step(session.get(), steps, Well());
    for (int64_t i = 0; i < steps; ++i) {
      ASSERT_FALSE(other.step());
    }
    EXPECT_EQ(nirc_session_steps_done(session.get()), other.stepsDone());
  }
  void readOutput(int64_t sample) {
    std::vector<double> mine(3), theirs(3);
    nirc_session_read_output_f64(session.get(), 0, sample, mine.data(), 3, Well());
    ASSERT_FALSE(other.readOutput(0, theirs, sample));
    EXPECT_EQ(mine, theirs);
    spikes += std::count(mine.begin(), mine.end(), 1.0);
  }
  void readState(int64_t sample) {
    std::vector<double> mine(3), theirs(3);
    nirc_session_read_state_f64(session.get(), 0, sample, mine.data(), 3, Well());
    ASSERT_FALSE(other.readState(0, theirs, sample));
    EXPECT_EQ(mine, theirs);
  }
  void writeState(int64_t sample) {
    std::vector<double> values(3);
    for (double &value : values) {
      value = static_cast<double>(pick(1000)) / 1000.0;
    }
    nirc_session_write_state_f64(session.get(), 0, sample, values.data(), 3, Well());
    ASSERT_FALSE(other.writeState(0, values, sample));
  }
  void goBack() {
    switch (pick(6)) {
    case 0:
      nirc_session_reset(session.get(), Well());
      other.reset();
      break;
    case 1:
    case 2:
      snapshot = owned<Snapshot>(
          [&](nirc_snapshot **out) { nirc_session_snapshot(session.get(), out, Well()); });
      theirs = other.snapshot();
      break;
    default:
      if (snapshot) {
        nirc_session_restore(session.get(), snapshot.get(), Well());
        ASSERT_FALSE(other.restore(theirs));
      }
    }
  }

  std::mt19937_64 random{7};
  Program program;
  Session session;
  nirc::Session other;
  Snapshot snapshot;
  std::string theirs;
  int64_t spikes = 0;
};

TEST_P(RandomCalls, GiveWhatTheLibraryGives) {
  for (int i = 0; i < 3000 && !HasFatalFailure(); ++i) {
    int64_t sample = pick(batch);
    switch (pick(12)) {
    case 0:
      goBack();
      break;
    case 1:
      writeState(sample);
      break;
    case 2:
    case 3:
      readState(sample);
      break;
    case 4:
    case 5:
      readOutput(sample);
      break;
    case 6:
    case 7:
    case 8:
      setInput(sample);
      break;
    default:
      step();
    }
  }
  EXPECT_GT(spikes, 50);
}

INSTANTIATE_TEST_SUITE_P(OnTargets, RandomCalls,
                         testing::Values(Way{"cpu", "cpu", "nir", ""},
                                         Way{"cpuInt8", "cpu", "norse", "int8"},
                                         Way{"reference", "reference", "norse", ""},
                                         Way{"loihi2", "loihi2", "loihi2", "loihi2"}),
                         [](const auto &info) { return info.param.name; });

} // namespace
