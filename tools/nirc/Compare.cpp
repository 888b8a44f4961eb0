//===- Compare.cpp - the command compare ----------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Sides.h"
#include "api/compare/Alignment.h"
#include "api/io/ReadResults.h"
#include "api/io/Totals.h"
#include "api/io/Units.h"
#include "ir/Wording.h"
#include "ir/choices/Choices.h"
#include "ir/graph/SignalKinds.h"
#include "tools/nirc/CompareReport.h"
#include "tools/nirc/Options.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <optional>

namespace nirc {

namespace {
struct CompareCommand : ExecutionOptions {
  std::vector<std::string> sides; ///< results, or runs of the model
  std::string tau = "10ms", cost = "100Hz", layout = "auto";
  double tolerance = 0.0;
  int64_t mostShift = 0;
  bool outputsOnly = false;
  bool json = false;
};
} // namespace

/// Parses what the distances are measured with.
static nir::Status understand(const CompareCommand &command, DifferenceOptions &options) {
  nir::Result<double> tau = parseSeconds(command.tau);
  if (!tau) {
    return nir::Error(nir::Cause::BadOption, fmt::format("--tau: {}", tau.error().message));
  }
  nir::Result<double> cost = parseHertz(command.cost);
  if (!cost) {
    return nir::Error(nir::Cause::BadOption, fmt::format("--cost: {}", cost.error().message));
  }
  options.tauSeconds = *tau;
  options.costPerSecond = *cost;
  options.tolerance = command.tolerance;
  if (command.sides.size() < 2) {
    return nir::Error(nir::Cause::OptionConflict,
                      fmt::format("found one {}, expected two or more",
                                  command.model.empty() ? "result" : "run"));
  }
  return std::nullopt;
}

static Exit finish(const CompareCommand &command, const CompareReport &report) {
  if (!command.quiet) {
    fmt::print("{}", command.json ? dump(compareJson(report)) : compareText(report));
  }
  return report.equal() ? Exit::Done : Exit::Input;
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

static std::vector<std::string> textsIn(const Json &provenance, const char *key) {
  std::vector<std::string> texts;
  auto found = provenance.find(key);
  for (const Json &text : found == provenance.end() ? Json::array() : *found) {
    if (text.is_string()) {
      texts.push_back(text.get<std::string>());
    }
  }
  return texts;
}

static nir::Result<ReadResult> readSide(const CompareCommand &command, const std::string &path,
                                        const ReadOptions &options) {
  nir::Result<ReadResult> result = readResults(path, options);
  if (!result && command.model.empty() && path.find('=') != std::string::npos) {
    return result.takeError().note("a run needs --model FILE");
  }
  if (result && result->recording.dtSeconds <= 0.0) {
    result->recording.dtSeconds = options.dtSeconds;
  }
  return result;
}

/// Reads the sides that are files. Where one needs a dt, that of the others is taken.
static nir::Status readFiles(const CompareCommand &command, ReadOptions &options,
                             std::vector<Side> &sides, const std::vector<bool> &isFile) {
  std::vector<std::pair<size_t, nir::Error>> failed;
  auto read = [&](size_t i) -> nir::Status {
    nir::Result<ReadResult> result = readSide(command, sides[i].label, options);
    if (!result) {
      return result.takeError();
    }
    sides[i].result = *std::move(result);
    sides[i].outputs = textsIn(sides[i].result.provenance, "outputs");
    double dt = sides[i].result.recording.dtSeconds;
    options.dtSeconds = options.dtSeconds > 0.0 ? options.dtSeconds : dt;
    return std::nullopt;
  };
  for (size_t i = 0; i < sides.size(); ++i) {
    if (isFile[i]) {
      if (nir::Status error = read(i)) {
        failed.emplace_back(i, *std::move(error));
      }
    }
  }
  for (auto &[i, error] : failed) {
    if (options.dtSeconds <= 0.0 || read(i)) {
      return std::move(error);
    }
  }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Runs
//===----------------------------------------------------------------------===//

/// The choices of every run, each recording the same; of a file there are none.
static nir::Result<std::vector<std::optional<Choices>>>
chooseAll(const CompareCommand &command, const Network &network, const std::vector<bool> &isFile) {
  std::vector<std::optional<Choices>> all;
  for (size_t i = 0; i < command.sides.size(); ++i) {
    const std::string &run = command.sides[i];
    if (isFile[i]) {
      all.emplace_back();
      continue;
    }
    ChoiceOptions options = command.choices;
    if (nir::Status failed = applyChoices(run, options)) {
      return std::move(*failed).in(run);
    }
    nir::Result<Choices> choices =
        choose(options, network.file.model, network.graph, network.hasEventFile());
    if (!choices) {
      return choices.takeError().in(run);
    }
    std::vector<nir::Probe> probes;
    if (!command.outputsOnly) {
      probes = spikeProbes(network.graph, choices->semantics);
    }
    for (const nir::Probe &asked : choices->probes) {
      bool twice = std::any_of(probes.begin(), probes.end(), [&](const nir::Probe &probe) {
        return probe.node == asked.node && probe.observable == asked.observable;
      });
      if (!twice) {
        probes.push_back(asked);
      }
    }
    choices->probes = std::move(probes);
    all.emplace_back(*std::move(choices));
  }
  return all;
}

/// A run's traces, those of the outputs last: where one step brings several differences, the node
/// that had its own first is the one to look at.
static nir::Result<Executed> record(const Network &network, const Choices &choices,
                                    const Inputs &inputs, const Manner &manner, bool quiet) {
  nir::Result<Executed> executed = execute(network, choices, inputs, manner, quiet);
  if (executed) {
    std::vector<nir::Trace> &traces = executed->recording.traces;
    auto outputs = traces.end() - static_cast<ptrdiff_t>(choices.probes.size());
    std::rotate(traces.begin(), outputs, traces.end());
  }
  return executed;
}

/// Runs both again, for one sample and up to the step, to record the states of the one node.
static nir::Result<std::vector<StatePair>> rerunForStates(const Network &network,
                                                          const TraceDifference &trace,
                                                          const Choices &base, const Choices &other,
                                                          const Inputs &inputs) {
  std::vector<std::string> observables;
  forEachNode(network.graph, {},
              [&](const std::string &path, const nir::Node &node, const nir::NodeShapes &) {
                if (path == trace.node) {
                  observables = nir::observables(node, nir::SignalKind::Analog);
                }
              });
  std::vector<nir::Probe> probes;
  for (const std::string &observable : observables) {
    if (observable != trace.observable && observable != "value") {
      probes.push_back({trace.node, observable});
    }
  }
  if (probes.empty()) {
    return std::vector<StatePair>();
  }
  Inputs part = slice(inputs, trace.first->sample, trace.first->step + 1);
  std::vector<nir::Recording> recordings;
  for (Choices choices : {base, other}) {
    choices.probes = probes;
    nir::Result<Executed> executed = record(network, choices, part, {}, /*quiet=*/true);
    if (!executed) {
      return executed.takeError();
    }
    recordings.push_back(std::move(executed->recording));
  }
  return statesAt(trace, 0, recordings[0], recordings[1]);
}

//===----------------------------------------------------------------------===//
// Both
//===----------------------------------------------------------------------===//

namespace {
/// What sides that are runs need.
struct Runs {
  Network network;
  Inputs inputs;
  std::vector<std::optional<Choices>> choices; ///< one for each side; none for a file
};
} // namespace

/// Executes the side, if it is a run and did not yet.
static nir::Status obtain(const CompareCommand &command, const Runs &runs, size_t i, Side &side,
                          std::vector<nir::Diagnostic> &said) {
  bool isRun = i < runs.choices.size() && runs.choices[i];
  if (!isRun || !side.result.recording.traces.empty()) {
    return std::nullopt;
  }
  const Choices &choices = *runs.choices[i];
  nir::Result<Executed> executed =
      record(runs.network, choices, runs.inputs, command.manner(), command.quiet);
  if (!executed) {
    return executed.takeError();
  }
  if (!command.quiet) {
    print(runs.network, executed->notices, command, said);
  }
  side.result.provenance =
      provenanceOf(command, runs.network, choices, runs.inputs, executed->notices);
  side.result.recording = std::move(executed->recording);
  side.outputs = runs.network.outputs();
  return std::nullopt;
}

/// Compares a side with the first.
static nir::Result<ComparisonReport> compareWith(const CompareCommand &command, const Runs &runs,
                                                 const CompareReport &report, const Side &base,
                                                 size_t i, const Side &side) {
  Aligned aligned;
  const nir::Recording *first = &base.result.recording, *second = &side.result.recording;
  if (command.mostShift > 0) {
    aligned = align(*first, *second, command.mostShift, report.options.tolerance);
    first = &aligned.base;
    second = &aligned.other;
  }
  auto difference = differenceOf(*first, *second, report.options);
  if (!difference) {
    return difference.takeError().in(side.label);
  }
  ComparisonReport comparison{i, *std::move(difference), {}, aligned.shift};
  if (const TraceDifference *trace = comparison.difference.first()) {
    bool areRuns = i < runs.choices.size() && runs.choices[0] && runs.choices[i];
    auto states =
        areRuns && aligned.shift == 0
            ? rerunForStates(runs.network, *trace, *runs.choices[0], *runs.choices[i], runs.inputs)
            : statesAt(*trace, trace->first->sample, *first, *second);
    if (!states) {
      return states.takeError();
    }
    comparison.states = *std::move(states);
  }
  for (TraceDifference &trace : comparison.difference.traces) {
    if (trace.first) { // steps are those of the first side
      trace.first->step += aligned.firstStep;
    }
  }
  return comparison;
}

static Exit compareSides(const CompareCommand &command, const Runs &runs,
                         const ReadOptions &options, std::vector<Side> &sides,
                         CompareReport &report) {
  // What files are fitted to is the first run, where they do not say enough themselves.
  auto isRun = [](const std::optional<Choices> &choices) { return choices.has_value(); };
  auto firstRun = std::find_if(runs.choices.begin(), runs.choices.end(), isRun);
  if (firstRun != runs.choices.end()) {
    auto i = static_cast<size_t>(firstRun - runs.choices.begin());
    if (nir::Status failed = obtain(command, runs, i, sides[i], report.advice)) {
      return fail(Exit::Input, *failed);
    }
  }
  if (nir::Status failed = fitSides(sides, options, command.mostShift)) {
    return fail(Exit::Input, *failed);
  }
  for (size_t i = 0; i < sides.size(); ++i) {
    Side &side = sides[i];
    if (nir::Status failed = obtain(command, runs, i, side, report.advice)) {
      return fail(Exit::Input, *failed);
    }
    report.runs.push_back(
        reportOf(side.label, side.result.provenance, side.result.recording, side.outputs));
    if (i == 0) {
      continue;
    }
    nir::Result<ComparisonReport> comparison =
        compareWith(command, runs, report, sides[0], i, side);
    if (!comparison) {
      return fail(Exit::Input, comparison.error());
    }
    report.comparisons.push_back(*std::move(comparison));
    side.result.recording = {}; // of many large runs two are in memory
  }
  return finish(command, report);
}

static std::vector<Side> sidesOf(const CompareCommand &command) {
  std::vector<Side> sides;
  sides.reserve(command.sides.size());
  for (const std::string &label : command.sides) {
    sides.push_back({label, {}, {}});
  }
  return sides;
}

static Exit compareResults(const CompareCommand &command, ReadOptions &options,
                           CompareReport &report) {
  std::vector<Side> sides = sidesOf(command);
  std::vector<bool> isFile(sides.size(), true);
  if (nir::Status failed = readFiles(command, options, sides, isFile)) {
    return fail(Exit::Input, *failed);
  }
  if (nir::Status failed = fitSides(sides, options, command.mostShift)) {
    return fail(Exit::Input, *failed);
  }
  const ReadResult &base = sides.front().result;
  const nir::Shape &shape = base.recording.traces.front().data.shape();
  report.samples = shape[0];
  report.dtSeconds = base.recording.dtSeconds;
  report.title =
      fmt::format("{} results of {}{}{}", command.sides.size(), nir::counted(shape[1], "step"),
                  report.dtSeconds > 0.0 ? " of " + secondsText(report.dtSeconds) : "",
                  shape[0] > 1 ? fmt::format(", {}", nir::counted(shape[0], "sample")) : "");
  report.sampleNames = textsIn(base.provenance, "samples");
  return compareSides(command, {}, options, sides, report);
}

static Exit compareRuns(const CompareCommand &command, ReadOptions &options,
                        CompareReport &report) {
  Runs runs;
  if (Exit exit = loadNetwork(command, runs.network); exit != Exit::Done) {
    return exit;
  }
  if (nir::Status failed = assignSources(command, runs.network)) {
    return fail(Exit::Usage, *failed);
  }
  std::vector<bool> isFile;
  isFile.reserve(command.sides.size());
  for (const std::string &side : command.sides) {
    isFile.push_back(isResultPath(side));
  }
  nir::Result<std::vector<std::optional<Choices>>> choices =
      chooseAll(command, runs.network, isFile);
  if (!choices) {
    return fail(Exit::Usage, choices.error());
  }
  runs.choices = *std::move(choices);
  auto isRun = [](const std::optional<Choices> &one) { return one.has_value(); };
  auto firstRun = std::find_if(runs.choices.begin(), runs.choices.end(), isRun);
  if (firstRun == runs.choices.end()) {
    return fail(Exit::Usage,
                nir::Error(nir::Cause::OptionConflict, "found --model, and no side is a run of it")
                    .note("write a run as in nir, or reset=subtract; or leave out "
                          "--model"));
  }
  double dt = (*firstRun)->semantics.dtSeconds;
  if (nir::Status failed = convertTimes(command, dt, runs.network)) {
    return fail(Exit::Usage, *failed);
  }
  for (const std::optional<Choices> &each : runs.choices) {
    if (each) {
      if (Exit exit = advise(command, runs.network, *each, report.advice); exit != Exit::Done) {
        return exit;
      }
    }
  }
  InputOptions how = inputOptions(command, runs.network, dt);
  how.layout = options.layout;
  if (nir::Status failed = checkGenerated(runs.network.sources, how)) {
    return fail(Exit::Usage, *failed);
  }
  nir::Result<Inputs> inputs = loadInputs(runs.network.sources, how);
  if (!inputs) {
    return fail(inputs.error());
  }
  runs.inputs = *std::move(inputs);
  sayRemarks(command, runs.inputs.remarks, report.advice);
  for (std::optional<Choices> &each : runs.choices) {
    nir::Status failed =
        each ? calibrate(command, runs.network, &runs.inputs, *each, report.advice) : std::nullopt;
    if (failed) {
      return fail(*failed);
    }
    say(command, each ? ownRanges(runs.network, *each) : std::nullopt, report.advice);
  }
  options.dtSeconds = dt;
  std::vector<Side> sides = sidesOf(command);
  if (nir::Status failed = readFiles(command, options, sides, isFile)) {
    return fail(Exit::Input, *failed);
  }
  report.title = fmt::format("{}: {}", command.model, extentText(runs.inputs));
  report.samples = runs.inputs.batch;
  report.sampleNames = runs.inputs.samples;
  report.dtSeconds = dt;
  return compareSides(command, runs, options, sides, report);
}

//===----------------------------------------------------------------------===//
// The command
//===----------------------------------------------------------------------===//

static Exit compare(const CompareCommand &command) {
  CompareReport report;
  if (nir::Status failed = understand(command, report.options)) {
    return fail(Exit::Usage, *failed);
  }
  nir::Result<Layout> layout = layoutOf(command.layout);
  if (!layout) {
    return fail(layout.error());
  }
  ReadOptions reading{.maxBytes = command.maxInputBytes, .layout = *layout};
  if (command.model.empty() && !command.choices.dt.empty()) {
    nir::Result<double> dt = parseSeconds(command.choices.dt);
    if (!dt) {
      return fail(Exit::Usage,
                  nir::Error(nir::Cause::BadOption, fmt::format("--dt: {}", dt.error().message)));
    }
    reading.dtSeconds = *dt;
  }
  return command.model.empty() ? compareResults(command, reading, report)
                               : compareRuns(command, reading, report);
}

void addCompare(CLI::App &app, Exit &exit) {
  CLI::App *command = app.add_subcommand("compare", "Compare results, or runs of a model");
  auto options = std::make_shared<CompareCommand>();
  command
      ->add_option("sides", options->sides,
                   "Results as `nirc run -o` writes them, or arrays, tables and lists of spikes of "
                   "other programs; with --model also runs of it, each written as in "
                   "reset=subtract,target=reference. The first is the reference for the others")
      ->required();
  CLI::Option *model =
      command->add_option("-m,--model", options->model, "The model whose runs are compared");
  addExecutionOptions(*command, *options);
  command->add_flag("--outputs-only", options->outputsOnly,
                    "Compare runs by their outputs, not by the spikes of every node");
  for (const char *ofRuns :
       {"--input",     "--bin",    "--one-per-step", "--frames", "--polarity",
        "--sensor",    "--crop",   "--time-zero",    "--steps",  "--time-unit",
        "--target",    "--dtype",  "--fold",         "--format", "--calibrate",
        "--semantics", "--accept", "--record",       "--seed",   "--outputs-only"}) {
    command->get_option(ofRuns)->needs(model);
  }
  // Runs may have formats of their own.
  command->get_option("--calibrate")->remove_needs(command->get_option("--format"));
  for (const nir::Choice &choice : nir::choices()) {
    command->get_option("--" + std::string(choice.name))->needs(model);
  }
  command
      ->add_option("--tolerance", options->tolerance,
                   "By how much values may differ; spikes must be equal")
      ->check(notNegative)
      ->capture_default_str();
  command
      ->add_option("--align", options->mostShift,
                   "Move each side by up to so many steps to where it is closest to the first")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  command
      ->add_option("--layout", options->layout,
                   "Dimensions of arrays of other programs, and of inputs: TN, BTN, TBN (T steps, "
                   "B samples), or events; otherwise what the shapes say")
      ->capture_default_str();
  command->add_option("--tau", options->tau, "Time constant of van Rossum's distance")
      ->capture_default_str();
  command
      ->add_option("--cost", options->cost,
                   "Victor and Purpura's cost of moving a spike, per second")
      ->capture_default_str();
  command->add_flag("--json", options->json, "Print a report in JSON on standard output");
  command->add_flag("-q,--quiet", options->quiet,
                    "Print errors only; the exit code says whether all are equal");
  command->footer(
      "The exit code is 0 where all are equal, 1 where they are not or a file is at fault: "
      "diagnostics on standard error tell which.\n\nExamples:\n"
      "  nirc compare a.npy b.npy\n"
      "  nirc compare before/ after/ --tolerance 1e-6 --json\n"
      "  nirc compare --model model.nir --input x.npy --dt 1ms spikes.npy snntorch --align 1\n"
      "  nirc compare --model cnn.nir --input digits/ --bin 1ms reset=to-value reset=subtract\n"
      "  nirc compare --model model.nir --input x.npy --dt 1e-4 --record lif1:v target=reference "
      "target=cpu,dtype=f64\n"
      "  nirc compare --model cnn.nir --input digits/ --bin 1ms nir format=int8 "
      "format=int8,weight-bits=4");
  command->callback([options, &exit] { exit = compare(*options); });
}

} // namespace nirc
