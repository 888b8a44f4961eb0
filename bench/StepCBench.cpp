//===- StepCBench.cpp - what a step costs through the C API ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A call of each kind, through libnirc.so, on four neurons: the input is set, a step is made, and
// the output is read. The neurons spike in some of the steps, so that no step is a step of nothing.
//
//===----------------------------------------------------------------------===//

#include <benchmark/benchmark.h>
#include <cstdio>
#include <cstdlib>
#include <nirc.h>
#include <vector>

constexpr int64_t size = 4;

static void check(nirc_status status, nirc_error *const *error) {
  if (status != NIRC_OK) {
    std::fprintf(stderr, "%s\n", nirc_error_text(*error));
    std::exit(status);
  }
}

/// Four inputs, all connected to four neurons, on cpu.
static nirc_program *compiled() {
  nirc_error *error = nullptr;
  nirc_graph *graph = nullptr;
  check(nirc_graph_create(&graph, &error), &error);
  const int64_t four[] = {size}, square[] = {size, size}, rank[] = {1};
  std::vector<float> weight(size * size), tau(size, 0.01F), ones(size, 1.0F), zeros(size, 0.0F);
  for (int64_t i = 0; i < size * size; ++i) {
    weight[static_cast<size_t>(i)] = 1.0F + static_cast<float>(i % 5);
  }
  auto floats = [&](const std::vector<float> &values, const int64_t *shape, int32_t dims) {
    return nirc_array{values.data(), shape, dims, NIRC_FLOAT32};
  };
  nirc_parameter shape[] = {{"shape", nullptr, {four, rank, 1, NIRC_INT64}}};
  nirc_parameter weights[] = {{"weight", nullptr, floats(weight, square, 2)}};
  nirc_parameter neurons[] = {{"tau", nullptr, floats(tau, four, 1)},
                              {"r", nullptr, floats(ones, four, 1)},
                              {"v_leak", nullptr, floats(zeros, four, 1)},
                              {"v_threshold", nullptr, floats(ones, four, 1)},
                              {"v_reset", nullptr, floats(zeros, four, 1)}};
  check(nirc_graph_add_node(graph, "in", "Input", shape, 1, &error), &error);
  check(nirc_graph_add_node(graph, "fc", "Linear", weights, 1, &error), &error);
  check(nirc_graph_add_node(graph, "lif", "LIF", neurons, 5, &error), &error);
  check(nirc_graph_add_node(graph, "out", "Output", shape, 1, &error), &error);
  check(nirc_graph_add_edge(graph, "in", "fc", &error), &error);
  check(nirc_graph_add_edge(graph, "fc", "lif", &error), &error);
  check(nirc_graph_add_edge(graph, "lif", "out", &error), &error);
  nirc_read_options seconds = NIRC_OPTIONS(nirc_read_options);
  seconds.time_unit = "s";
  nirc_model *model = nullptr;
  check(nirc_model_from_graph(graph, "four", &seconds, &model, &error), &error);
  nirc_plan_options options = NIRC_OPTIONS(nirc_plan_options);
  options.dt = "1ms";
  nirc_plan *plan = nullptr;
  check(nirc_plan_make(model, &options, &plan, &error), &error);
  nirc_program *program = nullptr;
  check(nirc_program_compile(plan, nullptr, &program, &error), &error);
  nirc_plan_free(plan);
  nirc_model_free(model);
  nirc_graph_free(graph);
  return program;
}

namespace {
/// A session, and the numbers that go in and come out.
struct Stepping {
  Stepping() {
    nirc_program *program = compiled();
    check(nirc_session_create(program, 1, &session, &error), &error);
    nirc_program_free(program);
  }
  ~Stepping() { nirc_session_free(session); }
  Stepping(const Stepping &) = delete;
  Stepping &operator=(const Stepping &) = delete;

  template <typename Number>
  void next(Number *input) {
    ++step;
    for (int64_t i = 0; i < size; ++i) {
      input[i] = static_cast<Number>((step + i) % 3 == 0);
    }
  }

  nirc_session *session = nullptr;
  nirc_error *error = nullptr;
  int64_t step = 0;
};
} // namespace

static void floats(benchmark::State &state) {
  Stepping one;
  float input[size], output[size];
  for (auto _ : state) {
    one.next(input);
    check(nirc_session_set_input_f32(one.session, 0, 0, input, size, &one.error), &one.error);
    check(nirc_session_step(one.session, 1, &one.error), &one.error);
    check(nirc_session_read_output_f32(one.session, 0, 0, output, size, &one.error), &one.error);
    benchmark::DoNotOptimize(output);
  }
}
BENCHMARK(floats);

static void doubles(benchmark::State &state) {
  Stepping one;
  double input[size], output[size];
  for (auto _ : state) {
    one.next(input);
    check(nirc_session_set_input_f64(one.session, 0, 0, input, size, &one.error), &one.error);
    check(nirc_session_step(one.session, 1, &one.error), &one.error);
    check(nirc_session_read_output_f64(one.session, 0, 0, output, size, &one.error), &one.error);
    benchmark::DoNotOptimize(output);
  }
}
BENCHMARK(doubles);

static void events(benchmark::State &state) {
  Stepping one;
  int64_t spikes[size];
  size_t count = 0;
  for (auto _ : state) {
    int64_t input[] = {one.step++ % size};
    check(nirc_session_set_input_events(one.session, 0, 0, input, 1, &one.error), &one.error);
    check(nirc_session_step(one.session, 1, &one.error), &one.error);
    check(nirc_session_read_output_events(one.session, 0, 0, spikes, size, &count, &one.error),
          &one.error);
    benchmark::DoNotOptimize(count);
  }
}
BENCHMARK(events);

static void bound(benchmark::State &state) {
  Stepping one;
  float input[size];
  uint8_t output[size];
  check(nirc_session_bind_input(one.session, 0, NIRC_FLOAT32, input, size, &one.error), &one.error);
  check(nirc_session_bind_output(one.session, 0, NIRC_UINT8, output, size, &one.error), &one.error);
  for (auto _ : state) {
    one.next(input);
    check(nirc_session_step(one.session, 1, &one.error), &one.error);
    benchmark::DoNotOptimize(output);
  }
}
BENCHMARK(bound);

/// A step in a call of many: what the network itself takes.
static void stepsOfOneCall(benchmark::State &state) {
  constexpr int64_t many = 1000;
  Stepping one;
  float input[size];
  one.next(input);
  check(nirc_session_set_input_f32(one.session, 0, 0, input, size, &one.error), &one.error);
  for (auto _ : state) {
    check(nirc_session_step(one.session, many, &one.error), &one.error);
  }
  state.SetItemsProcessed(state.iterations() * many);
}
BENCHMARK(stepsOfOneCall);

BENCHMARK_MAIN();
