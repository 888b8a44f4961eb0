//===- CompareTest.cpp - recordings beside each other, and match ----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/plugins/c/Support.h"

#include <cmath>
#include <gmock/gmock.h>

using namespace nirc::test;
using testing::HasSubstr;

namespace {

Recording recordingOf(const std::vector<nirc_signal> &signals, double dt = 1e-3) {
  return owned<Recording>([&](nirc_recording **out) {
    nirc_recording_create(signals.data(), signals.size(), dt, out, Well());
  });
}

TEST(Compare, SaysWhereAndHowFar) {
  const uint8_t a[] = {0, 1, 1, 0, 0, 0}, b[] = {0, 1, 0, 0, 1, 0};
  const double v[] = {0.0, 0.5, 1.0}, w[] = {0.0, 0.5, 1.25};
  const int64_t shape[] = {1, 3, 2}, small[] = {1, 3, 1};
  Recording base = recordingOf(
      {{"out", "spikes", {a, shape, 3, NIRC_UINT8}}, {"lif", "v", {v, small, 3, NIRC_FLOAT64}}});
  Recording other = recordingOf(
      {{"out", "spikes", {b, shape, 3, NIRC_UINT8}}, {"lif", "v", {w, small, 3, NIRC_FLOAT64}}});
  nirc_comparison *made = nullptr;
  nirc_compare(base.get(), other.get(), nullptr, &made, Well());
  Owned<nirc_comparison, nirc_comparison_free> comparison(made);
  EXPECT_FALSE(nirc_comparison_is_equal(made));
  ASSERT_EQ(nirc_comparison_count(made), 2u);
  const nirc_difference *spikes = nirc_comparison_at(made, 0);
  EXPECT_TRUE(spikes->is_spikes);
  EXPECT_FALSE(spikes->is_equal);
  EXPECT_EQ(spikes->unequal, 2);
  EXPECT_EQ(spikes->sample, 0);
  EXPECT_EQ(spikes->step, 1);
  EXPECT_EQ(spikes->element, 0);
  EXPECT_EQ(spikes->base, 1.0);
  EXPECT_EQ(spikes->other, 0.0);
  EXPECT_EQ(spikes->base_spikes, 2.0);
  EXPECT_EQ(spikes->other_spikes, 2.0);
  // The spike of neuron 0 moved by one step of 1 ms, at a cost of 100 a second.
  EXPECT_NEAR(spikes->victor_purpura, 0.1, 1e-12);
  EXPECT_GT(spikes->van_rossum, 0.0);
  const nirc_difference *values = nirc_comparison_at(made, 1);
  EXPECT_FALSE(values->is_spikes);
  EXPECT_EQ(values->largest, 0.25);
  EXPECT_TRUE(std::isnan(values->van_rossum));

  nirc_compare_options options = NIRC_OPTIONS(nirc_compare_options);
  options.tolerance = 0.5;
  nirc_comparison *tolerant = nullptr;
  nirc_compare(base.get(), other.get(), &options, &tolerant, Well());
  EXPECT_TRUE(nirc_comparison_at(tolerant, 1)->is_equal);
  EXPECT_EQ(nirc_comparison_at(tolerant, 1)->sample, -1);
  EXPECT_FALSE(nirc_comparison_is_equal(tolerant));
  nirc_comparison_free(tolerant);
  nirc_compare(base.get(), base.get(), nullptr, &tolerant, Well());
  EXPECT_TRUE(nirc_comparison_is_equal(tolerant));
  nirc_comparison_free(tolerant);
}

TEST(Compare, WhatCannotBeIsAnError) {
  const uint8_t bytes[6] = {};
  const int64_t shape[] = {1, 3, 2}, longer[] = {1, 2, 3}, flat[] = {6};
  Recording base = recordingOf({{"out", "spikes", {bytes, shape, 3, NIRC_UINT8}}});
  Recording other = recordingOf({{"out", "spikes", {bytes, longer, 3, NIRC_UINT8}}});
  nirc_comparison *none = nullptr;
  nirc_recording *noRecording = nullptr;
  Failed failed;
  EXPECT_EQ(nirc_compare(base.get(), other.get(), nullptr, &none, failed), NIRC_E_INPUT);
  EXPECT_EQ(failed.code(), "not-comparable");
  nirc_compare_options options = NIRC_OPTIONS(nirc_compare_options);
  options.tolerance = std::nan("");
  EXPECT_EQ(nirc_compare(base.get(), base.get(), &options, &none, failed), NIRC_E_USAGE);
  nirc_signal one{"out", "spikes", {bytes, flat, 1, NIRC_UINT8}};
  EXPECT_EQ(nirc_recording_create(&one, 1, 0.0, &noRecording, failed), NIRC_E_USAGE);
  EXPECT_THAT(failed.message(), HasSubstr("[batch, steps, ...]"));
  one.observable = nullptr;
  EXPECT_EQ(nirc_recording_create(&one, 1, 0.0, &noRecording, failed), NIRC_E_USAGE);
}

/// What a semantics gives is found to be of that semantics.
TEST(Match, FindsTheSemanticsOfARecording) {
  constexpr int64_t steps = 200;
  Model model = smallModel();
  nirc_plan_options options = NIRC_OPTIONS(nirc_plan_options);
  options.dt = "1ms";
  options.semantics = "norse,reset=subtract";
  Plan plan =
      owned<Plan>([&](nirc_plan **out) { nirc_plan_make(model.get(), &options, out, Well()); });
  Program program = programOf(plan);
  std::vector<float> values = smallInput(1, steps);
  const int64_t shape[] = {1, steps, 2}, outShape[] = {1, steps, 3};
  nirc_signal input{nullptr, nullptr, {values.data(), shape, 3, NIRC_FLOAT32}};
  Recording recording = owned<Recording>([&](nirc_recording **out) {
    nirc_program_run(program.get(), &input, 1, nullptr, out, Well());
  });
  nirc_signal expected{nullptr, nullptr, nirc_recording_trace(recording.get(), 0)->array};
  nirc_plan_options base = NIRC_OPTIONS(nirc_plan_options);
  base.dt = "1ms";
  nirc_match_report *made = nullptr;
  int64_t calls = 0;
  nirc_match_options how = NIRC_OPTIONS(nirc_match_options);
  how.user = &calls;
  how.progress = [](void *user, int64_t, int64_t) { return ++*static_cast<int64_t *>(user) > 0; };
  nirc_match(model.get(), &input, 1, &expected, 1, &base, &how, &made, Well());
  Owned<nirc_match_report, nirc_match_free> report(made);
  ASSERT_GT(nirc_match_count(made), 10u);
  EXPECT_EQ(calls, static_cast<int64_t>(calls));
  EXPECT_GT(calls, 10);
  const nirc_candidate *best = nirc_match_at(made, 0);
  EXPECT_TRUE(best->is_full);
  EXPECT_EQ(best->shift, 0);
  EXPECT_EQ(best->share, 1.0);
  EXPECT_EQ(best->extra, 0.0);
  EXPECT_EQ(best->agree, best->expected);
  EXPECT_GT(best->expected, 20.0);
  EXPECT_FALSE(nirc_match_at(made, nirc_match_count(made) - 1)->is_full);
  EXPECT_EQ(nirc_match_at(made, nirc_match_count(made)), nullptr);
  // What it names gives the recording again.
  options.semantics = best->semantics;
  Plan again =
      owned<Plan>([&](nirc_plan **out) { nirc_plan_make(model.get(), &options, out, Well()); });
  Program named = programOf(again);
  Recording second = owned<Recording>([&](nirc_recording **out) {
    nirc_program_run(named.get(), &input, 1, nullptr, out, Well());
  });
  nirc_comparison *comparison = nullptr;
  nirc_compare(recording.get(), second.get(), nullptr, &comparison, Well());
  EXPECT_TRUE(nirc_comparison_is_equal(comparison));
  nirc_comparison_free(comparison);

  Failed failed;
  nirc_match_report *none = nullptr;
  how.progress = [](void *, int64_t, int64_t) { return false; };
  EXPECT_EQ(nirc_match(model.get(), &input, 1, &expected, 1, &base, &how, &none, failed),
            NIRC_E_STOPPED);
  nirc_signal wrong{"nobody", nullptr, {values.data(), outShape, 3, NIRC_FLOAT32}};
  EXPECT_EQ(nirc_match(model.get(), &input, 1, &wrong, 1, &base, nullptr, &none, failed),
            NIRC_E_USAGE);
  EXPECT_THAT(failed.message(), HasSubstr("'nobody'"));
  EXPECT_EQ(nirc_match(model.get(), &input, 1, &expected, 1, nullptr, nullptr, &none, failed),
            NIRC_E_USAGE);
  EXPECT_EQ(failed.code(), "no-step");
  how = NIRC_OPTIONS(nirc_match_options);
  how.max_shift = -2;
  EXPECT_EQ(nirc_match(model.get(), &input, 1, &expected, 1, &base, &how, &none, failed),
            NIRC_E_USAGE);
}

} // namespace
