//===- Support.h - handles that free themselves -----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <gtest/gtest.h>
#include <memory>
#include <nirc.h>
#include <string>
#include <vector>

namespace nirc::test {

template <auto release>
struct Free {
  template <typename Handle>
  void operator()(Handle *handle) const {
    release(handle);
  }
};
template <typename Handle, auto release>
using Owned = std::unique_ptr<Handle, Free<release>>;

using Graph = Owned<nirc_graph, nirc_graph_free>;
using Model = Owned<nirc_model, nirc_model_free>;
using Plan = Owned<nirc_plan, nirc_plan_free>;
using Artifact = Owned<nirc_artifact, nirc_artifact_free>;
using Program = Owned<nirc_program, nirc_program_free>;
using Recording = Owned<nirc_recording, nirc_recording_free>;
using Session = Owned<nirc_session, nirc_session_free>;
using Snapshot = Owned<nirc_snapshot, nirc_snapshot_free>;

/// The last argument of a call that has to go well: `call(..., Well())`.
class Well {
public:
  Well() = default;
  Well(const Well &) = delete;
  Well &operator=(const Well &) = delete;
  ~Well() {
    EXPECT_EQ(error, nullptr) << nirc_error_text(error);
    nirc_error_free(error);
  }
  operator nirc_error **() { return &error; }

private:
  nirc_error *error = nullptr;
};

/// The error of a call that has to fail: `Failed failed; call(..., failed);`
class Failed {
public:
  Failed() = default;
  Failed(const Failed &) = delete;
  Failed &operator=(const Failed &) = delete;
  ~Failed() { nirc_error_free(error); }
  operator nirc_error **() {
    nirc_error_free(error);
    error = nullptr;
    return &error;
  }

  bool has() const { return error != nullptr; }
  nirc_status status() const { return nirc_error_status(error); }
  const nirc_diagnostic &what() const { return *nirc_error_diagnostic(error); }
  std::string code() const { return what().code; }
  std::string message() const { return what().message; }
  std::string text() const { return nirc_error_text(error); }

private:
  nirc_error *error = nullptr;
};

/// A handle that a call gives: `make(&handle)`.
template <typename Handle, typename Make>
Handle owned(Make make) {
  typename Handle::pointer handle = nullptr;
  make(&handle);
  return Handle(handle);
}

/// Float64 numbers as an array.
struct Numbers {
  std::vector<double> values;
  std::vector<int64_t> shape;

  operator nirc_array() const {
    return {values.data(), shape.data(), static_cast<int32_t>(shape.size()), NIRC_FLOAT64};
  }
};

inline nirc_parameter parameter(const char *name, const Numbers &numbers) {
  return {name, nullptr, numbers};
}

/// "in" -> "fc" -> "lif" -> "out": two inputs, three neurons.
inline Graph smallGraph() {
  Graph graph = owned<Graph>([](nirc_graph **out) { nirc_graph_create(out, Well()); });
  const int64_t rank[] = {1}, two[] = {2}, three[] = {3};
  nirc_parameter inShape{"shape", nullptr, {two, rank, 1, NIRC_INT64}};
  nirc_parameter outShape{"shape", nullptr, {three, rank, 1, NIRC_INT64}};
  Numbers weight{{9.0, 0.0, 0.0, 9.0, 6.0, 6.0}, {3, 2}};
  Numbers tau{{0.01, 0.02, 0.01}, {3}}, ones{{1.0, 1.0, 1.0}, {3}}, zeros{{0.0, 0.0, 0.0}, {3}};
  nirc_parameter weights[] = {parameter("weight", weight)};
  nirc_parameter lif[] = {parameter("tau", tau), parameter("r", ones), parameter("v_leak", zeros),
                          parameter("v_threshold", ones), parameter("v_reset", zeros)};
  nirc_graph_add_node(graph.get(), "in", "Input", &inShape, 1, Well());
  nirc_graph_add_node(graph.get(), "fc", "Linear", weights, 1, Well());
  nirc_graph_add_node(graph.get(), "lif", "LIF", lif, 5, Well());
  nirc_graph_add_node(graph.get(), "out", "Output", &outShape, 1, Well());
  nirc_graph_add_edge(graph.get(), "in", "fc", Well());
  nirc_graph_add_edge(graph.get(), "fc", "lif", Well());
  nirc_graph_add_edge(graph.get(), "lif", "out", Well());
  return graph;
}

inline Model smallModel() {
  Graph graph = smallGraph();
  nirc_read_options options = NIRC_OPTIONS(nirc_read_options);
  options.time_unit = "s";
  return owned<Model>([&](nirc_model **out) {
    nirc_model_from_graph(graph.get(), "small", &options, out, Well());
  });
}

inline Plan planOf(const Model &model, const char *target = nullptr, const char *format = nullptr,
                   const char *semantics = nullptr) {
  nirc_plan_options options = NIRC_OPTIONS(nirc_plan_options);
  options.dt = "1ms";
  options.target = target;
  options.format = format;
  options.semantics = semantics;
  return owned<Plan>([&](nirc_plan **out) { nirc_plan_make(model.get(), &options, out, Well()); });
}

inline Program programOf(const Plan &plan) {
  return owned<Program>(
      [&](nirc_program **out) { nirc_program_compile(plan.get(), nullptr, out, Well()); });
}

inline Program smallProgram(const char *target = nullptr) {
  return programOf(planOf(smallModel(), target));
}

inline Session sessionOf(const Program &program, int64_t batch = 1) {
  return owned<Session>(
      [&](nirc_session **out) { nirc_session_create(program.get(), batch, out, Well()); });
}

/// Spikes of two inputs, [batch, steps, 2], that drive the small network now and then.
inline std::vector<float> smallInput(int64_t batch, int64_t steps) {
  std::vector<float> values(static_cast<size_t>(batch * steps * 2));
  uint32_t state = 1;
  for (float &value : values) {
    state = state * 1664525U + 1013904223U;
    value = (state >> 24) % 3 == 0 ? 1.0F : 0.0F;
  }
  return values;
}

} // namespace nirc::test
