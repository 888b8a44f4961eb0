//===- Check.cpp - `nirc check` -------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/FileCheck.h"
#include "api/io/Totals.h"
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

static Exit check(const CheckOptions &options) {
  nir::Result<ModelFile> file =
      loadModel(options.model, options.limits, Clocked::Refused, options.reading.shapes);
  if (!file) {
    return file.error().kind == nir::ErrorKind::Usage ? fail(file.error())
                                                      : unreadable(options, file.error());
  }
  nir::Result<FileCheck> found = checkFile(*file, options.choices, options.reading);
  if (!found) {
    return found.error().kind == nir::ErrorKind::Usage ? fail(Exit::Usage, found.error())
                                                       : unreadable(options, found.error());
  }
  auto &[reading, checked, isGraph] = *found;
  Exit exit = checked.ok() ? Exit::Done : Exit::Input;
  std::optional<Totals> totals;
  if (isGraph) {
    totals = totalsOf(file->model.graph, checked);
  }
  if (options.json) {
    Json report = fileJson(*file);
    report["ok"] = checked.ok();
    report["diagnostics"] = diagnosticsJson(checked.diagnostics);
    report["origin"] = originJson(reading);
    report["time"] = timeJson(reading);
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
  for (const nir::Diagnostic &note : readingNotes(reading, options.model)) {
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
