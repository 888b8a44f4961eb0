//===- Handles.h - what the opaque types hold -------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Plan.h"
#include "api/Program.h"
#include "ir/recording/Recording.h"
#include "plugins/c/Arrays.h"
#include "plugins/c/Graph.h"
#include "plugins/c/Views.h"

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

struct nirc_model {
  explicit nirc_model(nirc::Model content);
  /// Made when it is first asked for.
  const nirc_graph &graph() const;

  nirc::Model model;
  std::string text;
  nirc::c::DiagnosticViews diagnostics;
  nirc::c::PortViews inputs, outputs;

private:
  mutable std::once_flag once;
  mutable std::unique_ptr<nirc_graph> graphView;
};

struct nirc_plan {
  explicit nirc_plan(nirc::Plan content);

  nirc::Plan plan;
  std::string text, json, target, semantics, format;
  nirc::c::DiagnosticViews advice;
};

struct nirc_program {
  nirc_program(nirc::Program content, std::string provenance);

  /// Runs take turns.
  mutable nirc::Program program;
  mutable std::mutex running;
  std::string provenance; ///< JSON, of results that are written to files
  nirc::ProgramInfo info;
  nirc::c::PortViews inputs, outputs, records, states;
  nirc_program_info view;
};

struct nirc_recording {
  nirc_recording(nir::Recording content, std::string provenance);

  nir::Recording recording;
  std::string provenance; ///< JSON
  std::deque<nirc_trace> traces;
  std::deque<std::vector<nirc_spike>> spikes; ///< one for each of the recording's times

  /// The events of a trace; made when they are first asked for.
  const std::vector<nirc_event> &events(size_t trace) const;

private:
  mutable std::mutex making;
  mutable std::vector<std::optional<std::vector<nirc_event>>> eventsOf;
};

namespace nirc::c {

/// The options, in C++. A calibration is added where `model` is given, which says its inputs.
nir::Result<PlanOptions> planOptionsOf(const nirc_plan_options *given, const Model *model);
nir::Result<ModelOptions> modelOptionsOf(const nirc_read_options *given);
nir::Result<Settings> settingsOf(const nirc_setting *settings, size_t count);

/// What drives the ports, [batch, steps, shape...] each, in the memory of the caller.
nir::Result<nir::Recording> inputsOf(const nirc_signal *signals, size_t count,
                                     const std::vector<ModelPort> &ports, double dtSeconds,
                                     Ownership ownership);

} // namespace nirc::c
