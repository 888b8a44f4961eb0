//===- ProgramTest.cpp - programs, whole runs and recordings --------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Program.h"
#include "tests/plugins/c/Support.h"
#include "tests/support/TemporaryFolder.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>

using namespace nirc::test;
using nir::test::TemporaryFolder;
using testing::HasSubstr;

namespace {

constexpr int64_t batch = 3, steps = 50;

/// Runs the program on the small input, as an array of `dtype`.
Recording runOf(const nirc_program *program, nirc_dtype dtype = NIRC_FLOAT32,
                const nirc_run_options *options = nullptr) {
  std::vector<float> floats = smallInput(batch, steps);
  std::vector<double> doubles(floats.begin(), floats.end());
  std::vector<uint8_t> bytes(floats.begin(), floats.end());
  std::vector<int64_t> wholes(floats.begin(), floats.end());
  const void *data = dtype == NIRC_FLOAT32   ? static_cast<const void *>(floats.data())
                     : dtype == NIRC_FLOAT64 ? static_cast<const void *>(doubles.data())
                     : dtype == NIRC_UINT8   ? static_cast<const void *>(bytes.data())
                                             : static_cast<const void *>(wholes.data());
  const int64_t shape[] = {batch, steps, 2};
  nirc_signal signal{"in", nullptr, {data, shape, 3, dtype}};
  return owned<Recording>(
      [&](nirc_recording **out) { nirc_program_run(program, &signal, 1, options, out, Well()); });
}

/// The same through nirc's C++, which is in the same libnirc.so.
nir::Recording expectedOf(const char *target, const char *semantics, const char *format) {
  nir::Graph graph;
  auto vec = [](std::vector<double> values) { return nir::Tensor::vector(values); };
  nir::LIF lif{vec({0.01, 0.02, 0.01}), vec({1, 1, 1}), vec({0, 0, 0}), vec({1, 1, 1}),
               vec({0, 0, 0})};
  graph.nodes = {{"in", nir::Input{nir::Tensor::vector<int64_t>({2})}, {}},
                 {"fc", nir::Linear{nir::Tensor::of<double>({3, 2}, {9, 0, 0, 9, 6, 6})}, {}},
                 {"lif", lif, {}},
                 {"out", nir::Output{nir::Tensor::vector<int64_t>({3})}, {}}};
  graph.edges = {{"in", "fc"}, {"fc", "lif"}, {"lif", "out"}};
  nirc::PlanOptions options;
  options.dt = "1ms";
  options.target = target;
  options.semantics = semantics;
  options.format = format;
  auto model = nirc::Model::fromGraph(graph, "small", {.timeUnit = nir::TimeUnit::Seconds});
  auto plan = nirc::Plan::make(*model, options);
  auto program = nirc::Program::compile(*plan);
  nir::Recording input{
      1e-3, {{"in", "value", nir::Tensor::of<float>({batch, steps, 2}, smallInput(batch, steps))}}};
  return *program->run(input);
}

TEST(Program, SaysWhatItIs) {
  Program program = smallProgram();
  const nirc_program_info *info = nirc_program_describe(program.get());
  EXPECT_STREQ(info->target, "cpu");
  EXPECT_STREQ(info->nirc, nirc_version());
  EXPECT_STREQ(info->model, "small");
  EXPECT_STREQ(info->format, "");
  EXPECT_EQ(info->dtype, NIRC_FLOAT32);
  EXPECT_EQ(info->dt_seconds, 1e-3);
  EXPECT_EQ(info->input_count, 1u);
  EXPECT_EQ(info->output_count, 1u);
  EXPECT_EQ(info->record_count, 0u);
  ASSERT_EQ(info->state_count, 1u);
  EXPECT_STREQ(nirc_program_state(program.get(), 0)->node, "lif");
  EXPECT_STREQ(nirc_program_state(program.get(), 0)->observable, "v");
  EXPECT_STREQ(nirc_program_output(program.get(), 0)->observable, "spikes");
  EXPECT_EQ(nirc_program_output(program.get(), 0)->dtype, NIRC_UINT8);
  EXPECT_EQ(nirc_program_output(program.get(), 1), nullptr);
  EXPECT_EQ(nirc_program_record(program.get(), 0), nullptr);
}

/// The bits of nirc's C++, for each dtype of the input and each target that computes here.
TEST(Program, RunsGiveTheBitsOfTheLibrary) {
  struct Way {
    const char *target, *semantics, *format;
  };
  for (Way way : {Way{"cpu", "nir", ""}, Way{"reference", "norse", ""}, Way{"cpu", "norse", "int8"},
                  Way{"reference", "nir", "int8"}, Way{"loihi2", "loihi2", "loihi2"}}) {
    SCOPED_TRACE(std::string(way.target) + " " + way.format);
    nir::Recording expected = expectedOf(way.target, way.semantics, way.format);
    const nir::Tensor &want = expected.traces.at(0).data;
    Program program = programOf(planOf(smallModel(), way.target, way.format, way.semantics));
    for (nirc_dtype dtype : {NIRC_FLOAT32, NIRC_FLOAT64, NIRC_UINT8, NIRC_INT64}) {
      Recording recording = runOf(program.get(), dtype);
      ASSERT_EQ(nirc_recording_trace_count(recording.get()), 1u);
      const nirc_trace *trace = nirc_recording_trace(recording.get(), 0);
      EXPECT_STREQ(trace->node, "out");
      ASSERT_EQ(trace->array.rank, 3);
      EXPECT_EQ(trace->array.shape[0], batch);
      EXPECT_EQ(trace->array.shape[1], steps);
      EXPECT_EQ(trace->array.shape[2], 3);
      EXPECT_EQ(trace->array.dtype, NIRC_UINT8);
      EXPECT_EQ(std::memcmp(trace->array.data, want.bytes(), want.sizeInBytes()), 0);
    }
    std::vector<double> spikes = want.toDoubles();
    EXPECT_GT(std::count(spikes.begin(), spikes.end(), 1.0), 20); // or it would say nothing
  }
}

TEST(Program, RunsOfOneSampleNeedNoBatch) {
  Program program = smallProgram();
  std::vector<float> values = smallInput(1, steps);
  const int64_t flat[] = {steps, 2}, batched[] = {1, steps, 2};
  nirc_signal one{nullptr, nullptr, {values.data(), flat, 2, NIRC_FLOAT32}};
  nirc_signal same{nullptr, nullptr, {values.data(), batched, 3, NIRC_FLOAT32}};
  auto run = [&](const nirc_signal &signal) {
    return owned<Recording>([&](nirc_recording **out) {
      nirc_program_run(program.get(), &signal, 1, nullptr, out, Well());
    });
  };
  Recording a = run(one), b = run(same);
  const nirc_array &left = nirc_recording_trace(a.get(), 0)->array;
  const nirc_array &right = nirc_recording_trace(b.get(), 0)->array;
  EXPECT_EQ(left.shape[0], 1);
  EXPECT_EQ(std::memcmp(left.data, right.data, static_cast<size_t>(steps) * 3), 0);
}

TEST(Program, RecordsWhatIsAskedFor) {
  Program program = smallProgram();
  const char *record[] = {"lif:v"};
  nirc_run_options options = NIRC_OPTIONS(nirc_run_options);
  options.record = record;
  options.record_count = 1;
  options.steps = steps + 10;
  Recording recording = runOf(program.get(), NIRC_FLOAT32, &options);
  const nirc_trace *v = nirc_recording_find(recording.get(), "lif", "v");
  ASSERT_NE(v, nullptr);
  EXPECT_EQ(v->array.dtype, NIRC_FLOAT32);
  EXPECT_EQ(v->array.shape[1], steps + 10);
  EXPECT_EQ(nirc_recording_find(recording.get(), "lif", "w"), nullptr);
  EXPECT_EQ(nirc_recording_dt_seconds(recording.get()), 1e-3);
  Failed failed;
  nirc_recording *none = nullptr;
  const char *wrong[] = {"lif:w"};
  options.record = wrong;
  std::vector<float> values = smallInput(1, 4);
  const int64_t shape[] = {4, 2};
  nirc_signal signal{nullptr, nullptr, {values.data(), shape, 2, NIRC_FLOAT32}};
  EXPECT_EQ(nirc_program_run(program.get(), &signal, 1, &options, &none, failed), NIRC_E_USAGE);
  EXPECT_THAT(failed.text(), HasSubstr("'w'"));
}

TEST(Program, EventsAreTheElementsThatAreNotZero) {
  Program program = smallProgram();
  Recording recording = runOf(program.get());
  const nirc_event *events = nullptr, *again = nullptr;
  size_t count = 0;
  nirc_recording_events(recording.get(), 0, &events, &count, Well());
  const auto *bytes =
      static_cast<const uint8_t *>(nirc_recording_trace(recording.get(), 0)->array.data);
  size_t found = 0;
  for (int64_t b = 0; b < batch; ++b) {
    for (int64_t t = 0; t < steps; ++t) {
      for (int64_t i = 0; i < 3; ++i) {
        if (bytes[(b * steps + t) * 3 + i] != 0) {
          ASSERT_LT(found, count);
          EXPECT_EQ(events[found].sample, b);
          EXPECT_EQ(events[found].step, t);
          EXPECT_EQ(events[found].element, i);
          EXPECT_EQ(events[found].count, 1);
          ++found;
        }
      }
    }
  }
  EXPECT_EQ(found, count);
  EXPECT_GT(count, 20u);
  nirc_recording_events(recording.get(), 0, &again, &count, Well());
  EXPECT_EQ(again, events);
  Failed failed;
  EXPECT_EQ(nirc_recording_events(recording.get(), 1, &events, &count, failed), NIRC_E_USAGE);
  EXPECT_EQ(events, nullptr);
  EXPECT_EQ(count, 0u);
}

TEST(Program, InputsThatDoNotFitAreRefused) {
  Program program = smallProgram();
  std::vector<float> values = smallInput(batch, steps);
  const int64_t shape[] = {batch, steps, 2}, wrong[] = {batch, steps, 1}, flat[] = {6};
  nirc_recording *none = nullptr;
  Failed failed;
  auto run = [&](const char *node, const int64_t *dims, int32_t rank) {
    nirc_signal signal{node, nullptr, {values.data(), dims, rank, NIRC_FLOAT32}};
    return nirc_program_run(program.get(), &signal, 1, nullptr, &none, failed);
  };
  EXPECT_EQ(run("lif", shape, 3), NIRC_E_INPUT);
  EXPECT_THAT(failed.message(), HasSubstr("only for 'lif'"));
  EXPECT_EQ(run("in", wrong, 3), NIRC_E_INPUT);
  EXPECT_STREQ(failed.what().node, "in");
  EXPECT_EQ(run("in", flat, 1), NIRC_E_INPUT);
  EXPECT_EQ(nirc_program_run(program.get(), nullptr, 0, nullptr, &none, failed), NIRC_E_INPUT);
  EXPECT_EQ(nirc_program_run(program.get(), nullptr, 1, nullptr, &none, failed), NIRC_E_USAGE);
  std::vector<double> large(values.size(), 1e39); // which float32 does not hold
  nirc_signal signal{"in", nullptr, {large.data(), shape, 3, NIRC_FLOAT64}};
  EXPECT_EQ(nirc_program_run(program.get(), &signal, 1, nullptr, &none, failed), NIRC_E_INPUT);
  EXPECT_EQ(failed.code(), "input-value");
  nirc_run_options options = NIRC_OPTIONS(nirc_run_options);
  options.threads = -1;
  EXPECT_EQ(nirc_program_run(program.get(), nullptr, 0, &options, &none, failed), NIRC_E_USAGE);
  options = NIRC_OPTIONS(nirc_run_options);
  options.steps = -1;
  EXPECT_EQ(nirc_program_run(program.get(), nullptr, 0, &options, &none, failed), NIRC_E_USAGE);
}

/// A run that would take long is ended by its callback, on every target that is quick to compile.
TEST(Program, CallbacksEndARun) {
  constexpr int64_t many = 20000000;
  for (const char *target : {"cpu", "reference"}) {
    SCOPED_TRACE(target);
    Program program = smallProgram(target);
    std::vector<float> values = smallInput(2, 4);
    const int64_t shape[] = {2, 4, 2};
    nirc_signal signal{nullptr, nullptr, {values.data(), shape, 3, NIRC_FLOAT32}};
    struct Seen {
      int64_t calls = 0, total = 0;
    } seen;
    nirc_run_options options = NIRC_OPTIONS(nirc_run_options);
    options.steps = many;
    options.user = &seen;
    options.progress = [](void *user, int64_t done, int64_t total) {
      auto *counts = static_cast<Seen *>(user);
      EXPECT_LE(done, total);
      counts->total = total;
      return ++counts->calls < 3;
    };
    nirc_recording *none = nullptr;
    Failed failed;
    EXPECT_EQ(nirc_program_run(program.get(), &signal, 1, &options, &none, failed), NIRC_E_STOPPED);
    EXPECT_EQ(failed.code(), "stopped");
    EXPECT_EQ(failed.status(), NIRC_E_STOPPED);
    EXPECT_EQ(none, nullptr);
    EXPECT_EQ(seen.total, 2 * many);
    // It runs again as if nothing had been.
    options.steps = 4;
    options.progress = nullptr;
    Recording recording = owned<Recording>([&](nirc_recording **out) {
      nirc_program_run(program.get(), &signal, 1, &options, out, Well());
    });
    EXPECT_NE(recording, nullptr);
  }
}

TEST(Program, SavedItRunsAsBefore) {
  TemporaryFolder folder;
  std::string path = folder.path + "/program", copy = folder.path + "/copy";
  Program program = smallProgram();
  nirc_program_save(program.get(), path.c_str(), Well());
  Program loaded = owned<Program>(
      [&](nirc_program **out) { nirc_program_load(path.c_str(), nullptr, out, Well()); });
  Recording a = runOf(program.get()), b = runOf(loaded.get());
  const nirc_array &left = nirc_recording_trace(a.get(), 0)->array;
  const nirc_array &right = nirc_recording_trace(b.get(), 0)->array;
  EXPECT_EQ(std::memcmp(left.data, right.data, static_cast<size_t>(batch * steps) * 3), 0);
  nirc_program_save(loaded.get(), copy.c_str(), Well());
  EXPECT_EQ(std::filesystem::file_size(copy), std::filesystem::file_size(path));

  Failed failed;
  nirc_program *none = nullptr;
  EXPECT_EQ(nirc_program_load(NIRC_SOURCE_DIR "/README.md", nullptr, &none, failed), NIRC_E_INPUT);
  EXPECT_EQ(failed.code(), "not-a-program");
  Program interpreted = smallProgram("reference");
  EXPECT_EQ(nirc_program_save(interpreted.get(), path.c_str(), failed), NIRC_E_USAGE);
  EXPECT_EQ(nirc_program_save(program.get(), "/no/such/folder/program", failed), NIRC_E_INPUT);
}

TEST(Program, CodeIsKeptWhereTheOptionsSay) {
  TemporaryFolder folder;
  Plan plan = planOf(smallModel());
  nirc_compile_options options = NIRC_OPTIONS(nirc_compile_options);
  options.cache = NIRC_CACHE_FOLDER;
  nirc_program *program = nullptr;
  Failed failed;
  EXPECT_EQ(nirc_program_compile(plan.get(), &options, &program, failed), NIRC_E_USAGE);
  EXPECT_THAT(failed.message(), HasSubstr("cache_folder"));
  std::string cache = folder.path + "/cache";
  options.cache_folder = cache.c_str();
  nirc_program_compile(plan.get(), &options, &program, Well());
  Program owner(program);
  EXPECT_FALSE(std::filesystem::is_empty(cache));
  options.cache = 9;
  EXPECT_EQ(nirc_program_compile(plan.get(), &options, &program, failed), NIRC_E_USAGE);
}

TEST(Program, StatesCanBeHidden) {
  Plan plan = planOf(smallModel());
  nirc_compile_options options = NIRC_OPTIONS(nirc_compile_options);
  options.hide_states = true;
  Program program = owned<Program>(
      [&](nirc_program **out) { nirc_program_compile(plan.get(), &options, out, Well()); });
  EXPECT_EQ(nirc_program_describe(program.get())->state_count, 0u);
}

/// Under `exact` the membrane of neuron 0, with tau = 10 ms and a current of 9 * 0.5, crosses 1 at
/// -tau ln(1 - 1/4.5), and again as long after each reset to 0.
TEST(Recording, OfExactHasTheTimesOfSpikes) {
  Program program = programOf(planOf(smallModel(), "reference", nullptr, "exact"));
  constexpr int64_t length = 10;
  std::vector<double> values(size_t(length) * 2, 0.5);
  const int64_t shape[] = {length, 2};
  nirc_signal signal{nullptr, nullptr, {values.data(), shape, 2, NIRC_FLOAT64}};
  Recording recording = owned<Recording>([&](nirc_recording **out) {
    nirc_program_run(program.get(), &signal, 1, nullptr, out, Well());
  });
  const nirc_spike *spikes = nullptr;
  size_t count = 0;
  nirc_recording_times(recording.get(), "out", &spikes, &count, Well());
  std::vector<double> found;
  for (size_t i = 0; i < count; ++i) {
    EXPECT_EQ(spikes[i].sample, 0);
    if (spikes[i].element == 0) {
      found.push_back(spikes[i].seconds);
    }
  }
  double period = -0.01 * std::log(1.0 - 1.0 / 4.5);
  ASSERT_EQ(found.size(), 3u); // 2.5, 5.0 and 7.5 ms of 10 ms
  for (size_t i = 0; i < found.size(); ++i) {
    EXPECT_NEAR(found[i], period * static_cast<double>(i + 1), 1e-9);
  }
  Failed failed;
  EXPECT_EQ(nirc_recording_times(recording.get(), "fc", &spikes, &count, failed), NIRC_E_USAGE);
  EXPECT_EQ(failed.code(), "not-recorded");
  EXPECT_EQ(count, 0u);
}

/// Numbers that are no counts are events all the same.
TEST(Recording, EventsOfAnyNumbers) {
  const double values[] = {0.0, 2.0, 0.5, std::nan(""), -1.0, 1e300};
  const int64_t shape[] = {1, 3, 2};
  nirc_signal signal{"out", "spikes", {values, shape, 3, NIRC_FLOAT64}};
  Recording recording = owned<Recording>(
      [&](nirc_recording **out) { nirc_recording_create(&signal, 1, 1e-3, out, Well()); });
  const nirc_event *events = nullptr;
  size_t count = 0;
  nirc_recording_events(recording.get(), 0, &events, &count, Well());
  ASSERT_EQ(count, 5u);
  EXPECT_EQ(events[0].count, 2);
  EXPECT_EQ(events[1].count, 1);
  EXPECT_EQ(events[2].element, 1);
  EXPECT_EQ(events[4].step, 2);
}

TEST(Recording, WrittenAndReadItIsTheSame) {
  TemporaryFolder folder;
  Program program = smallProgram();
  Recording recording = runOf(program.get());
  for (const char *name : {"/out.npz", "/out.nird", "/folder/"}) {
    SCOPED_TRACE(name);
    std::string path = folder.path + name;
    nirc_recording_write(recording.get(), path.c_str(), Well());
    Recording read = owned<Recording>(
        [&](nirc_recording **out) { nirc_recording_read(path.c_str(), out, Well()); });
    ASSERT_NE(read, nullptr);
    nirc_comparison *comparison = nullptr;
    nirc_compare(recording.get(), read.get(), nullptr, &comparison, Well());
    EXPECT_TRUE(nirc_comparison_is_equal(comparison));
    nirc_comparison_free(comparison);
  }
  Failed failed;
  EXPECT_EQ(nirc_recording_write(recording.get(), (folder.path + "/x.doc").c_str(), failed),
            NIRC_E_USAGE);
  EXPECT_EQ(failed.code(), "file-ending");
}

TEST(Calibration, IsWhatRangesAreFoundFrom) {
  Model model = smallModel();
  std::vector<float> values(2 * 10, 0.125F);
  const int64_t shape[] = {1, 10, 2}, wrong[] = {10, 1, 1};
  nirc_signal signal{nullptr, nullptr, {values.data(), shape, 3, NIRC_FLOAT32}};
  nirc_plan_options options = NIRC_OPTIONS(nirc_plan_options);
  options.dt = "1ms";
  options.format = "int8";
  options.calibration = &signal;
  options.calibration_count = 1;
  nirc_plan *plan = nullptr;
  nirc_plan_make(model.get(), &options, &plan, Well());
  Plan owner(plan);
  values.assign(values.size(), 7.0F); // it was copied
  EXPECT_THAT(nirc_plan_json(plan), HasSubstr("arrays in memory"));
  // Without one inputs are whole numbers, and 0.125 is nothing.
  auto spikes = [&](const Plan &of) {
    Program program = programOf(of);
    std::vector<float> input(2 * 100, 0.125F);
    const int64_t dims[] = {1, 100, 2};
    nirc_signal drive{nullptr, nullptr, {input.data(), dims, 3, NIRC_FLOAT32}};
    Recording recording = owned<Recording>([&](nirc_recording **out) {
      nirc_program_run(program.get(), &drive, 1, nullptr, out, Well());
    });
    const nirc_event *events = nullptr;
    size_t count = 0;
    nirc_recording_events(recording.get(), 0, &events, &count, Well());
    return count;
  };
  EXPECT_GT(spikes(owner), 0u);
  EXPECT_EQ(spikes(planOf(model, nullptr, "int8")), 0u);
  Failed failed;
  signal.array.shape = wrong;
  EXPECT_NE(nirc_plan_make(model.get(), &options, &plan, failed), NIRC_OK);
}

} // namespace
