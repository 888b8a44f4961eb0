//===- WriteReport.cpp - `nirc report` ------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/RunReport.h"
#include "api/Silence.h"
#include "api/io/Files.h"
#include "api/io/Totals.h"
#include "api/io/Units.h"
#include "ir/Wording.h"
#include "ir/graph/Schedule.h"
#include "tools/nirc/Outputs.h"
#include "tools/nirc/ReportParts.h"
#include "tools/report/Page.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>

namespace nirc {

//===----------------------------------------------------------------------===//
// The runs
//===----------------------------------------------------------------------===//

/// Values of states that one node may take for a run, in memory: 256 MiB of float32.
static constexpr int64_t mostValues = int64_t(1) << 26;

static void addProbe(std::vector<nir::Probe> &probes, const nir::Probe &probe) {
  bool isThere = std::any_of(probes.begin(), probes.end(), [&](const nir::Probe &other) {
    return other.node == probe.node && other.observable == probe.observable;
  });
  if (!isThere) {
    probes.push_back(probe);
  }
}

/// The spikes of every node, v of every neuron where that fits into memory, and what --record asks.
static std::vector<nir::Probe> probesOf(const Network &network, const Choices &choices,
                                        int64_t steps) {
  std::vector<nir::Probe> probes = orderedSpikes(network, choices.semantics.dtSeconds);
  forEachNode(network.graph, network.checked.shapes,
              [&](const std::string &path, const nir::Node &node, const nir::NodeShapes &shapes) {
                int64_t size = nir::numElements(shapes.output);
                bool fits = steps <= 0 || size <= mostValues / steps;
                if (nir::isNeuron(node) && fits) {
                  addProbe(probes, {path, "v"});
                }
              });
  for (const nir::Probe &asked : choices.probes) {
    addProbe(probes, asked);
  }
  return probes;
}

/// "nir", "norse in int8".
static std::string labelOf(const Choices &choices) {
  return choices.quantization ? fmt::format("{} in {}", choices.semantics.text(),
                                            choices.quantization->format.text())
                              : choices.semantics.text();
}

/// Understands the command line against the graph: one run, or two.
static nir::Status chooseRuns(const ReportCommand &command, Reported &report) {
  Network &network = report.network;
  if (nir::Status failed = assignSources(command, network)) {
    return failed;
  }
  nir::Result<Choices> base = choose(command, network);
  if (!base) {
    return base.takeError();
  }
  report.runs.push_back({labelOf(*base), *base, {}, {}});
  if (!command.other.empty()) {
    ReportCommand other = command;
    if (nir::Status failed = applyChoices(command.other, other.choices)) {
      return std::move(*failed).in("--compare " + command.other).as(nir::ErrorKind::Usage);
    }
    nir::Result<Choices> choices = choose(other, network);
    if (!choices) {
      return choices.takeError().in("--compare " + command.other);
    }
    report.runs.push_back({command.other, *std::move(choices), {}, {}});
  }
  double dt = report.runs.front().choices.semantics.dtSeconds;
  if (nir::Status failed = convertTimes(command, dt, network)) {
    return failed;
  }
  if (nir::Status failed = checkOutput(command.out, filesRead(network))) {
    return failed;
  }
  return checkGenerated(network.sources, inputOptions(command, network, dt));
}

/// Reads the inputs, of which one sample is reported.
static nir::Status readInputs(const ReportCommand &command, Reported &report) {
  double dt = report.runs.front().choices.semantics.dtSeconds;
  nir::Result<Inputs> inputs =
      loadInputs(report.network.sources, inputOptions(command, report.network, dt));
  if (!inputs) {
    return inputs.takeError();
  }
  if (command.sample >= inputs->batch) {
    std::string last = inputs->batch > 1 ? fmt::format(" to {}", inputs->batch - 1) : "";
    return nir::Error::usage(nir::Cause::BadOption,
                             fmt::format("found --sample {}, expected 0{}: the input has {}",
                                         command.sample, last,
                                         nir::counted(inputs->batch, "sample")));
  }
  sayRemarks(command, inputs->remarks, report.advice);
  auto at = static_cast<size_t>(command.sample);
  report.sampleName = at < inputs->samples.size() ? inputs->samples[at]
                      : inputs->batch > 1         ? fmt::format("{}", command.sample)
                                                  : "";
  report.inputs = slice(*inputs, command.sample, inputs->steps);
  report.extent = fmt::format("{} of {}", nir::counted(inputs->steps, "step"), secondsText(dt));
  if (at < inputs->labels.size()) {
    report.inputs.labels = {inputs->labels[at]};
  }
  return std::nullopt;
}

static nir::Status execute(const ReportCommand &command, Reported &report) {
  for (ReportedRun &run : report.runs) {
    Choices &choices = run.choices;
    nir::Status failed = calibrate(command, report.network, &report.inputs, choices, report.advice);
    if (failed) {
      return failed;
    }
    choices.probes = probesOf(report.network, choices, report.inputs.steps);
    nir::Result<Executed> executed =
        execute(report.network, choices, report.inputs, command.manner(), command.quiet);
    if (!executed) {
      return executed.takeError();
    }
    print(report.network, executed->notices, command, report.advice);
    run.recording = std::move(executed->recording);
    run.provenance = provenanceOf(command, report.network, choices, report.inputs,
                                  executed->notices, report.network.file.sha256());
  }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// The command
//===----------------------------------------------------------------------===//

static Exit report(const ReportCommand &command) {
  if (!command.out.ends_with(".html")) {
    return fail(nir::Error::usage(nir::Cause::FileEnding,
                                  "found a report by this name, expected one that ends in .html")
                    .in(command.out));
  }
  if (nir::Status missing = checkPage()) {
    return fail(*missing);
  }
  Reported report;
  if (Exit exit = loadNetwork(command, report.network); exit != Exit::Done) {
    return exit;
  }
  if (nir::Status failed = chooseRuns(command, report)) {
    return fail(Exit::Usage, *failed);
  }
  for (const ReportedRun &run : report.runs) {
    if (Exit exit = advise(command, report.network, run.choices, report.advice);
        exit != Exit::Done) {
      return exit;
    }
  }
  for (auto step : {readInputs, execute}) {
    if (nir::Status failed = step(command, report)) {
      return fail(*failed);
    }
  }
  const ReportedRun &base = report.runs.front();
  if (isSilent(report.network, base.recording)) {
    say(command, silenceHint(report.network, base.choices, report.inputs, command.manner()),
        report.advice);
  }
  nir::Result<Json> json = reportJson(command, report);
  if (!json) {
    return fail(json.error());
  }
  nir::Result<std::string> page = reportPage(*json, report.network.file.path);
  if (!page) {
    return fail(page.error());
  }
  if (nir::Status failed = writeFile(command.out, *page)) {
    return fail(Exit::Input, *failed);
  }
  if (!command.quiet) {
    fmt::print("{}: {}, {}\nwritten to {}, {} KiB: open it in a browser\n", command.model,
               report.extent, (*json)["runs"][0]["text"].get<std::string>(), command.out,
               (page->size() + 1023) / 1024);
  }
  return Exit::Done;
}

void addReport(CLI::App &app, Exit &exit) {
  CLI::App *command =
      app.add_subcommand("report", "Write a run of a model as one page for browsers");
  auto options = std::make_shared<ReportCommand>();
  command->add_option("model", options->model, "A .nir, .mlir or .mlirbc file with a graph")
      ->required();
  addExecutionOptions(*command, *options);
  addLayout(*command, *options);
  command->add_option("--compare", options->other,
                      "Show a second run beside it, with the first difference marked: a preset, or "
                      "what is other in it, as in reset=subtract,target=reference");
  command->add_option("--sample", options->sample, "Which sample of the input to show, from 0")
      ->check(CLI::Range(int64_t(0), int64_t(1) << 32))
      ->capture_default_str();
  command
      ->add_option("--traces", options->traces,
                   "Of how many neurons of each node to keep voltages: those with most spikes")
      ->check(CLI::Range(0, 10000))
      ->capture_default_str();
  command->add_flag("--no-network", options->withoutNetwork,
                    "Leave out the compiled network that the page runs");
  command->add_option("-o,--out", options->out, "Where to write the report: x.html")->required();
  command->add_flag("-q,--quiet", options->quiet, "Print errors only");
  command->footer("The page is one file that needs no network.\n\n"
                  "Examples:\n"
                  "  nirc report model.nir --input x.npy --dt 1ms -o report.html\n"
                  "  nirc report model.nir --input poisson:50Hz --steps 1000 --dt 1ms "
                  "--compare norse -o report.html\n"
                  "  nirc report cnn.nir --input digits/ --bin 1ms --sample 2 --format int8 "
                  "-o report.html\n"
                  "  nirc report cnn.nir --input 5.bin --bin 1ms --one-per-step --target loihi2 "
                  "--semantics loihi2 --format loihi2 -o report.html");
  command->callback([options, &exit] { exit = report(*options); });
}

} // namespace nirc
