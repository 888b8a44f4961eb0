//===- Bindings.h - what is bound, and what bindings share ------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Program.h"

#include <chrono>
#include <optional>
#include <pybind11/pybind11.h>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace nirc::python {

void bindModels(pybind11::module_ &module);   ///< read, write, check, Model, Plan
void bindPrograms(pybind11::module_ &module); ///< Program
void bindSessions(pybind11::module_ &module); ///< Session
void bindAnalysis(pybind11::module_ &module); ///< compare, match
void bindTables(pybind11::module_ &module);   ///< targets, presets of semantics and of formats

/// Lets other threads of Python run, and Ctrl-C stop what is done: its progress is to be told.
class LongRun {
public:
  /// Of the thread that has the interpreter.
  LongRun() = default;
  /// Looks for signals, as only the main thread can, if the last look is 20 ms ago.
  void look();
  std::stop_token token() const { return source.get_token(); }
  /// Raises what a signal's handler raised, if one did: when the run is over and the interpreter is
  /// this thread's again.
  void rethrow() {
    if (raised) {
      throw std::move(*raised);
    }
  }

private:
  std::stop_source source;
  std::optional<pybind11::error_already_set> raised;
  std::chrono::steady_clock::time_point last = std::chrono::steady_clock::now();
};

/// Names and shapes of a step.
using Ports = std::vector<std::pair<std::string, nir::Shape>>;

/// Of a model's ports, or of a program's.
template <typename Port>
Ports portsOf(const std::vector<Port> &ports) {
  Ports out;
  for (const Port &port : ports) {
    out.emplace_back(port.node, port.shape);
  }
  return out;
}

/// Inputs of a run: an array for each Input, as api/io/Inputs.h fits it to the port.
struct GivenInputs {
  nir::Recording recording;
  bool batched = false;
  int64_t batch = 1, steps = 0;
  std::vector<pybind11::object> kept; ///< of which the recording uses the memory
};

/// `given`: a dict of arrays by node, or one array where there is one Input. `layout`: "auto",
/// "TN", "BTN" or "TBN".
GivenInputs inputsOf(pybind11::handle given, const Ports &ports, const std::string &layout);

/// (node, observable, array, latency) each, and (node, samples, neurons, seconds) of spikes with
/// times. The arrays can be written: who calls it has the recording alone, and drops it.
pybind11::tuple tracesOf(const nir::Recording &recording, bool batched);

} // namespace nirc::python
