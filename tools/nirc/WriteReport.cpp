//===- WriteReport.cpp - `nirc report` ------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Advice.h"
#include "api/IntegerNetwork.h"
#include "api/Silence.h"
#include "api/io/Files.h"
#include "api/io/Totals.h"
#include "api/io/Units.h"
#include "ir/Wording.h"
#include "ir/graph/Schedule.h"
#include "ir/graph/SignalKinds.h"
#include "tools/nirc/CompareReport.h"
#include "tools/nirc/Options.h"
#include "tools/nirc/Outputs.h"
#include "tools/nirc/QuantizationView.h"
#include "tools/nirc/ReadingJson.h"
#include "tools/report/ActivityData.h"
#include "tools/report/ChoicesData.h"
#include "tools/report/GraphData.h"
#include "tools/report/Page.h"
#include "tools/text/MappingView.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>

namespace nirc {

namespace {
struct ReportCommand : ExecutionOptions {
  std::string out;
  std::string other; ///< a run to compare with, as in `nirc compare`
  int64_t sample = 0;
  int64_t traces = 16;
};

/// A run of the model, made or to be made.
struct ReportedRun {
  std::string label;
  Choices choices;
  nir::Recording recording;
  Json provenance;
};

/// What the report is of.
struct Reported {
  Network network;
  Inputs inputs; ///< one sample
  std::string extent, sampleName;
  std::vector<ReportedRun> runs; ///< one, or two that are compared
  std::vector<nir::Diagnostic> advice;
};
} // namespace

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

/// The nodes with spikes in the order in which signals go from input to output, also where each
/// takes a step of its own.
static std::vector<nir::Probe> orderedSpikes(const Network &network, double dtSeconds) {
  return spikeProbes(network.graph, nir::Semantics(dtSeconds));
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
// What the page is given
//===----------------------------------------------------------------------===//

/// What was said, each with why it matters where that is known.
static Json adviceJson(const std::vector<nir::Diagnostic> &said) {
  Json all = diagnosticsJson(said);
  for (Json &one : all) {
    const AdviceKind *kind =
        one["name"].is_string() ? findAdvice(one["name"].get<std::string>()) : nullptr;
    one["why"] = kind ? Json(kind->why) : Json();
    one["fix"] = kind ? Json(kind->fix) : Json();
  }
  return all;
}

static nir::Result<Json> graphOf(const Reported &report) {
  nir::Result<nir::LoopReport> loops =
      nir::loopsOf(report.network.graph, report.runs.front().choices.semantics);
  if (!loops) {
    return loops.takeError();
  }
  return graphJson(report.network.graph, report.network.checked, loops->feedback);
}

/// Whether v is on the scale of the file's thresholds under the semantics.
static bool hasThresholds(const nir::Semantics &semantics) {
  return std::none_of(semantics.rules.begin(), semantics.rules.end(),
                      [](const auto &rule) { return rule.gain == nir::Gain::Unit; });
}

static Json recordingsOf(const ReportCommand &command, const Reported &report,
                         const ReportedRun &run, const TraceDifference *divergent) {
  ActivityOptions options{.dtSeconds = run.choices.semantics.dtSeconds, .traces = command.traces};
  options.outputs = report.network.outputs();
  options.hasThresholds = hasThresholds(run.choices.semantics);
  if (divergent) {
    options.wanted[divergent->node].push_back(divergent->first->element);
  }
  std::vector<const nir::Trace *> traces;
  for (const nir::Trace &trace : report.inputs.recording.traces) {
    options.inputs.push_back(trace.node);
    traces.push_back(&trace);
  }
  for (const nir::Probe &probe : run.choices.probes) { // in the order of a step
    if (const nir::Trace *trace = run.recording.find(probe.node, probe.observable)) {
      traces.push_back(trace);
    }
  }
  for (const nir::Trace &trace : run.recording.traces) {
    if (std::find(traces.begin(), traces.end(), &trace) == traces.end()) {
      traces.push_back(&trace);
    }
  }
  return recordingsJson(report.network.graph, traces, options);
}

/// As `nirc compare` compares runs: spikes and what --record names, those of the outputs last, as
/// the node that had its own first difference in that step is the one to look at. Voltages are
/// recorded to be looked at: in another number format they differ from the first step on.
static nir::Recording comparedPart(const ReportCommand &command, const Reported &report,
                                   const nir::Recording &recording) {
  nir::Recording part{recording.dtSeconds, {}};
  std::vector<std::string> outputs = report.network.outputs();
  auto isOutput = [&](const nir::Trace &trace) {
    return std::find(outputs.begin(), outputs.end(), trace.node) != outputs.end();
  };
  auto isAsked = [&](const nir::Trace &trace) {
    const std::vector<std::string> &asked = command.choices.record;
    return std::any_of(asked.begin(), asked.end(),
                       [&](const std::string &one) { return one.starts_with(trace.node + ":"); });
  };
  for (bool outputsNow : {false, true}) {
    for (const nir::Trace &trace : recording.traces) {
      bool isCompared = trace.observable == "spikes" || isOutput(trace) || isAsked(trace);
      if (isCompared && isOutput(trace) == outputsNow) {
        part.traces.push_back(trace);
      }
    }
  }
  return part;
}

/// The second run compared with the first; nothing where there is one.
static nir::Result<std::optional<CompareReport>> compared(const ReportCommand &command,
                                                          const Reported &report) {
  if (report.runs.size() < 2) {
    return std::optional<CompareReport>();
  }
  CompareReport comparison;
  comparison.dtSeconds = report.runs.front().choices.semantics.dtSeconds;
  for (const ReportedRun &run : report.runs) {
    comparison.runs.push_back(
        reportOf(run.label, run.provenance, run.recording, report.network.outputs()));
  }
  const nir::Recording &base = report.runs[0].recording, &other = report.runs[1].recording;
  nir::Result<Difference> difference =
      differenceOf(comparedPart(command, report, base), other, comparison.options);
  if (!difference) {
    return difference.takeError();
  }
  ComparisonReport one{1, *std::move(difference), {}};
  if (const TraceDifference *trace = one.difference.first()) {
    one.states = statesAt(*trace, trace->first->sample, base, other);
  }
  comparison.comparisons.push_back(std::move(one));
  return std::optional(std::move(comparison));
}

static nir::Result<Json> quantizationOf(const Reported &report) {
  const Choices &choices = report.runs.front().choices;
  if (!choices.quantization) {
    return Json();
  }
  nir::Result<IntegerNetwork> integers = IntegerNetwork::build(report.network, choices);
  if (!integers) {
    return integers.takeError();
  }
  return quantizationJson(integers->report(), nullptr);
}

/// The cores, where the target has any: {"svg", "mapping"}.
static nir::Result<Json> mappingOf(const Reported &report) {
  const Choices &choices = report.runs.front().choices;
  if (!choices.target->describe().maps || !choices.quantization) {
    return Json();
  }
  nir::Result<Mapping> mapping = choices.target->map(jobOf(report.network, choices), {});
  if (!mapping) {
    return mapping.takeError();
  }
  std::vector<std::string> order;
  for (const nir::Probe &probe : orderedSpikes(report.network, choices.semantics.dtSeconds)) {
    order.push_back(probe.node);
  }
  MappedModel mapped{report.network.file.path, choices.semantics.text(),
                     choices.quantization->format.text(), *std::move(mapping), std::move(order)};
  return Json{{"svg", mappingSvg(mapped)}, {"mapping", mappingJson(mapped)}};
}

static Json modelJson(const Reported &report) {
  Json model = fileJson(report.network.file);
  model["origin"] = originJson(report.network.reading);
  model["time"] = timeJson(report.network.reading);
  model["totals"] = totalsJson(totalsOf(report.network.graph, report.network.checked));
  return model;
}

static nir::Result<Json> reportJson(const ReportCommand &command, const Reported &report) {
  nir::Result<std::optional<CompareReport>> comparison = compared(command, report);
  if (!comparison) {
    return comparison.takeError();
  }
  const TraceDifference *divergent =
      *comparison ? (*comparison)->comparisons.front().difference.first() : nullptr;
  Json runs = Json::array();
  for (const ReportedRun &run : report.runs) {
    runs.push_back({{"label", run.label},
                    {"text", fmt::format("semantics {}, target {}", semanticsText(run.provenance),
                                         targetText(run.provenance))},
                    {"provenance", run.provenance},
                    {"recordings", recordingsOf(command, report, run, divergent)}});
  }
  Json json = {{"nirc", NIRC_VERSION}, {"model", modelJson(report)}};
  json["extent"] = report.extent;
  json["sample"] = report.sampleName.empty() ? Json() : Json(report.sampleName);
  json["label"] = report.inputs.labels.empty() ? Json() : Json(report.inputs.labels.front());
  json["runs"] = std::move(runs);
  json["advice"] = adviceJson(report.advice);
  const Choices &choices = report.runs.front().choices;
  json["choices"] = {{"dtFrom", choices.dtOrigin},
                     {"semantics", choicesJson(choices.semantics, report.network.graph)}};
  json["comparison"] = *comparison ? compareJson(**comparison) : Json();
  using Part = std::pair<const char *, nir::Result<Json> (*)(const Reported &)>;
  for (const auto &[name, make] :
       {Part{"graph", graphOf}, Part{"quantization", quantizationOf}, Part{"mapping", mappingOf}}) {
    nir::Result<Json> part = make(report);
    if (!part) {
      return part.takeError();
    }
    json[name] = *std::move(part);
  }
  return json;
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
