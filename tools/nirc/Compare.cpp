//===- Compare.cpp - the command compare ----------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/ReadResults.h"
#include "api/io/Totals.h"
#include "api/io/Units.h"
#include "ir/choices/Choices.h"
#include "ir/graph/SignalKinds.h"
#include "tools/nirc/CompareReport.h"
#include "tools/nirc/Options.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>

namespace nirc {

namespace {
struct CompareCommand : ExecutionOptions {
  std::vector<std::string> sides; ///< results, or runs of the model
  std::string tau = "10ms", cost = "100Hz";
  double tolerance = 0.0;
  bool outputsOnly = false;
  bool json = false;
};
} // namespace

/// Parses what the distances are measured with.
static nir::Status understand(const CompareCommand &command, DifferenceOptions &options) {
  nir::Result<double> tau = parseSeconds(command.tau);
  if (!tau) {
    return nir::Error(fmt::format("--tau: {}", tau.error().message));
  }
  nir::Result<double> cost = parseHertz(command.cost);
  if (!cost) {
    return nir::Error(fmt::format("--cost: {}", cost.error().message));
  }
  options.tauSeconds = *tau;
  options.costPerSecond = *cost;
  options.tolerance = command.tolerance;
  if (command.sides.size() < 2) {
    return nir::Error(fmt::format("found one {}, expected two or more",
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

static nir::Result<ReadResult> readSide(const CompareCommand &command, const std::string &path) {
  nir::Result<ReadResult> result = readResults(path, {.maxBytes = command.maxInputBytes});
  if (!result && path.find('=') != std::string::npos) {
    return result.takeError().note("a run needs --model FILE");
  }
  if (result && result->recording.dtSeconds <= 0.0 && !command.choices.dt.empty()) {
    nir::Result<double> dt = parseSeconds(command.choices.dt);
    if (!dt) {
      return nir::Error(fmt::format("--dt: {}", dt.error().message));
    }
    result->recording.dtSeconds = *dt;
  }
  return result;
}

static Exit compareResults(const CompareCommand &command, CompareReport &report) {
  nir::Result<ReadResult> base = readSide(command, command.sides.front());
  if (!base) {
    return fail(Exit::Input, base.error());
  }
  const nir::Shape &shape = base->recording.traces.front().data.shape();
  report.samples = shape[0];
  report.dtSeconds = base->recording.dtSeconds;
  report.title = fmt::format("{} results of {} steps{}{}", command.sides.size(), shape[1],
                             report.dtSeconds > 0.0 ? " of " + secondsText(report.dtSeconds) : "",
                             shape[0] > 1 ? fmt::format(", {} samples", shape[0]) : "");
  report.sampleNames = textsIn(base->provenance, "samples");
  report.runs.push_back(reportOf(command.sides.front(), base->provenance, base->recording,
                                 textsIn(base->provenance, "outputs")));
  for (size_t i = 1; i < command.sides.size(); ++i) {
    nir::Result<ReadResult> other = readSide(command, command.sides[i]);
    if (!other) {
      return fail(Exit::Input, other.error());
    }
    auto difference = differenceOf(base->recording, other->recording, report.options);
    if (!difference) {
      return fail(Exit::Input, difference.takeError().in(command.sides[i]));
    }
    report.runs.push_back(reportOf(command.sides[i], other->provenance, other->recording,
                                   textsIn(other->provenance, "outputs")));
    ComparisonReport comparison{i, *std::move(difference), {}};
    if (const TraceDifference *first = comparison.difference.first()) {
      comparison.states = statesAt(*first, first->first->sample, base->recording, other->recording);
    }
    report.comparisons.push_back(std::move(comparison));
  }
  return finish(command, report);
}

//===----------------------------------------------------------------------===//
// Runs
//===----------------------------------------------------------------------===//

/// The choices of every run, each recording the same.
static nir::Result<std::vector<Choices>> chooseAll(const CompareCommand &command,
                                                   const Network &network) {
  std::vector<Choices> all;
  for (const std::string &run : command.sides) {
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
    all.push_back(*std::move(choices));
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
  if (executed && !quiet) {
    print(network, executed->folds);
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

static Exit runAll(const CompareCommand &command, const Network &network,
                   std::vector<Choices> &choices, const Inputs &inputs, CompareReport &report) {
  for (Choices &each : choices) {
    if (nir::Status failed = calibrate(command, network, &inputs, each)) {
      return fail(*failed);
    }
  }
  nir::Result<Executed> base = record(network, choices[0], inputs, command.manner(), command.quiet);
  if (!base) {
    return fail(Exit::Input, base.error());
  }
  std::vector<std::string> outputs = network.outputs();
  auto describe = [&](size_t i, const Executed &executed) {
    return reportOf(command.sides[i],
                    provenanceOf(command, network, choices[i], inputs, executed.folds),
                    executed.recording, outputs);
  };
  report.runs.push_back(describe(0, *base));
  for (size_t i = 1; i < choices.size(); ++i) {
    nir::Result<Executed> other =
        record(network, choices[i], inputs, command.manner(), command.quiet);
    if (!other) {
      return fail(Exit::Input, other.error());
    }
    auto difference = differenceOf(base->recording, other->recording, report.options);
    if (!difference) {
      return fail(Exit::Input, difference.takeError().in(command.sides[i]));
    }
    report.runs.push_back(describe(i, *other));
    ComparisonReport comparison{i, *std::move(difference), {}};
    if (const TraceDifference *first = comparison.difference.first()) {
      auto states = rerunForStates(network, *first, choices[0], choices[i], inputs);
      if (!states) {
        return fail(Exit::Input, states.error());
      }
      comparison.states = *std::move(states);
    }
    report.comparisons.push_back(std::move(comparison));
  }
  return finish(command, report);
}

static Exit compareRuns(const CompareCommand &command, CompareReport &report) {
  Network network;
  if (Exit exit = loadNetwork(command, network); exit != Exit::Done) {
    return exit;
  }
  if (nir::Status failed = assignSources(command, network)) {
    return fail(Exit::Usage, *failed);
  }
  nir::Result<std::vector<Choices>> choices = chooseAll(command, network);
  if (!choices) {
    return fail(Exit::Usage, choices.error());
  }
  double dt = choices->front().semantics.dtSeconds;
  if (nir::Status failed = convertTimes(command, dt, network)) {
    return fail(Exit::Usage, *failed);
  }
  if (nir::Status failed = checkGenerated(network.sources, command.inputOptions(dt))) {
    return fail(Exit::Usage, *failed);
  }
  nir::Result<Inputs> inputs = loadInputs(network.sources, command.inputOptions(dt));
  if (!inputs) {
    return fail(Exit::Input, inputs.error());
  }
  report.title = fmt::format("{}: {}", command.model, extentText(*inputs));
  report.samples = inputs->batch;
  report.sampleNames = inputs->samples;
  report.dtSeconds = dt;
  return runAll(command, network, *choices, *inputs, report);
}

//===----------------------------------------------------------------------===//
// The command
//===----------------------------------------------------------------------===//

static Exit compare(const CompareCommand &command) {
  CompareReport report;
  if (nir::Status failed = understand(command, report.options)) {
    return fail(Exit::Usage, *failed);
  }
  return command.model.empty() ? compareResults(command, report) : compareRuns(command, report);
}

void addCompare(CLI::App &app, Exit &exit) {
  CLI::App *command = app.add_subcommand("compare", "Compare results, or runs of a model");
  auto options = std::make_shared<CompareCommand>();
  command
      ->add_option("sides", options->sides,
                   "Results as `nirc run -o` writes them; with --model runs of it, each written as "
                   "in reset=subtract,target=reference. The first is the reference for "
                   "the others")
      ->required();
  CLI::Option *model =
      command->add_option("-m,--model", options->model, "The model whose runs are compared");
  addExecutionOptions(*command, *options);
  command->add_flag("--outputs-only", options->outputsOnly,
                    "Compare runs by their outputs, not by the spikes of every node");
  for (const char *ofRuns : {"--input", "--bin", "--one-per-step", "--steps", "--time-unit",
                             "--target", "--dtype", "--fold", "--format", "--calibrate",
                             "--semantics", "--record", "--seed", "--outputs-only"}) {
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
      ->check(CLI::NonNegativeNumber)
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
      "  nirc compare --model cnn.nir --input digits/ --bin 1ms reset=to-value reset=subtract\n"
      "  nirc compare --model model.nir --input x.npy --dt 1e-4 --record lif1:v target=reference "
      "target=cpu,dtype=f64\n"
      "  nirc compare --model cnn.nir --input digits/ --bin 1ms nir format=int8 "
      "format=int8,weight-bits=4");
  command->callback([options, &exit] { exit = compare(*options); });
}

} // namespace nirc
