//===- SessionTest.cpp - a step at a time ---------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/plugins/c/Support.h"

#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>

using namespace nirc::test;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

constexpr int64_t batch = 2, steps = 60;

/// All spikes of a run, [batch, steps, 3].
std::vector<uint8_t> wholeRun(const Program &program) {
  std::vector<float> values = smallInput(batch, steps);
  const int64_t shape[] = {batch, steps, 2};
  nirc_signal signal{nullptr, nullptr, {values.data(), shape, 3, NIRC_FLOAT32}};
  Recording recording = owned<Recording>([&](nirc_recording **out) {
    nirc_program_run(program.get(), &signal, 1, nullptr, out, Well());
  });
  const auto *bytes =
      static_cast<const uint8_t *>(nirc_recording_trace(recording.get(), 0)->array.data);
  return {bytes, bytes + batch * steps * 3};
}

/// Input of a step, [batch, 2].
std::vector<float> inputAt(int64_t t) {
  std::vector<float> all = smallInput(batch, steps), values;
  for (int64_t b = 0; b < batch; ++b) {
    values.insert(values.end(), {all[static_cast<size_t>((b * steps + t) * 2)],
                                 all[static_cast<size_t>((b * steps + t) * 2 + 1)]});
  }
  return values;
}

/// Steps through the input; `step` sets the input of a step, advances, and gives the output's six
/// numbers.
template <typename Step>
std::vector<uint8_t> stepped(Step step) {
  std::vector<uint8_t> all(static_cast<size_t>(batch * steps * 3));
  for (int64_t t = 0; t < steps; ++t) {
    std::vector<double> out = step(t);
    for (int64_t b = 0; b < batch; ++b) {
      for (int64_t i = 0; i < 3; ++i) {
        all[static_cast<size_t>((b * steps + t) * 3 + i)] =
            static_cast<uint8_t>(out[static_cast<size_t>(b * 3 + i)]);
      }
    }
  }
  return all;
}

class Stepped : public testing::TestWithParam<const char *> {
protected:
  Program program = smallProgram(GetParam());
  Session session = sessionOf(program, batch);
  std::vector<uint8_t> expected = wholeRun(program);
};

TEST_P(Stepped, WithFloatsOfAllSamples) {
  EXPECT_GT(std::count(expected.begin(), expected.end(), 1), 20);
  EXPECT_EQ(stepped([&](int64_t t) {
              std::vector<float> in = inputAt(t), out(6);
              nirc_session_set_input_f32(session.get(), 0, NIRC_ALL_SAMPLES, in.data(), 4, Well());
              nirc_session_step(session.get(), 1, Well());
              nirc_session_read_output_f32(session.get(), 0, NIRC_ALL_SAMPLES, out.data(), 6,
                                           Well());
              return std::vector<double>(out.begin(), out.end());
            }),
            expected);
  EXPECT_EQ(nirc_session_steps_done(session.get()), steps);
}

TEST_P(Stepped, WithDoublesOfEachSample) {
  EXPECT_EQ(stepped([&](int64_t t) {
              std::vector<float> in = inputAt(t);
              std::vector<double> wide(in.begin(), in.end()), out(6);
              for (int64_t b = 0; b < batch; ++b) {
                nirc_session_set_input_f64(session.get(), 0, b, &wide[static_cast<size_t>(b * 2)],
                                           2, Well());
              }
              nirc_session_step(session.get(), 1, Well());
              for (int64_t b = 0; b < batch; ++b) {
                nirc_session_read_output_f64(session.get(), 0, b, &out[static_cast<size_t>(b * 3)],
                                             3, Well());
              }
              return out;
            }),
            expected);
}

TEST_P(Stepped, WithEvents) {
  EXPECT_EQ(stepped([&](int64_t t) {
              std::vector<float> in = inputAt(t);
              std::vector<double> out(6);
              for (int64_t b = 0; b < batch; ++b) {
                std::vector<int64_t> spikes;
                for (int64_t i = 0; i < 2; ++i) {
                  if (in[static_cast<size_t>(b * 2 + i)] != 0.0F) {
                    spikes.insert(spikes.begin(), i); // in any order
                  }
                }
                nirc_session_set_input_events(session.get(), 0, b, spikes.data(), spikes.size(),
                                              Well());
              }
              nirc_session_step(session.get(), 1, Well());
              for (int64_t b = 0; b < batch; ++b) {
                int64_t spiked[3];
                size_t count = 0;
                nirc_session_read_output_events(session.get(), 0, b, spiked, 3, &count, Well());
                EXPECT_TRUE(std::is_sorted(spiked, spiked + count));
                for (size_t i = 0; i < count; ++i) {
                  out[static_cast<size_t>(b * 3 + spiked[i])] = 1.0;
                }
              }
              return out;
            }),
            expected);
}

TEST_P(Stepped, WithBuffersThatAreBound) {
  for (nirc_dtype dtype : {NIRC_UINT8, NIRC_FLOAT32, NIRC_FLOAT64}) {
    SCOPED_TRACE(nirc_dtype_name(dtype));
    nirc_session_reset(session.get(), Well());
    std::vector<uint8_t> in8(4), out8(6);
    std::vector<float> in32(4), out32(6);
    std::vector<double> in64(4), out64(6);
    void *in = dtype == NIRC_UINT8     ? static_cast<void *>(in8.data())
               : dtype == NIRC_FLOAT32 ? static_cast<void *>(in32.data())
                                       : static_cast<void *>(in64.data());
    void *out = dtype == NIRC_UINT8     ? static_cast<void *>(out8.data())
                : dtype == NIRC_FLOAT32 ? static_cast<void *>(out32.data())
                                        : static_cast<void *>(out64.data());
    nirc_session_bind_input(session.get(), 0, dtype, in, 4, Well());
    nirc_session_bind_output(session.get(), 0, dtype, out, 6, Well());
    EXPECT_EQ(stepped([&](int64_t t) {
                std::vector<float> now = inputAt(t);
                std::copy(now.begin(), now.end(), in8.begin());
                std::copy(now.begin(), now.end(), in32.begin());
                std::copy(now.begin(), now.end(), in64.begin());
                nirc_session_step(session.get(), 1, Well());
                return dtype == NIRC_UINT8     ? std::vector<double>(out8.begin(), out8.end())
                       : dtype == NIRC_FLOAT32 ? std::vector<double>(out32.begin(), out32.end())
                                               : out64;
              }),
              expected);
  }
}

TEST_P(Stepped, SeveralStepsInACallAreTheSameSteps) {
  Session other = sessionOf(program, batch);
  std::vector<float> in = inputAt(3);
  std::vector<double> v(6), w(6);
  for (nirc_session *one : {session.get(), other.get()}) {
    nirc_session_set_input_f32(one, 0, NIRC_ALL_SAMPLES, in.data(), 4, Well());
  }
  nirc_session_step(session.get(), 7, Well());
  for (int i = 0; i < 7; ++i) {
    nirc_session_step(other.get(), 1, Well());
  }
  nirc_session_step(other.get(), 0, Well());
  nirc_session_read_state_f64(session.get(), 0, NIRC_ALL_SAMPLES, v.data(), 6, Well());
  nirc_session_read_state_f64(other.get(), 0, NIRC_ALL_SAMPLES, w.data(), 6, Well());
  EXPECT_EQ(v, w);
  EXPECT_EQ(nirc_session_steps_done(other.get()), 7);
}

TEST_P(Stepped, SnapshotsBringEverythingBack) {
  std::vector<float> in = inputAt(0);
  nirc_session_set_input_f32(session.get(), 0, NIRC_ALL_SAMPLES, in.data(), 4, Well());
  nirc_session_step(session.get(), 5, Well());
  Snapshot snapshot = owned<Snapshot>(
      [&](nirc_snapshot **out) { nirc_session_snapshot(session.get(), out, Well()); });
  std::vector<double> before(6), after(6);
  nirc_session_step(session.get(), 9, Well());
  nirc_session_read_state_f64(session.get(), 0, NIRC_ALL_SAMPLES, before.data(), 6, Well());
  Session other = sessionOf(program, batch);
  for (nirc_session *one : {session.get(), other.get()}) {
    nirc_session_restore(one, snapshot.get(), Well());
    EXPECT_EQ(nirc_session_steps_done(one), 5);
    nirc_session_step(one, 9, Well());
    nirc_session_read_state_f64(one, 0, NIRC_ALL_SAMPLES, after.data(), 6, Well());
    EXPECT_EQ(before, after);
  }
  Session larger = sessionOf(program, batch + 1);
  Failed failed;
  EXPECT_EQ(nirc_session_restore(larger.get(), snapshot.get(), failed), NIRC_E_USAGE);
  nirc_session_reset(session.get(), Well());
  EXPECT_EQ(nirc_session_steps_done(session.get()), 0);
  nirc_session_read_state_f64(session.get(), 0, NIRC_ALL_SAMPLES, after.data(), 6, Well());
  EXPECT_EQ(after, std::vector<double>(6, 0.0));
}

INSTANTIATE_TEST_SUITE_P(OnTargets, Stepped, testing::Values("cpu", "reference"),
                         [](const auto &info) { return info.param; });

class SessionOf : public testing::Test {
protected:
  Program program = smallProgram();
  Session session = sessionOf(program, batch);
  Failed failed;
};

TEST_F(SessionOf, OutlivesItsProgram) {
  program.reset();
  nirc_session_step(session.get(), 3, Well());
  EXPECT_EQ(nirc_session_batch(session.get()), batch);
}

TEST_F(SessionOf, StatesAreWrittenAndRead) {
  std::vector<float> v = {1.5F, 0.5F, 0.25F};
  size_t state = 9;
  nirc_session_find_state(session.get(), "lif", "v", &state, Well());
  EXPECT_EQ(state, 0u);
  nirc_session_write_state_f32(session.get(), state, 1, v.data(), 3, Well());
  std::vector<float> read(3), other(3, 9.0F);
  nirc_session_read_state_f32(session.get(), state, 1, read.data(), 3, Well());
  EXPECT_EQ(read, v);
  nirc_session_read_state_f32(session.get(), state, 0, other.data(), 3, Well());
  EXPECT_EQ(other, std::vector<float>(3, 0.0F));
  nirc_session_step(session.get(), 1, Well());
  int64_t spiked[3];
  size_t count = 0;
  // tau is 10, 20 and 10 ms: v decays to 1.35, 0.475 and 0.225.
  nirc_session_read_output_events(session.get(), 0, 1, spiked, 3, &count, Well());
  ASSERT_EQ(count, 1u);
  EXPECT_EQ(spiked[0], 0);
  std::vector<double> wide(3);
  nirc_session_read_state_f64(session.get(), state, 1, wide.data(), 3, Well());
  EXPECT_NEAR(wide[1], 0.475, 1e-6);
  EXPECT_NEAR(wide[2], 0.225, 1e-6);
  std::vector<double> written = {0.125, 0.25, 0.5};
  nirc_session_write_state_f64(session.get(), state, 0, written.data(), 3, Well());
  std::vector<double> bound(6);
  nirc_session_bind_state(session.get(), state, NIRC_FLOAT64, bound.data(), 6, Well());
  nirc_session_step(session.get(), 1, Well());
  EXPECT_NEAR(bound[2], 0.45, 1e-6);
}

TEST_F(SessionOf, EventsAreCountedBeyondTheRoomForThem) {
  std::vector<double> v(3, 5.0);
  nirc_session_write_state_f64(session.get(), 0, 0, v.data(), 3, Well());
  nirc_session_step(session.get(), 1, Well());
  int64_t room[2] = {-1, -1};
  size_t count = 0;
  nirc_session_read_output_events(session.get(), 0, 0, room, 1, &count, Well());
  EXPECT_EQ(count, 3u);
  EXPECT_THAT(room, ElementsAre(0, -1));
  nirc_session_read_output_events(session.get(), 0, 0, nullptr, 0, &count, Well());
  EXPECT_EQ(count, 3u);
}

/// An element that is named twice has two spikes.
TEST_F(SessionOf, EventsAddUp) {
  const int64_t twice[] = {1, 1};
  const double two[] = {0.0, 2.0};
  nirc_session_set_input_events(session.get(), 0, 0, twice, 2, Well());
  nirc_session_set_input_f64(session.get(), 0, 1, two, 2, Well());
  nirc_session_step(session.get(), 1, Well());
  std::vector<double> v(6);
  nirc_session_read_state_f64(session.get(), 0, NIRC_ALL_SAMPLES, v.data(), 6, Well());
  EXPECT_TRUE(std::equal(v.begin(), v.begin() + 3, v.begin() + 3));
  EXPECT_NE(v[1], 0.0);
}

TEST_F(SessionOf, WhatIsNotThereIsAnErrorAndChangesNothing) {
  nirc_session *one = session.get();
  std::vector<double> six(6, 9.0);
  std::vector<float> floats(6, 9.0F);
  auto says = [&](nirc_status status, const char *message) {
    EXPECT_EQ(status, NIRC_E_USAGE);
    EXPECT_THAT(failed.message(), HasSubstr(message));
  };
  says(nirc_session_set_input_f64(one, 1, 0, six.data(), 2, failed),
       "found input 1, expected less than 1");
  says(nirc_session_set_input_f64(one, 1, NIRC_ALL_SAMPLES, six.data(), 2, failed),
       "found input 1, expected less than 1");
  says(nirc_session_set_input_f64(one, 0, 2, six.data(), 2, failed),
       "found sample 2, expected 0 to 1");
  says(nirc_session_set_input_f64(one, 0, -2, six.data(), 2, failed), "found sample -2");
  says(nirc_session_set_input_f64(one, 0, 0, six.data(), 3, failed), "found 3 numbers");
  EXPECT_STREQ(failed.what().found, "3 numbers for input 'in'");
  EXPECT_STREQ(failed.what().expected, "2");
  says(nirc_session_set_input_f64(one, 0, NIRC_ALL_SAMPLES, six.data(), 2, failed),
       "found 2 values for in of all samples, expected 4");
  says(nirc_session_set_input_f64(one, 0, 0, nullptr, 2, failed), "found NULL for 'values'");
  says(nirc_session_set_input_f32(one, 0, 0, floats.data(), 1, failed), "found 1 number");
  says(nirc_session_read_output_f32(one, 3, 0, floats.data(), 3, failed), "found output 3");
  says(nirc_session_read_state_f64(one, 0, 0, six.data(), 2, failed), "found 2 numbers");
  says(nirc_session_write_state_f64(one, 7, 0, six.data(), 3, failed), "found state 7");
  const int64_t beyond[] = {0, 2}, negative[] = {-1};
  says(nirc_session_set_input_events(one, 0, 0, beyond, 2, failed),
       "found element 2 for input 'in', expected 0 to 1");
  says(nirc_session_set_input_events(one, 0, 0, negative, 1, failed), "found element -1");
  says(nirc_session_set_input_events(one, 0, NIRC_ALL_SAMPLES, beyond, 1, failed),
       "found sample -1");
  says(nirc_session_step(one, -1, failed), "found -1 steps");
  size_t number = 0;
  says(nirc_session_find_state(one, "lif", "w", &number, failed), "it has 'lif:v'");
  says(nirc_session_find_output(one, "nobody", &number, failed), "it has 'out'");
  EXPECT_EQ(failed.code(), "unknown-node");
  nirc_session *none = nullptr;
  says(nirc_session_create(program.get(), 0, &none, failed), "found a batch of 0");
  says(nirc_session_create(program.get(), -5, &none, failed), "found a batch of -5");
  says(nirc_session_create(program.get(), INT64_MAX, &none, failed), "expected at most");
  nirc_session_step(one, 1, Well());
  nirc_session_read_state_f64(one, 0, NIRC_ALL_SAMPLES, six.data(), 6, Well());
  EXPECT_EQ(six, std::vector<double>(6, 0.0));
}

TEST_F(SessionOf, BuffersThatDoNotFitAreRefused) {
  nirc_session *one = session.get();
  std::vector<double> numbers(8);
  auto says = [&](nirc_status status, const char *message) {
    EXPECT_EQ(status, NIRC_E_USAGE);
    EXPECT_THAT(failed.message(), HasSubstr(message));
  };
  says(nirc_session_bind_input(one, 0, NIRC_FLOAT64, numbers.data(), 2, failed),
       "found a buffer of 2 numbers for input 'in', expected 4");
  says(nirc_session_bind_input(one, 1, NIRC_FLOAT64, numbers.data(), 4, failed), "found input 1");
  says(nirc_session_bind_output(one, 0, NIRC_INT64, numbers.data(), 6, failed), "found dtype 8");
  says(nirc_session_bind_state(one, 0, NIRC_FLOAT64, reinterpret_cast<char *>(numbers.data()) + 1,
                               6, failed),
       "not aligned");
}

/// Unbound, an input stays what it was last.
TEST_F(SessionOf, BuffersCanBeTakenAway) {
  std::vector<float> in = {1.0F, 0.0F, 0.0F, 1.0F}, out(6, 9.0F);
  nirc_session_bind_input(session.get(), 0, NIRC_FLOAT32, in.data(), 4, Well());
  nirc_session_bind_output(session.get(), 0, NIRC_FLOAT32, out.data(), 6, Well());
  nirc_session_step(session.get(), 1, Well());
  EXPECT_NE(out[0], 9.0F);
  nirc_session_bind_input(session.get(), 0, NIRC_FLOAT32, nullptr, 0, Well());
  nirc_session_bind_output(session.get(), 0, NIRC_FLOAT32, nullptr, 0, Well());
  in.assign(4, 100.0F);
  out.assign(6, 9.0F);
  nirc_session_step(session.get(), 1, Well());
  EXPECT_EQ(out[0], 9.0F);
  std::vector<double> v(6);
  nirc_session_read_state_f64(session.get(), 0, NIRC_ALL_SAMPLES, v.data(), 6, Well());
  // 0.9 is 9 * dt/tau of the first step, or what is left of it: not what 100 would make.
  EXPECT_LT(std::abs(v[0]), 2.0);
}

TEST(SessionOfExact, HasNoSteps) {
  Model model = smallModel();
  nirc_plan_options options = NIRC_OPTIONS(nirc_plan_options);
  options.dt = "1ms";
  options.semantics = "exact";
  options.target = "reference";
  Plan plan =
      owned<Plan>([&](nirc_plan **out) { nirc_plan_make(model.get(), &options, out, Well()); });
  Program program = programOf(plan);
  nirc_session *session = nullptr;
  Failed failed;
  EXPECT_EQ(nirc_session_create(program.get(), 1, &session, failed), NIRC_E_USAGE);
  EXPECT_EQ(failed.code(), "unsupported-by-target");
  EXPECT_EQ(session, nullptr);
}

} // namespace
