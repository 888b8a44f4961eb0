//===- Interpreter.h - a graph, step by step, in float64 --------*- C++ -*-===//
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
#include "ir/Graph.h"
#include "ir/Recording.h"
#include "ir/Semantics.h"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nir {

/// Executes a graph. Not thread safe; one object a thread.
class Interpreter {
public:
  /// Refuses a graph that `check` (ir/Check.h) refuses, and one that the semantics cannot be
  /// applied to. The graph is not kept.
  static Result<Interpreter> create(const Graph &graph, const Semantics &semantics);
  Interpreter(Interpreter &&) noexcept;
  Interpreter &operator=(Interpreter &&) noexcept;
  ~Interpreter();

  /// Back to the silent state before step 0.
  void reset();
  /// The value of the Input node at `path` from the next step on; row-major, as many as the node's
  /// shape has.
  Status setInput(std::string_view path, std::span<const double> value);
  void step();

  /// After a step: what the node at `path` passes on, or a state ("v", "i"). Passed on is "spikes"
  /// by IF, LIF and CubaLIF; "value" by any other node, which is "spikes" as well for a Threshold
  /// and for what only spikes reach (ir/SignalKinds.h). A path is read as the names in edges are
  /// (ir/FlatGraph.h). Valid until the next step. The error lists what can be observed.
  Result<std::span<const double>> observe(std::string_view path, std::string_view observable) const;

  struct Network; ///< ir/InterpreterNetwork.h

private:
  friend Result<Recording> interpret(const Graph &, const Semantics &, const Recording &,
                                     const struct InterpretOptions &);
  explicit Interpreter(std::unique_ptr<Network> network);
  std::unique_ptr<Network> network;
};

struct InterpretOptions {
  std::vector<Probe> probes;
  int64_t steps = 0; ///< 0: as many as the input has; past the input's end the inputs are 0
  std::function<void(int64_t done, int64_t total)> progress = {};
};

/// Runs every sample of `input` (a trace "value" [batch, T, shape...] for each Input node) from the
/// silent state. The result has a trace for each Output node of the outermost graph, in the file's
/// order, then one for each probe: "spikes" for an Output that only spikes reach (through Flatten,
/// Delay and subgraph ports too), uint8, or int32 where several edges add up; else "value",
/// float64.
Result<Recording> interpret(const Graph &graph, const Semantics &semantics, const Recording &input,
                            const InterpretOptions &options = {});

} // namespace nir
