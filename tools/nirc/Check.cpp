//===- Check.cpp - `nirc check` -------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/graph/Check.h"
#include "api/Advice.h"
#include "api/RunChoices.h"
#include "ir/Wording.h"
#include "tools/nirc/Command.h"
#include "tools/nirc/Options.h"
#include "tools/nirc/ReadingJson.h"

#include <fmt/format.h>
#include <memory>

namespace nirc {

namespace {
struct CheckOptions {
  std::string model;
  ChoiceOptions choices; ///< of these the semantics
  ReadingOptions reading;
  bool json = false;
  nir::ReadLimits limits;
};
} // namespace

/// The report of a file that could not be read: the one error.
static Exit unreadable(const CheckOptions &options, const nir::Error &error) {
  if (options.json) {
    Json report = {{"file", options.model},
                   {"version", nullptr},
                   {"ok", false},
                   {"diagnostics", diagnosticsJson({error})},
                   {"totals", nullptr}};
    fmt::print("{}", dump(report));
    return Exit::Input;
  }
  return fail(Exit::Input, error);
}

/// Adds what is to be said of the unit of time, and of running the graph in steps.
static nir::Status addAdvice(const CheckOptions &options, const ModelFile &file,
                             const FileReading &reading, nir::Checked &checked) {
  nir::Result<nir::Semantics> semantics = semanticsFor(options.choices, file.model);
  if (!semantics) {
    return semantics.takeError();
  }
  if (!checked.ok()) {
    return std::nullopt;
  }
  const nir::TimeReading &time = reading.origin.time;
  if (nir::Status undecided = nir::undecidedUnit(reading.origin)) {
    checked.diagnostics.push_back(std::move(*undecided).in(options.model));
  }
  std::optional<double> dt = reading.dtSeconds();
  nir::Result<nir::Graph> graph =
      nir::inSeconds(file.model.graph, time.unit.value_or(nir::TimeUnit::Seconds), dt);
  // What a step does to times of unknown length cannot be said.
  bool isKnown = time.unit && graph;
  Intent intent{isKnown ? dt : std::nullopt, *std::move(semantics),
                isSemanticsStated(options.choices, file.model)};
  std::vector<nir::Diagnostic> advice =
      adviceOn(options.model, isKnown ? *graph : file.model.graph, reading, intent);
  checked.diagnostics.insert(checked.diagnostics.end(), advice.begin(), advice.end());
  nir::Result<std::vector<nir::Diagnostic>> left =
      withoutAccepted(std::move(checked.diagnostics), options.choices.accept);
  if (!left) {
    return left.takeError();
  }
  checked.diagnostics = *std::move(left);
  return std::nullopt;
}

static Exit check(const CheckOptions &options) {
  nir::Result<ModelFile> file =
      loadModel(options.model, options.limits, Clocked::Refused, options.reading.shapes);
  if (!file && file.error().kind == nir::ErrorKind::Usage) {
    return fail(file.error());
  }
  if (!file) {
    return unreadable(options, file.error());
  }
  nir::Result<FileReading> reading = readReading(*file, options.reading);
  if (!reading) {
    return reading.error().kind == nir::ErrorKind::Usage ? fail(Exit::Usage, reading.error())
                                                         : unreadable(options, reading.error());
  }
  nir::Checked checked = nir::check(file->model.graph, options.model);
  bool isGraph = checked.ok();
  std::vector<nir::Diagnostic> newer = versionNotes(*file);
  checked.diagnostics.insert(checked.diagnostics.end(), newer.begin(), newer.end());
  if (options.choices.semantics.empty()) {
    std::vector<nir::Diagnostic> notes = driftNotes(*file);
    checked.diagnostics.insert(checked.diagnostics.end(), notes.begin(), notes.end());
  }
  if (nir::Status failed = addAdvice(options, *file, *reading, checked)) {
    return fail(Exit::Usage, *failed);
  }
  Exit exit = checked.ok() ? Exit::Done : Exit::Input;
  std::optional<Totals> totals;
  if (isGraph) {
    totals = totalsOf(file->model.graph, checked);
  }
  if (options.json) {
    Json report = fileJson(*file);
    report["ok"] = checked.ok();
    report["diagnostics"] = diagnosticsJson(checked.diagnostics);
    report["origin"] = originJson(*reading);
    report["time"] = timeJson(*reading);
    report["totals"] = totals ? totalsJson(*totals) : Json();
    fmt::print("{}", dump(report));
    return exit;
  }
  print(checked.diagnostics);
  fmt::print(stderr, "{}", acceptText(checked.diagnostics));
  if (checked.ok()) {
    fmt::print("{}: ok, {}, {}, {}\n", options.model, nir::counted(totals->nodes, "node"),
               nir::counted(totals->edges, "edge"), nir::counted(totals->neurons, "neuron"));
  }
  for (const nir::Diagnostic &note : readingNotes(*reading, options.model)) {
    fmt::print("{}\n", note.str());
  }
  return exit;
}

void addCheck(CLI::App &app, Exit &exit) {
  CLI::App *command = app.add_subcommand("check", "List what is wrong with a model");
  auto options = std::make_shared<CheckOptions>();
  command->add_option("model", options->model, "A .nir, .mlir or .mlirbc file")->required();
  command->add_flag("--json", options->json, "Print a report in JSON on standard output");
  command->add_option(
      "--dt", options->reading.dt,
      "Length of a step, as 1e-4 or 0.1ms: also reports what such steps make of it");
  addSemanticsOptions(*command, options->choices);
  addAccept(*command, options->choices);
  addTimeUnit(*command, options->reading);
  addShapes(*command, options->reading);
  addLimits(*command, options->limits);
  command->footer("Errors and warnings go to standard error. Who wrote the file and its unit of "
                  "time, if that can be seen, go to standard output. The exit code is 1 where "
                  "there is an "
                  "error.\n\nExamples:\n"
                  "  nirc check model.nir\n"
                  "  nirc check model.nir --dt 1e-4 --integrator exp-euler\n"
                  "  nirc check model.nir --json | jq '.diagnostics[].message'");
  command->callback([options, &exit] { exit = check(*options); });
}

} // namespace nirc
