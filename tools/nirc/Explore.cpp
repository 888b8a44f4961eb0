//===- Explore.cpp - `nirc explore` ---------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/RunReport.h"
#include "api/compare/RelativeDistance.h"
#include "api/io/Files.h"
#include "tools/nirc/ExplorationView.h"
#include "tools/nirc/FigureOptions.h"
#include "tools/nirc/ReportFigures.h"
#include "tools/nirc/SampleOptions.h"
#include "tools/nirc/Summary.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>

namespace nirc {

namespace {
struct ExploreCommand : ExecutionOptions {
  SampleOptions samples;
  std::vector<std::string> weightBits = {"2", "3", "4", "6", "8"};
  std::vector<std::string> stateBits = {"8", "12", "16", "24"};
  std::vector<std::string> roundings = {"floor", "nearest-even"};
  std::optional<double> tolerance;
  std::optional<int64_t> memory;
  std::string csv;
  FigureOptions figures;
  bool json = false;
};

/// Everything that the formats are tried on.
struct Subject {
  Network network;
  Choices choices;
  std::vector<nir::NumberFormat> formats;
  bool isLabelled = false; ///< whether there are labels, so that the score is accuracy
  ClassifierPorts ports;
  LabelledSet set;         ///< with labels
  EvaluationOptions shown; ///< which of them
  Inputs inputs;           ///< without labels
  std::string extent;      ///< of either
  nir::Recording base;     ///< of float64
  std::vector<nir::Diagnostic> advice;
};
} // namespace

//===----------------------------------------------------------------------===//
// What the network is shown
//===----------------------------------------------------------------------===//

static nir::Status loadSamples(const ExploreCommand &command, Subject &subject) {
  constexpr int64_t usual = 1000; // enough to tell formats apart, in a minute
  nir::Result<ClassifierPorts> ports = classifierPorts(subject.network);
  if (!ports) {
    return ports.takeError();
  }
  subject.ports = *std::move(ports);
  Heard heard;
  EvaluationOptions &shown = subject.shown;
  shown.seed = command.seed;
  shown.usual = usual;
  nir::Result<LabelledSet> set =
      openSamples(command, command.samples, subject.network, subject.ports,
                  subject.choices.semantics.dtSeconds, shown, heard);
  if (!set) {
    return set.takeError();
  }
  subject.extent = text(command, command.samples, subject.network, *set, shown.count);
  sayRemarks(command, set->samples->remarks, subject.advice);
  // Values are shown from memory as fast as they are read; files are read once.
  if (set->samples->hasSteps && !set->samples->whole()) {
    set = held(*set, shown.first, shown.count, shown.seed, heard);
    if (!set) {
      return set.takeError();
    }
    shown.first = 0;
  }
  subject.set = *std::move(set);
  sayRemarks(command, heard.remarks.take(), subject.advice);
  nir::Result<Inputs> some = someSamples(subject.set, shown);
  if (!some) {
    return some.takeError();
  }
  return calibrate(command, subject.network, &*some, subject.choices, subject.advice);
}

static nir::Status loadSignals(const ExploreCommand &command, Subject &subject) {
  InputOptions options =
      inputOptions(command, subject.network, subject.choices.semantics.dtSeconds);
  if (nir::Status failed = checkGenerated(subject.network.sources, options)) {
    return failed;
  }
  nir::Result<Inputs> inputs = loadInputs(subject.network.sources, options);
  if (!inputs) {
    return inputs.takeError();
  }
  subject.inputs = *std::move(inputs);
  subject.extent = extentText(subject.inputs);
  sayRemarks(command, subject.inputs.remarks, subject.advice);
  return calibrate(command, subject.network, &subject.inputs, subject.choices, subject.advice);
}

/// Whether the class of each sample is known: the options say it, or the source does.
static bool hasLabels(const ExploreCommand &command, const Network &network, double dtSeconds) {
  if (!command.samples.labels.empty() || !command.samples.images.empty()) {
    return true;
  }
  if (network.sources.size() != 1) {
    return false;
  }
  nir::Result<bool> found =
      sourceHasLabels(network.sources.front(), inputOptions(command, network, dtSeconds));
  return found && *found; // what is wrong is said where it is read
}

//===----------------------------------------------------------------------===//
// How good a format is
//===----------------------------------------------------------------------===//

static nir::Result<double> scoreSamples(const Subject &subject, Executable &executable,
                                        int threads) {
  EvaluationOptions options = subject.shown;
  options.threads = threads;
  Heard ignored; // it was said when the samples were opened
  nir::Result<Evaluation> result =
      evaluate(executable, subject.ports, subject.set, options, ignored);
  return result ? nir::Result<double>(result->accuracy()) : result.takeError();
}

static nir::Result<nir::Recording> runSignals(const Subject &subject, Executable &executable,
                                              int threads) {
  return executable.run(subject.inputs.recording,
                        {.steps = subject.inputs.steps, .threads = threads});
}

static nir::Result<double> scoreSignals(const Subject &subject, Executable &executable,
                                        int threads) {
  constexpr double tauSeconds = 10e-3; // as `nirc compare` has it
  nir::Result<nir::Recording> recording = runSignals(subject, executable, threads);
  if (!recording) {
    return recording.takeError();
  }
  auto distance = relativeDistance(subject.base, *recording, tauSeconds);
  return distance ? nir::Result<double>(distance->value) : distance.takeError();
}

/// The network in float64: its score, and what others are held against.
static nir::Status scoreFloats(const ExploreCommand &command, Subject &subject,
                               const Scorer &scorer, Exploration &exploration) {
  Choices floats = subject.choices;
  floats.quantization.reset();
  floats.dtype = nir::DType::F64;
  nir::Result<Compiled> compiled = compile(subject.network, floats, command.manner());
  if (!compiled) {
    return compiled.takeError();
  }
  if (!subject.isLabelled) {
    nir::Result<nir::Recording> base = runSignals(subject, *compiled->executable, command.threads);
    if (!base) {
      return base.takeError();
    }
    subject.base = *std::move(base);
    bool spikes = std::any_of(subject.base.traces.begin(), subject.base.traces.end(),
                              [](const nir::Trace &trace) { return trace.observable == "spikes"; });
    exploration.yardstick = spikes ? Yardstick::SpikeDistance : Yardstick::NumberDistance;
  }
  nir::Result<double> score = scorer(*compiled->executable, command.threads);
  if (!score) {
    return score.takeError();
  }
  exploration.floatScore = *score;
  bool isAccuracy = exploration.yardstick == Yardstick::Accuracy;
  exploration.tolerance = command.tolerance.value_or(isAccuracy ? 0.5 : 5.0);
  exploration.mostBytes = command.memory;
  exploration.leastScore =
      isAccuracy ? *score - exploration.tolerance / 100.0 : exploration.tolerance / 100.0;
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// The command
//===----------------------------------------------------------------------===//

/// Understands the command line against the graph.
static nir::Status prepare(const ExploreCommand &command, Subject &subject) {
  if (nir::Status failed = assignSamples(command, command.samples, subject.network)) {
    return failed;
  }
  if (nir::Status failed = checkOutput(command.csv, command.samples, subject.network)) {
    return failed;
  }
  std::vector<std::string> inputs = filesRead(command.samples, subject.network);
  if (auto figures = figureRequests(command.figures, {}, inputs); !figures) {
    return figures.takeError();
  }
  nir::Result<Choices> choices = choose(command, subject.network);
  if (!choices) {
    return choices.takeError();
  }
  subject.choices = *std::move(choices);
  if (!subject.choices.quantization) {
    return nir::Error::usage("--format none is not a number format");
  }
  auto formats = combinations(subject.choices.quantization->format, command.weightBits,
                              command.stateBits, command.roundings);
  if (!formats) {
    return formats.takeError();
  }
  subject.formats = *std::move(formats);
  double dt = subject.choices.semantics.dtSeconds;
  subject.isLabelled = hasLabels(command, subject.network, dt);
  return convertTimes(command, dt, subject.network);
}

static std::string titleOf(const ExploreCommand &command, const Subject &subject) {
  const nir::Semantics &semantics = subject.choices.semantics;
  return fmt::format("{}: {}, semantics {}", command.model, subject.extent, semantics.text());
}

static Exit finish(const ExploreCommand &command, const Subject &subject,
                   const Exploration &exploration) {
  const std::vector<FormatTrial> &trials = exploration.trials;
  if (std::none_of(trials.begin(), trials.end(),
                   [](const FormatTrial &trial) { return trial.error.empty(); })) {
    return fail(Exit::Input,
                nir::Error(nir::Cause::CannotQuantize, "none of the formats can be run")
                    .in(command.model)
                    .note(trials.empty() ? "there is none" : trials.front().error));
  }
  if (!command.csv.empty()) {
    if (nir::Status failed = writeFile(command.csv, explorationCsv(exploration))) {
      return fail(Exit::Input, *failed);
    }
  }
  Drawing drawing =
      frontFigure(frontOf(exploration, modelName(command.model)), command.figures.style);
  for (const std::string &path : command.figures.figures) {
    if (nir::Status failed = writeFigure(path, drawing)) {
      return fail(*failed);
    }
  }
  if (command.json) {
    Json json = {{"nirc", NIRC_VERSION},
                 {"model", command.model},
                 {"dt", subject.choices.semantics.dtSeconds},
                 {"semantics", subject.choices.semantics.text()},
                 {"advice", diagnosticsJson(subject.advice)}};
    json.update(explorationJson(exploration));
    fmt::print("{}", dump(json));
  } else if (!command.quiet) {
    fmt::print("{}", explorationText(exploration));
  }
  return Exit::Done;
}

static Exit explore(const ExploreCommand &command) {
  Subject subject;
  if (Exit exit = loadNetwork(command, subject.network); exit != Exit::Done) {
    return exit;
  }
  if (nir::Status failed = prepare(command, subject)) {
    return fail(*failed);
  }
  if (Exit exit = advise(command, subject.network, subject.choices, subject.advice);
      exit != Exit::Done) {
    return exit;
  }
  if (nir::Status failed =
          subject.isLabelled ? loadSamples(command, subject) : loadSignals(command, subject)) {
    return fail(*failed);
  }
  Scorer scorer = [&](Executable &executable, int threads) {
    return subject.isLabelled ? scoreSamples(subject, executable, threads)
                              : scoreSignals(subject, executable, threads);
  };
  Exploration exploration;
  exploration.title = titleOf(command, subject);
  if (nir::Status failed = scoreFloats(command, subject, scorer, exploration)) {
    return fail(Exit::Input, *failed);
  }
  for (nir::NumberFormat &format : subject.formats) {
    exploration.trials.push_back({std::move(format)});
  }
  Progress progress("format", command.quiet);
  Manner manner = command.manner();
  manner.progress = [&](int64_t done, int64_t total) { progress.update(done, total); };
  tryFormats(subject.network, subject.choices, scorer, manner, exploration.trials);
  exploration.conclude();
  return finish(command, subject, exploration);
}

static void addOptions(CLI::App &app, ExploreCommand &command) {
  app.add_option("model", command.model, "A .nir, .mlir or .mlirbc file")->required();
  addInputOption(app, command);
  addSourceOptions(app, command);
  addLayout(app, command);
  addSampleOptions(app, command.samples);
  app.get_option("--count")->description("How many labelled samples; otherwise 1000");
  app.add_option("--weight-bits", command.weightBits, "The weight-bits to try, as 2,3,4")
      ->delimiter(',')
      ->capture_default_str();
  app.add_option("--state-bits", command.stateBits, "The state-bits to try")
      ->delimiter(',')
      ->capture_default_str();
  app.add_option("--rounding", command.roundings, "The roundings to try")
      ->delimiter(',')
      ->capture_default_str();
  CLI::Option *tolerance =
      app.add_option("--tolerance", command.tolerance,
                     "Propose the smallest format that is at most this much worse: points of "
                     "accuracy (default 0.5), or percent of distance (default 5)")
          ->check(notNegative);
  app.add_option("--memory", command.memory,
                 "Propose the best format that takes at most this many bytes of weights and states")
      ->check(CLI::Range(int64_t(0), int64_t(1) << 60))
      ->excludes(tolerance);
  app.add_option("--csv", command.csv, "Also write all of it as CSV");
  addFigureOptions(app, command.figures,
                   "Draw the formats by memory and score, with the Pareto front: x.svg or x.pdf; "
                   "several times for several figures");
  addMannerOptions(app, command);
  addNetworkOptions(app, command);
  app.get_option("--format")->description("What all formats have in common")->capture_default_str();
  app.get_option("--calibrate")->remove_needs(app.get_option("--format"));
  app.add_flag("--json", command.json, "Print JSON");
  app.add_flag("-q,--quiet", command.quiet, "Print errors only");
}

void addExplore(CLI::App &app, Exit &exit) {
  CLI::App *command =
      app.add_subcommand("explore", "Run a model in many number formats, and propose one");
  auto options = std::make_shared<ExploreCommand>();
  options->choices.format = "int8";
  addOptions(*command, *options);
  command->footer(
      "Examples:\n"
      "  nirc explore mlp.nir --images t10k-images-idx3-ubyte.gz --labels "
      "t10k-labels-idx1-ubyte.gz\n"
      "  nirc explore cnn.nir --input digits/ --labels names --bin 1ms --csv formats.csv\n"
      "  nirc explore model.nir --input x.npy --dt 1ms --figure front.svg\n"
      "  nirc explore shd.nir --input events-shd:shd_test.h5 --bin 10ms --count 500\n"
      "  nirc explore model.nir --input x.npy --dt 1ms --weight-bits 4,5,6 --memory 20000");
  command->callback([options, &exit] { exit = explore(*options); });
}

} // namespace nirc
