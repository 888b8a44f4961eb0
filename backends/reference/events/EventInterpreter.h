//===- EventInterpreter.h - a graph, event by event -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The exact solution, which the error of every clocked semantics is measured against: between
// events the neurons follow their closed form (backends/reference/events/Trajectory.h), and a spike
// has the time at which v crosses its threshold. The meaning is that of docs/semantics.md, "Exact".
// dt is how long an input and a spike are held, and the grid of what is recorded; it is not a step
// of the solution.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/reference/steps/Interpreter.h"

#include <memory>

namespace nir {

struct EventNetwork;

/// Executes a graph. Not thread safe; one object a thread.
class EventInterpreter {
public:
  /// Of `semantics` it takes dt and the resets. Refuses a graph that `check` refuses, and one that
  /// the exact semantics has no meaning for: with a Threshold, or where the v of an I, LI or CubaLI
  /// drives a neuron or a Delay. The graph is not kept.
  static Result<EventInterpreter> create(const Graph &graph, const Semantics &semantics);
  EventInterpreter(EventInterpreter &&) noexcept;
  EventInterpreter &operator=(EventInterpreter &&) noexcept;
  ~EventInterpreter();

  /// As `interpret` does, with these differences: a trace "spikes" is int32, as a step can hold
  /// more than one spike of a neuron, and `times` has the time of each. States and values are those
  /// at the end of the step. Refuses a run in which a neuron spikes more than 1,000 times in a
  /// step.
  Result<Recording> run(const Recording &input, const InterpretOptions &options = {});

private:
  EventInterpreter(std::unique_ptr<EventNetwork> network, Semantics semantics);
  std::unique_ptr<EventNetwork> network;
  Semantics semantics;
};

/// `create` and `run`.
Result<Recording> interpretEvents(const Graph &graph, const Semantics &semantics,
                                  const Recording &input, const InterpretOptions &options = {});

} // namespace nir
