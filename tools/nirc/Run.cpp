//===- Run.cpp - `nirc run` -----------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/RunReport.h"
#include "api/RunStats.h"
#include "api/Silence.h"
#include "api/io/Printable.h"
#include "api/io/Results.h"
#include "api/io/Totals.h"
#include "backends/run/Clock.h"
#include "ir/Wording.h"
#include "tools/nirc/Bandwidth.h"
#include "tools/nirc/Options.h"
#include "tools/nirc/Outputs.h"
#include "tools/nirc/ProfileText.h"
#include "tools/nirc/Report.h"
#include "tools/nirc/RunFigures.h"
#include "tools/nirc/Summary.h"
#include "tools/text/StatsView.h"
#include "tools/text/Terminal.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <set>
#include <unistd.h>

namespace nirc {

namespace {
struct RunCommand : ExecutionOptions {
  std::string out;
  bool raster = false;
  bool profile = false;
  bool json = false;
  bool stats = false;
  FigureOptions figures;

  /// Whether standard output is for a program.
  bool isForProgram() const { return json || out == "-"; }
};

/// Everything about a run that is settled before it starts.
struct Prepared {
  Network network;
  Choices choices;
  std::optional<ResultForm> form;
  double readSeconds = 0.0; ///< what loading the file took
  std::vector<FigureRequest> figures;
  std::vector<nir::Probe> recordedForFigures; ///< and not for results
};
} // namespace

/// A .npy file has room for one trace.
static nir::Status fitsForm(const RunCommand &command, const Prepared &run) {
  size_t outputs = run.network.outputs().size();
  if (run.form != ResultForm::Npy || outputs + run.choices.probes.size() == 1) {
    return std::nullopt;
  }
  return nir::Error::usage(nir::Cause::FileEnding,
                           fmt::format("found {} and {} recorded, expected one for a .npy file",
                                       nir::counted(outputs, "output"), run.choices.probes.size()))
      .in(command.out)
      .note("-o DIR/ writes a .npy file for each, -o x.nird and -o x.csv hold them all");
}

/// Which figures are asked for, and what has to be recorded for them.
static nir::Status prepareFigures(const RunCommand &command, Prepared &run) {
  nir::Result<std::vector<FigureRequest>> figures =
      figureRequests(command.figures, runFigureKinds(), filesRead(run.network));
  if (!figures) {
    return figures.takeError();
  }
  run.figures = *std::move(figures);
  for (const FigureRequest &figure : run.figures) {
    if (figure.path == command.out) {
      return nir::Error::usage(nir::Cause::OptionConflict,
                               "found this name for a figure and for -o, expected one for each")
          .in(figure.path);
    }
    if (figure.kind == "roofline" && !command.profile) {
      return nir::Error::usage(nir::Cause::MissingOption,
                               "--figure roofline shows a profile, and none was asked for")
          .note("--profile measures one");
    }
  }
  nir::Result<std::vector<nir::Probe>> added = recordFor(run.figures, run.network, run.choices);
  if (!added) {
    return added.takeError();
  }
  run.recordedForFigures = *std::move(added);
  return std::nullopt;
}

/// Understands the command line against the graph.
static nir::Status prepareChoices(const RunCommand &command, Prepared &run) {
  if (command.json && command.out == "-") {
    return nir::Error::usage(nir::Cause::OptionConflict,
                             "found --json and -o -, expected one of them: both print on standard "
                             "output");
  }
  Network &network = run.network;
  if (nir::Status failed = assignSources(command, network)) {
    return failed;
  }
  nir::Result<Choices> choices = choose(command, network);
  if (!choices) {
    return choices.takeError();
  }
  run.choices = *std::move(choices);
  if (nir::Status failed = convertTimes(command, run.choices.semantics.dtSeconds, run.network)) {
    return failed;
  }
  if (!command.out.empty()) {
    nir::Result<ResultForm> form = resultFormOf(command.out);
    if (!form) {
      return form.takeError();
    }
    run.form = *form;
  }
  if (nir::Status failed = fitsForm(command, run)) {
    return failed;
  }
  if (nir::Status failed = checkOutput(command.out, filesRead(network))) {
    return failed;
  }
  if (command.profile && !run.choices.target->describe().profiles) {
    return nir::Error::usage(
        nir::Cause::UnsupportedByTarget,
        fmt::format("the target '{}' has no profile", run.choices.target->name()));
  }
  if (nir::Status failed = prepareFigures(command, run)) {
    return failed;
  }
  return checkGenerated(network.sources,
                        inputOptions(command, network, run.choices.semantics.dtSeconds));
}

/// How often the only output has most in the element that the sample's label names.
static std::string labelsText(const Prepared &run, const Inputs &inputs,
                              const nir::Recording &recording) {
  if (inputs.labels.empty() || run.network.outputs().size() != 1) {
    return "";
  }
  const nir::Tensor &output = recording.traces.front().data;
  int64_t right = 0;
  for (size_t i = 0; i < inputs.labels.size(); ++i) {
    std::vector<double> sum = sums(output, static_cast<int64_t>(i));
    auto most = std::max_element(sum.begin(), sum.end());
    right += *most > 0.0 && most - sum.begin() == inputs.labels[i];
  }
  return fmt::format("labels: right for {} of {}\n", right, inputs.labels.size());
}

/// What a step took where that was counted.
static std::string figuresText(const Executed &executed) {
  std::string text;
  if (executed.profile) {
    for (const StepFigure &figure : executed.profile->figures) {
      text += fmt::format("{} a step: {:.0f} in the mean, {:.0f} to {:.0f} ({})\n", figure.name,
                          figure.mean, figure.least, figure.most, figure.of);
    }
  }
  return text;
}

static Json figuresJson(const Executed &executed) {
  Json json = Json::object();
  if (executed.profile) {
    for (const StepFigure &figure : executed.profile->figures) {
      json[figure.name] = {
          {"mean", figure.mean}, {"least", figure.least}, {"most", figure.most}, {"of", figure.of}};
    }
  }
  return json;
}

static void printSummary(const RunCommand &command, const Prepared &run, const Json &provenance,
                         const Inputs &inputs, const Executed &executed) {
  const nir::Recording &recording = executed.recording;
  fmt::print("{}: {}, semantics {}, target {}\n", command.model, extentText(inputs),
             semanticsText(provenance), targetText(provenance));
  fmt::print("{}", eventsText(inputs));
  fmt::print("{}", rangesText(run.network, run.choices));
  bool draw = command.raster || isatty(STDOUT_FILENO) != 0;
  int64_t width = std::min<int64_t>(terminalWidth(stdout, 80), 160);
  std::string sample = inputs.batch == 1        ? ""
                       : inputs.samples.empty() ? "0"
                                                : printable(inputs.samples.front());
  for (const nir::Trace &trace : recording.traces) {
    fmt::print("{}", traceSummary(trace));
    if (draw) {
      fmt::print("{}", traceRaster(trace, width, inputs.recording.dtSeconds, sample));
    }
  }
  fmt::print("{}", labelsText(run, inputs, recording));
  fmt::print("{}", figuresText(executed));
  if (!command.out.empty()) {
    fmt::print("written to {}\n", command.out);
  }
  for (const FigureRequest &figure : run.figures) {
    fmt::print("{} drawn to {}\n", figure.kind, figure.path);
  }
}

/// By how many steps each trace lags behind the sequential network: "out:spikes=2".
static Json latenciesOf(const nir::Recording &recording) {
  Json latencies = Json::array();
  for (const nir::Trace &trace : recording.traces) {
    latencies.push_back(fmt::format("{}:{}={}", trace.node, trace.observable, trace.latency));
  }
  return latencies;
}

static void explainSilence(const RunCommand &command, const Prepared &run, const Inputs &inputs,
                           const nir::Recording &recording, std::vector<nir::Diagnostic> &said) {
  const std::vector<std::string> &accepted = command.choices.accept;
  bool isKnown = std::find(accepted.begin(), accepted.end(), "silent-network") != accepted.end();
  if (!isKnown && isSilent(run.network, recording)) {
    say(command, silenceHint(run.network, run.choices, inputs, command.manner()), said);
  }
}

/// What the summary says, and what made it.
static Json runJson(const RunCommand &command, const Prepared &run, const Json &provenance,
                    const Executed &executed, const std::vector<nir::Diagnostic> &said) {
  Json json = provenance;
  std::vector<std::string> recorded;
  for (const nir::Trace &trace : executed.recording.traces) {
    recorded.push_back(trace.node);
  }
  RunReport report = reportOf(command.model, provenance, executed.recording, recorded);
  json["traces"] = Json::array();
  for (size_t i = 0; i < report.outputs.size(); ++i) {
    const OutputReport &output = report.outputs[i];
    const nir::Trace &trace = executed.recording.traces[i];
    json["traces"].push_back({{"node", trace.node},
                              {"observable", trace.observable},
                              {"shape", trace.data.shape()},
                              {"dtype", nir::name(trace.data.dtype())},
                              {"latency", trace.latency},
                              {"sums", output.sums},
                              {"largest", output.classes}});
  }
  if (Json figures = figuresJson(executed); !figures.empty()) {
    json["per_step"] = std::move(figures);
  }
  if (executed.profile) {
    json["seconds"] = executed.profile->seconds; // of the run alone, as `eval` has it
  }
  json["advice"] = diagnosticsJson(said);
  json["written"] = command.out.empty() || command.out == "-" ? Json() : Json(command.out);
  if (command.profile) {
    json["profile"] = profileJson(*executed.profile, run.readSeconds);
  }
  return json;
}

/// Of an output that is recorded, too, one trace stays.
static void dropRepeated(nir::Recording &recording) {
  std::set<std::pair<std::string, std::string>> seen;
  std::erase_if(recording.traces, [&](const nir::Trace &trace) {
    return !seen.emplace(trace.node, trace.observable).second;
  });
}

/// Writes the figures, and takes away what was recorded for them alone.
static nir::Status finishFigures(const RunCommand &command, const Prepared &run,
                                 const Inputs &inputs, const Json &provenance, Executed &executed) {
  if (run.figures.empty()) {
    return std::nullopt;
  }
  std::string caption =
      fmt::format("{}: {}, semantics {}, target {}.", modelName(command.model), extentText(inputs),
                  semanticsText(provenance), targetText(provenance));
  FinishedRun finished{run.network, run.choices, inputs, executed, std::move(caption)};
  if (nir::Status failed = writeRunFigures(run.figures, command.figures.style, finished)) {
    return failed;
  }
  dropProbes(run.recordedForFigures, executed.recording);
  return std::nullopt;
}

static Exit execute(const RunCommand &command, Prepared &run, std::vector<nir::Diagnostic> &said) {
  nir::Result<Inputs> inputs = loadInputs(
      run.network.sources, inputOptions(command, run.network, run.choices.semantics.dtSeconds));
  if (!inputs) {
    return fail(inputs.error());
  }
  sayRemarks(command, inputs->remarks, said);
  if (nir::Status failed = calibrate(command, run.network, &*inputs, run.choices, said)) {
    return fail(*failed);
  }
  say(command, ownRanges(run.network, run.choices), said);
  if (nir::Status failed = checkRecorded(run.recordedForFigures, run.network, *inputs)) {
    return fail(*failed);
  }
  Manner manner = command.manner();
  manner.profile = command.profile;
  nir::Result<Executed> executed =
      execute(run.network, run.choices, *inputs, manner, command.quiet);
  if (!executed) {
    return fail(executed.error());
  }
  dropRepeated(executed->recording);
  const nir::Recording &recording = executed->recording;
  // A hash takes a second for a file of 500 MB: only what is written down has one.
  std::string sha256 = run.form ? run.network.file.sha256() : "";
  Json provenance =
      provenanceOf(command, run.network, run.choices, *inputs, executed->notices, sha256);
  if (run.choices.balanceLatency) {
    provenance["latency"] = latenciesOf(recording);
  }
  if (nir::Status failed = finishFigures(command, run, *inputs, provenance, *executed)) {
    return fail(*failed);
  }
  if (run.form) {
    std::set<std::string, std::less<>> subgraphs = subgraphPaths(run.network.graph);
    Results results{recording, inputs->batched, provenance,
                    [&](std::string_view path) { return subgraphs.contains(path); }};
    if (nir::Status failed = writeResults(results, *run.form, command.out)) {
      return fail(Exit::Input, *failed);
    }
  }
  if (!command.quiet) {
    print(run.network, executed->notices, command, said);
    explainSilence(command, run, *inputs, recording, said);
  }
  if (command.json) {
    Json json = runJson(command, run, provenance, *executed, said);
    if (command.stats) {
      nir::Result<Stats> stats = statsOf(run.network, run.choices, *inputs, command.manner(), {});
      if (!stats) {
        return fail(stats.error());
      }
      json["stats"] = statsJson(*stats);
    }
    fmt::print("{}", dump(json));
    return Exit::Done;
  }
  if (!command.quiet && !command.isForProgram()) {
    printSummary(command, run, provenance, *inputs, *executed);
  }
  if (command.profile && !command.isForProgram()) {
    double bandwidth = executed->profile->nodes.empty() ? 0.0 : measureReadBandwidth();
    fmt::print("{}", profileText(*executed->profile, run.readSeconds, bandwidth));
  }
  return Exit::Done;
}

static Exit run(const RunCommand &command) {
  Prepared prepared;
  auto start = Clock::now();
  if (Exit exit = loadNetwork(command, prepared.network, Clocked::AndPrograms);
      exit != Exit::Done) {
    return exit;
  }
  prepared.readSeconds = secondsSince(start);
  if (nir::Status failed = prepareChoices(command, prepared)) {
    return fail(Exit::Usage, *failed);
  }
  std::vector<nir::Diagnostic> said;
  if (Exit exit = advise(command, prepared.network, prepared.choices, said); exit != Exit::Done) {
    return exit;
  }
  return execute(command, prepared, said);
}

static void addOptions(CLI::App &app, RunCommand &command) {
  app.add_option("model", command.model,
                 "A .nir, .mlir or .mlirbc file: a graph, or what `nirc quantize` wrote")
      ->required();
  addExecutionOptions(app, command);
  addLayout(app, command);
  app.add_flag("--balance-latency", command.choices.balanceLatency,
               "With --schedule pipelined: delay what comes early, so that each output is that of "
               "--schedule sequential, some steps later");
  app.add_option(
      "-o,--out", command.out,
      "Where to write results: x.npy (one output), x.npz, x.csv, x.nird, a folder DIR/, or - for "
      "CSV on standard output");
  app.add_flag("--json", command.json,
               "Print what the run was made with, the sums of every trace, the advice and the "
               "profile in JSON on standard output");
  app.add_flag("--stats", command.stats,
               "With --json: what `nirc stats` counts, as \"stats\"; it runs the graph again")
      ->needs(app.get_option("--json"));
  app.add_flag(
         "--profile", command.profile,
         "Print where the time goes: to the first step, and of each node in a step; for a "
         "modelled chip what it did, and the energy and time that it would take. Times of nodes "
         "are those of a run on one thread")
      ->excludes(app.get_option("--threads"));
  app.add_flag("--raster", command.raster, "Draw the spikes even where there is no terminal");
  addFigureOptions(app, command.figures,
                   "Draw the run: [KIND=]x.svg or .pdf, where KIND is raster, voltages, rates or, "
                   "with --profile, roofline; several times for several figures");
  app.add_flag("-q,--quiet", command.quiet, "Print errors only");
}

void addRun(CLI::App &app, Exit &exit) {
  CLI::App *command = app.add_subcommand("run", "Execute a model step by step");
  auto options = std::make_shared<RunCommand>();
  addOptions(*command, *options);
  command->footer("Examples:\n"
                  "  nirc run model.nir --input x.npy --dt 1e-4\n"
                  "  nirc run model.nir --input poisson:50Hz --steps 1000 --dt 1ms --seed 7 "
                  "--record lif1:v,spikes -o out/\n"
                  "  nirc run model.nir --input left=a.npy --input right=constant:0.5 --dt 0.1ms "
                  "-o x.csv\n"
                  "  nirc run model.nir --input x.npy --dt 1ms --figure raster.svg --figure "
                  "voltages=v.pdf\n"
                  "  nirc run cnn.nir --input 5.bin --bin 1ms --target reference\n"
                  "  nirc run cnn.nir --input digits/ --bin 1ms\n"
                  "  nirc run cnn.nir --input digits/ --bin 1ms --format int8\n"
                  "  nirc run cnn.nir --input 5.bin --bin 1ms --one-per-step --target loihi2 "
                  "--semantics loihi2 --format loihi2 --profile");
  command->callback([options, &exit] { exit = run(*options); });
}

} // namespace nirc
