//===- Check.cpp - `nirc check` -------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/Check.h"
#include "tools/nirc/Command.h"
#include "tools/nirc/Report.h"

#include <fmt/format.h>
#include <memory>

namespace nirc {

namespace {
struct CheckOptions {
  std::string model;
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
  nir::Result<ModelFile> file = loadModel(options.model, options.limits);
  if (!file) {
    return unreadable(options, file.error());
  }
  nir::Checked checked = nir::check(file->model.graph, options.model);
  Exit exit = checked.ok() ? Exit::Done : Exit::Input;
  std::optional<Totals> totals;
  if (checked.ok()) {
    totals = totalsOf(file->model.graph, checked);
  }
  if (options.json) {
    Json report = fileJson(*file);
    report["ok"] = checked.ok();
    report["diagnostics"] = diagnosticsJson(checked.diagnostics);
    report["totals"] = totals ? totalsJson(*totals) : Json();
    fmt::print("{}", dump(report));
    return exit;
  }
  print(checked.diagnostics);
  if (totals) {
    fmt::print("{}: ok, {} nodes, {} edges, {} neurons\n", options.model, totals->nodes,
               totals->edges, totals->neurons);
  }
  return exit;
}

void addCheck(CLI::App &app, Exit &exit) {
  CLI::App *command = app.add_subcommand("check", "Say what is wrong with a model");
  auto options = std::make_shared<CheckOptions>();
  command->add_option("model", options->model, "A .nir, .mlir or .mlirbc file")->required();
  command->add_flag("--json", options->json, "Print a report in JSON on standard output");
  addLimits(*command, options->limits);
  command->footer("Errors and warnings go to standard error. The exit code is 1 where there is an "
                  "error.\n\nExamples:\n"
                  "  nirc check model.nir\n"
                  "  nirc check model.nir --json | jq '.diagnostics[].message'");
  command->callback([options, &exit] { exit = check(*options); });
}

} // namespace nirc
