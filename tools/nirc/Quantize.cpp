//===- Quantize.cpp - `nirc quantize` -------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/IntegerNetwork.h"
#include "api/io/Units.h"
#include "tools/nirc/FigureOptions.h"
#include "tools/nirc/Options.h"
#include "tools/nirc/Outputs.h"
#include "tools/nirc/QuantizationView.h"
#include "tools/nirc/ReportFigures.h"

#include <fmt/format.h>
#include <memory>

namespace nirc {

namespace {
struct QuantizeCommand : ExecutionOptions {
  std::string out;
  FigureOptions figures;
  bool json = false;
};
} // namespace

static void printReport(const QuantizeCommand &command, const Network &network,
                        const Choices &choices, const std::vector<nir::Diagnostic> &advice,
                        const QuantizationReport &report, const QuantizationMeasure *measure) {
  if (command.json) {
    Json json = {{"nirc", NIRC_VERSION},
                 {"model", network.file.path},
                 {"model_sha256", network.file.sha256()},
                 {"dt", choices.semantics.dtSeconds},
                 {"semantics", choices.semantics.text()},
                 {"advice", diagnosticsJson(advice)}};
    json.update(quantizationJson(report, measure));
    json["file"] = command.out.empty() ? Json() : Json(command.out);
    fmt::print("{}", dump(json));
    return;
  }
  fmt::print("{}: steps of {}, semantics {}, in {}\n{}\n{}", command.model,
             secondsText(choices.semantics.dtSeconds), choices.semantics.text(),
             report.format.text(), rangesText(network, choices), quantizationText(report, measure));
  if (!command.out.empty()) {
    fmt::print("\nwritten to {}\n", command.out);
  }
  for (const std::string &path : command.figures.figures) {
    fmt::print("\nranges drawn to {}\n", path);
  }
}

static nir::Status writeFigures(const QuantizeCommand &command, const Choices &choices,
                                const QuantizationReport &report) {
  if (command.figures.figures.empty()) {
    return std::nullopt;
  }
  RangesPicture picture = rangesOf(
      report, fmt::format("{}: steps of {}, semantics {}, in {}.", modelName(command.model),
                          secondsText(choices.semantics.dtSeconds), choices.semantics.text(),
                          report.format.text()));
  Drawing drawing = rangesFigure(picture, command.figures.style);
  for (const std::string &path : command.figures.figures) {
    if (nir::Status failed = writeFigure(path, drawing)) {
      return failed;
    }
  }
  return std::nullopt;
}

static Exit quantize(const QuantizeCommand &command) {
  nir::Result<MlirForm> form = IntegerNetwork::formOf(command.out);
  if (!form) {
    return fail(Exit::Usage, form.error());
  }
  Network network;
  if (Exit exit = loadNetwork(command, network); exit != Exit::Done) {
    return exit;
  }
  nir::Result<Choices> choices = prepare(command, network);
  if (!choices) {
    return fail(Exit::Usage, choices.error());
  }
  if (nir::Status failed = checkOutput(command.out, filesRead(network))) {
    return fail(*failed);
  }
  if (auto figures = figureRequests(command.figures, {}, filesRead(network)); !figures) {
    return fail(figures.error());
  }
  std::vector<nir::Diagnostic> advice;
  if (Exit exit = advise(command, network, *choices, advice); exit != Exit::Done) {
    return exit;
  }
  if (!choices->quantization) {
    return fail(Exit::Usage,
                nir::Error(nir::Cause::BadOption, "--format none is not a number format")
                    .note("`nirc formats` lists those that there are"));
  }
  if (nir::Status failed = calibrate(command, network, nullptr, *choices, advice)) {
    return fail(*failed);
  }
  nir::Result<IntegerNetwork> integers = IntegerNetwork::build(network, *choices);
  if (!integers) {
    return fail(Exit::Input, integers.error());
  }
  std::optional<QuantizationMeasure> measure;
  const Calibration *calibration = choices->quantization->calibration.get();
  if (calibration && !calibration->inputsOnly && !command.quiet) {
    Progress progress("step", command.quiet);
    Manner manner = command.manner();
    manner.progress = [&](int64_t done, int64_t total) { progress.update(done, total); };
    nir::Result<QuantizationMeasure> measured = measureQuantization(network, *choices, manner);
    if (!measured) {
      return fail(Exit::Input, measured.error());
    }
    measure = *std::move(measured);
    say(command, silencedNodes(*measure, command.model, choices->quantization->format.text()),
        advice);
  }
  if (!command.out.empty()) {
    if (nir::Status failed = integers->write(command.out, *form)) {
      return fail(Exit::Input, *failed);
    }
  }
  if (nir::Status failed = writeFigures(command, *choices, integers->report())) {
    return fail(*failed);
  }
  if (!command.quiet) {
    print(network, integers->notices(), command, advice);
    printReport(command, network, *choices, advice, integers->report(),
                measure ? &*measure : nullptr);
  }
  return Exit::Done;
}

void addQuantize(CLI::App &app, Exit &exit) {
  CLI::App *command = app.add_subcommand(
      "quantize", "Turn a model into a network of integers, and report what that costs");
  auto options = std::make_shared<QuantizeCommand>();
  options->choices.format = "int8";
  command->add_option("model", options->model, "A .nir, .mlir or .mlirbc file")->required();
  addNetworkOptions(*command, *options);
  addSourceOptions(*command, *options);
  addLayout(*command, *options);
  command->get_option("--format")->capture_default_str();
  CLI::Option *calibration = command->get_option("--calibrate");
  calibration->remove_needs(command->get_option("--format"));
  for (const char *ofCalibration : {"--bin", "--one-per-step", "--frames", "--polarity", "--sensor",
                                    "--crop", "--time-zero", "--steps", "--seed"}) {
    command->get_option(ofCalibration)->needs(calibration);
  }
  command->add_flag("--balance-latency", options->choices.balanceLatency,
                    "With --schedule pipelined: delay what comes early, so that each output is "
                    "that of --schedule sequential, some steps later");
  command->add_option("-o,--out", options->out,
                      "Where to write the network: x.mlirbc or x.mlir, which `nirc run` takes");
  addFigureOptions(*command, options->figures,
                   "Draw the ranges as x.svg or x.pdf; several times for several figures");
  command->add_flag("--json", options->json, "Print the report in JSON on standard output");
  command->add_flag("-q,--quiet", options->quiet, "Print errors only, and measure nothing");
  command->footer(
      "With --calibrate the network is also run on it, in float64 and in integers.\n\n"
      "Examples:\n"
      "  nirc quantize model.nir --dt 1ms\n"
      "  nirc quantize model.nir --dt 1ms --format int8,weight-bits=6 --calibrate x.npy "
      "-o model.mlirbc\n"
      "  nirc quantize model.nir --dt 1ms --format int8 --figure ranges.svg\n"
      "  nirc quantize cnn.nir --format int4 --calibrate digits/ --bin 1ms --json");
  command->callback([options, &exit] { exit = quantize(*options); });
}

} // namespace nirc
