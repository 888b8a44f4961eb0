//===- Interpreter.h - a graph, step by step --------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The oracle: written to be read, straight from docs/semantics.md, and independent of every pass.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"
#include "ir/choices/Semantics.h"
#include "ir/graph/Graph.h"
#include "ir/recording/Recording.h"

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace nir {

/// Executes a graph in steps, with every signal, state and coefficient a Number: float or double.
/// What rounds where is in docs/semantics.md, "Rounding". Not thread safe; one object a thread.
template <typename Number>
class BasicInterpreter {
public:
  /// Refuses a graph that `check` (ir/graph/Check.h) refuses, and one that the semantics cannot be
  /// applied to. The graph is not kept.
  static Result<BasicInterpreter> create(const Graph &graph, const Semantics &semantics);
  BasicInterpreter(BasicInterpreter &&) noexcept;
  BasicInterpreter &operator=(BasicInterpreter &&) noexcept;
  ~BasicInterpreter();

  /// Back to the silent state before step 0.
  void reset();
  /// The value of the Input node at `path` from the next step on, rounded to Number; row-major, as
  /// many as the node's shape has.
  Status setInput(std::string_view path, std::span<const double> value);
  void step();

  /// After a step: what the node at `path` passes on, or a state ("v", "i"). Passed on is "spikes"
  /// by IF, LIF and CubaLIF; "value" by any other node, which is "spikes" as well for a Threshold
  /// and for what only spikes reach (ir/graph/SignalKinds.h). A path is read as the names in edges
  /// are (ir/graph/FlatGraph.h). Valid until the next step. The error lists what can be observed.
  Result<std::span<const Number>> observe(std::string_view path, std::string_view observable) const;

  /// What a state of that node is before the next step, rounded to Number; as many as it has.
  Status setState(std::string_view path, std::string_view state, std::span<const double> values);
  /// All that steps change, as bytes that `restore` of the same network takes.
  std::string snapshot() const;
  /// False, and nothing changed, where these are not as many bytes.
  bool restore(std::string_view snapshot);

  struct Network; ///< backends/reference/steps/InterpreterNetwork.h
  /// For `interpret`, which records by index rather than by name.
  const Network &inside() const { return *network; }

private:
  explicit BasicInterpreter(std::unique_ptr<Network> network);
  std::unique_ptr<Network> network;
};

extern template class BasicInterpreter<float>;
extern template class BasicInterpreter<double>;
using Interpreter = BasicInterpreter<double>;

struct InterpretOptions {
  std::vector<Probe> probes = {};
  int64_t steps = 0; ///< 0: as many as the input has; past the input's end the inputs are 0
  std::function<void(int64_t done, int64_t total)> progress = {};
  std::stop_token stop = {}; ///< ends the run early, with an error
  DType dtype = DType::F64;  ///< what the run computes in: F64 or F32
};

/// Runs every sample of `input` (a trace "value" [batch, T, shape...] for each Input node) from the
/// silent state. The result has a trace for each Output node of the outermost graph, in the file's
/// order, then one for each probe: "spikes" for an Output that only spikes reach (through Flatten,
/// Delay and subgraph ports too), uint8, or int32 where several edges add up; else "value", in
/// `options.dtype`.
Result<Recording> interpret(const Graph &graph, const Semantics &semantics, const Recording &input,
                            const InterpretOptions &options = {});

} // namespace nir
