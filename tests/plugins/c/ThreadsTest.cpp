//===- ThreadsTest.cpp - handles that threads share -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/plugins/c/Support.h"

#include <atomic>
#include <cstring>
#include <functional>
#include <thread>

using namespace nirc::test;

namespace {

/// `work` on several threads at once, which begin together.
void together(const std::function<void(int thread)> &work) {
  constexpr int threads = 4;
  std::atomic<int> ready = 0;
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i) {
    all.emplace_back([&, i] {
      ++ready;
      while (ready < threads) {
        std::this_thread::yield();
      }
      work(i);
    });
  }
  for (std::thread &thread : all) {
    thread.join();
  }
}

constexpr int64_t steps = 100;

std::vector<uint8_t> runOf(const nirc_program *program) {
  std::vector<float> values = smallInput(1, steps);
  const int64_t shape[] = {1, steps, 2};
  nirc_signal signal{nullptr, nullptr, {values.data(), shape, 3, NIRC_FLOAT32}};
  Recording recording = owned<Recording>(
      [&](nirc_recording **out) { nirc_program_run(program, &signal, 1, nullptr, out, Well()); });
  const auto *bytes =
      static_cast<const uint8_t *>(nirc_recording_trace(recording.get(), 0)->array.data);
  return {bytes, bytes + steps * 3};
}

std::vector<uint8_t> stepsOf(const nirc_program *program) {
  nirc_session *made = nullptr;
  nirc_session_create(program, 1, &made, Well());
  Session session(made);
  std::vector<float> values = smallInput(1, steps);
  std::vector<uint8_t> all;
  for (int64_t t = 0; t < steps; ++t) {
    float out[3];
    nirc_session_set_input_f32(made, 0, 0, &values[static_cast<size_t>(t * 2)], 2, Well());
    nirc_session_step(made, 1, Well());
    nirc_session_read_output_f32(made, 0, 0, out, 3, Well());
    all.insert(all.end(), {static_cast<uint8_t>(out[0]), static_cast<uint8_t>(out[1]),
                           static_cast<uint8_t>(out[2])});
  }
  return all;
}

/// Runs and sessions of one program, on all threads at once, give what they give alone.
TEST(Threads, ShareAProgram) {
  for (const char *target : {"cpu", "reference"}) {
    Program program = smallProgram(target);
    std::vector<uint8_t> expected = runOf(program.get());
    together([&](int thread) {
      for (int i = 0; i < 20; ++i) {
        EXPECT_EQ((thread + i) % 2 ? runOf(program.get()) : stepsOf(program.get()), expected);
      }
    });
  }
}

TEST(Threads, ShareAModelAndAPlan) {
  Model model = smallModel();
  Plan plan = planOf(model);
  std::vector<uint8_t> expected = runOf(programOf(plan).get());
  together([&](int thread) {
    const nirc_graph *graph = nirc_model_graph(model.get());
    EXPECT_STREQ(nirc_graph_find(graph, "lif")->type, "LIF");
    EXPECT_EQ(graph, nirc_model_graph(model.get()));
    Plan own = thread % 2 ? planOf(model) : Plan();
    Program program = programOf(thread % 2 ? own : plan);
    EXPECT_EQ(runOf(program.get()), expected);
    nirc_emit_options options = NIRC_OPTIONS(nirc_emit_options);
    options.kind = "c";
    nirc_artifact *artifact = nullptr;
    nirc_plan_emit(plan.get(), &options, &artifact, Well());
    EXPECT_GT(nirc_artifact_file_count(artifact), 0u);
    nirc_artifact_free(artifact);
  });
}

TEST(Threads, ShareARecording) {
  Program program = smallProgram();
  std::vector<float> values = smallInput(1, steps);
  const int64_t shape[] = {1, steps, 2};
  nirc_signal signal{nullptr, nullptr, {values.data(), shape, 3, NIRC_FLOAT32}};
  for (int i = 0; i < 20; ++i) {
    Recording recording = owned<Recording>([&](nirc_recording **out) {
      nirc_program_run(program.get(), &signal, 1, nullptr, out, Well());
    });
    std::atomic<const nirc_event *> seen = nullptr;
    together([&](int) {
      const nirc_event *events = nullptr;
      size_t count = 0;
      nirc_recording_events(recording.get(), 0, &events, &count, Well());
      const nirc_event *first = seen.exchange(events);
      EXPECT_TRUE(!first || first == events);
    });
  }
}

TEST(Threads, ReadASessionThatNobodySteps) {
  Program program = smallProgram();
  Session session = sessionOf(program);
  nirc_session_step(session.get(), 10, Well());
  together([&](int) {
    for (int i = 0; i < 200; ++i) {
      float v[3];
      nirc_session_read_state_f32(session.get(), 0, 0, v, 3, Well());
      EXPECT_EQ(v[0], 0.0F);
      Snapshot snapshot = owned<Snapshot>(
          [&](nirc_snapshot **out) { nirc_session_snapshot(session.get(), out, Well()); });
      EXPECT_NE(snapshot, nullptr);
    }
  });
}

TEST(Threads, ShareTheLists) {
  together([](int) {
    for (size_t i = 0; i < nirc_target_count(); ++i) {
      EXPECT_STRNE(nirc_target_at(i)->name, "");
    }
    EXPECT_STREQ(nirc_semantics_at(0)->name, "nir");
    EXPECT_NE(nirc_explain("wrong-shape"), nullptr);
  });
}

} // namespace
