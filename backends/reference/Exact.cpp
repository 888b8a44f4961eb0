//===- Exact.cpp - the exact solution as an executable --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/reference/Exact.h"

#include "backends/reference/Describe.h"
#include "backends/reference/events/EventInterpreter.h"
#include "backends/run/Recordable.h"
#include "ir/choices/Presets.h"

#include <fmt/format.h>

namespace nirc::reference {

namespace {
class Solved : public Executable {
public:
  Solved(nir::EventInterpreter interpreter, const Job &job, ProgramInfo info)
      : interpreter(std::move(interpreter)), file(job.file), description(std::move(info)) {}

  const ProgramInfo &info() const override { return description; }
  nir::Result<std::unique_ptr<Stepper>> start(int64_t) const override {
    return nir::Error::usage(nir::Cause::UnsupportedByTarget,
                             "schedule=events has no steps: it solves the equations from spike to "
                             "spike")
        .note("any other semantics can be stepped; `nirc semantics` lists them");
  }
  nir::Result<nir::Recording> run(const nir::Recording &input, const RunOptions &options) override {
    nir::Result<std::vector<nir::Probe>> probes = chosenProbes(description, options);
    if (!probes) {
      return probes.takeError();
    }
    nir::Result<nir::Recording> recording = interpreter.run(input, {.probes = *probes,
                                                                    .steps = options.steps,
                                                                    .progress = options.progress,
                                                                    .stop = options.stop});
    if (!recording) {
      return recording.takeError().in(file);
    }
    return recording;
  }

private:
  nir::EventInterpreter interpreter;
  std::string file;
  ProgramInfo description;
};
} // namespace

/// The solution of the equations leaves no choice but the reset.
static nir::Status checkExact(nir::Semantics semantics) {
  nir::Semantics exact = *nir::presetSemantics("exact");
  exact.dtSeconds = semantics.dtSeconds;
  for (nir::Family family : nir::families) {
    exact[family].reset = semantics[family].reset;
  }
  semantics.preset = exact.preset;
  if (semantics == exact) {
    return {};
  }
  return nir::Error(
             nir::Cause::UnsupportedByTarget,
             fmt::format("found the choices {}, expected none but reset beside schedule=events, "
                         "which solves NIR's own equations",
                         semantics.text()))
      .note("--semantics exact");
}

nir::Result<std::unique_ptr<Executable>> compileExact(const Job &job) {
  if (job.dtype != nir::DType::F64) {
    return nir::Error(nir::Cause::UnsupportedByTarget,
                      fmt::format("found dtype {}, expected float64: schedule=events finds the "
                                  "times of spikes to its last bits, and has no other",
                                  nir::name(job.dtype)))
        .in(job.file)
        .note("--dtype f64");
  }
  if (nir::Status bad = checkExact(job.semantics)) {
    return std::move(*bad).in(job.file);
  }
  nir::Result<nir::EventInterpreter> interpreter =
      nir::EventInterpreter::create(*job.graph, job.semantics);
  if (!interpreter) {
    return interpreter.takeError().in(job.file);
  }
  nir::Result<ProgramInfo> info = reference::describe(job);
  if (!info) {
    return info.takeError();
  }
  return std::unique_ptr<Executable>(
      std::make_unique<Solved>(std::move(*interpreter), job, *std::move(info)));
}

} // namespace nirc::reference
