//===- Explore.cpp - `nirc explore` ---------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/RunReport.h"
#include "api/compare/RelativeDistance.h"
#include "api/io/Files.h"
#include "api/io/Npy.h"
#include "api/io/Units.h"
#include "tools/nirc/ExplorationView.h"
#include "tools/nirc/ImageOptions.h"
#include "tools/nirc/Summary.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <memory>

namespace nirc {

namespace {
struct ExploreCommand : ExecutionOptions {
  ImageOptions images;
  std::vector<std::string> weightBits = {"2", "3", "4", "6", "8"};
  std::vector<std::string> stateBits = {"8", "12", "16", "24"};
  std::vector<std::string> roundings = {"floor", "nearest-even"};
  std::optional<double> tolerance;
  std::optional<int64_t> memory;
  std::string csv;
  bool json = false;
};

/// Everything that the formats are tried on.
struct Subject {
  Network network;
  Choices choices;
  std::vector<nir::NumberFormat> formats;
  ImageView view;              ///< of images
  LabelledImages set;          ///< of images
  EvaluationOptions shown;     ///< which of them
  Inputs inputs;               ///< of other inputs
  std::vector<int64_t> labels; ///< of them, one a sample; may be none
  nir::Recording base;         ///< of float64
  std::vector<nir::Diagnostic> advice;
};
} // namespace

//===----------------------------------------------------------------------===//
// What the network is shown
//===----------------------------------------------------------------------===//

/// The number with which the name of a sample starts: "7" and "7_0042" are of class 7.
static nir::Result<std::vector<int64_t>> labelsOfNames(const Inputs &inputs) {
  if (inputs.samples.empty()) {
    return nir::Error::usage(
        "--labels names: the input is neither a folder nor a pattern of files");
  }
  std::vector<int64_t> labels;
  for (const std::string &name : inputs.samples) {
    int64_t label = 0;
    auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), label);
    if (error != std::errc() || label < 0) {
      return nir::Error::usage(
          fmt::format("--labels names: sample '{}' does not start with its class, a "
                      "number from 0 on",
                      name));
    }
    labels.push_back(label);
  }
  return labels;
}

static nir::Result<std::vector<int64_t>> readLabels(const ExploreCommand &command,
                                                    const Inputs &inputs) {
  if (command.images.labels == "names") {
    return labelsOfNames(inputs);
  }
  nir::Result<std::vector<std::byte>> bytes =
      readFile(command.images.labels, command.maxInputBytes, "--max-input-bytes raises the limit");
  if (!bytes) {
    return bytes.takeError();
  }
  nir::Result<nir::Tensor> array = parseNpy(*bytes, command.images.labels);
  if (!array) {
    return array.takeError();
  }
  if (array->size() != inputs.batch) {
    return nir::Error(fmt::format("found {} labels, expected {}, one a sample of the input",
                                  array->size(), inputs.batch))
        .in(command.images.labels);
  }
  return array->toInts();
}

static nir::Status loadImages(const ExploreCommand &command, Subject &subject) {
  constexpr int64_t usual = 1000; // enough to tell formats apart, in a minute
  double dt = subject.choices.semantics.dtSeconds;
  nir::Result<ImageView> view = imageViewOf(command, command.images, subject.network, dt);
  if (!view) {
    return view.takeError();
  }
  subject.view = *std::move(view);
  nir::Result<LabelledImages> set =
      readLabelledImages(command.images.images, command.images.labels, command.maxInputBytes);
  if (!set) {
    return set.takeError();
  }
  subject.set = *std::move(set);
  subject.shown.first = command.images.first;
  subject.shown.count = command.images.count;
  if (subject.shown.count == 0) {
    subject.shown.count = std::clamp<int64_t>(subject.set.count() - subject.shown.first, 1, usual);
  }
  if (nir::Status failed = checkImages(subject.view.ports, subject.set, subject.shown)) {
    return failed;
  }
  Inputs some = someImages(subject.view, subject.set, subject.shown);
  return calibrate(command, subject.network, &some, subject.choices, subject.advice);
}

static nir::Status loadSignals(const ExploreCommand &command, Subject &subject) {
  InputOptions options = command.inputOptions(subject.choices.semantics.dtSeconds);
  if (nir::Status failed = checkGenerated(subject.network.sources, options)) {
    return failed;
  }
  nir::Result<Inputs> inputs = loadInputs(subject.network.sources, options);
  if (!inputs) {
    return inputs.takeError();
  }
  subject.inputs = *std::move(inputs);
  sayRemarks(command, subject.inputs.remarks, subject.advice);
  if (!command.images.labels.empty()) {
    nir::Result<std::vector<int64_t>> labels = readLabels(command, subject.inputs);
    if (!labels) {
      return labels.takeError();
    }
    subject.labels = *std::move(labels);
  }
  return calibrate(command, subject.network, &subject.inputs, subject.choices, subject.advice);
}

//===----------------------------------------------------------------------===//
// How good a format is
//===----------------------------------------------------------------------===//

static nir::Result<double> scoreImages(const Subject &subject, Executable &executable,
                                       int threads) {
  EvaluationOptions options = subject.shown;
  options.threads = threads;
  nir::Result<Evaluation> result =
      evaluate(executable, subject.view.ports, subject.set, subject.view.presentation, options);
  return result ? nir::Result<double>(result->accuracy()) : result.takeError();
}

/// The share of samples of which the first output has most where the label says.
static double shareRight(const nir::Recording &recording, const std::vector<int64_t> &labels) {
  const nir::Trace &output = recording.traces.front();
  int64_t right = 0;
  for (size_t i = 0; i < labels.size(); ++i) {
    std::vector<double> sum = sums(output.data, static_cast<int64_t>(i));
    right += std::max_element(sum.begin(), sum.end()) - sum.begin() == labels[i];
  }
  return static_cast<double>(right) / static_cast<double>(labels.size());
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
  if (!subject.labels.empty()) {
    return shareRight(*recording, subject.labels);
  }
  auto distance = relativeDistance(subject.base, *recording, tauSeconds);
  return distance ? nir::Result<double>(distance->value) : distance.takeError();
}

/// Labels that the first output cannot give would count as wrong, whatever the format.
static nir::Status checkLabels(const ExploreCommand &command, const Subject &subject) {
  const nir::Trace &output = subject.base.traces.front();
  const nir::Shape &shape = output.data.shape();
  int64_t classes = output.data.size() / std::max<int64_t>(1, shape[0] * shape[1]);
  auto beyond = std::find_if(subject.labels.begin(), subject.labels.end(),
                             [&](int64_t label) { return label < 0 || label >= classes; });
  if (beyond == subject.labels.end()) {
    return std::nullopt;
  }
  return nir::Error(fmt::format("found label {} of sample {}, expected less than {} as output '{}' "
                                "has so many elements",
                                *beyond, beyond - subject.labels.begin(), classes, output.node))
      .in(command.images.labels);
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
  if (command.images.images.empty()) {
    nir::Result<nir::Recording> base = runSignals(subject, *compiled->executable, command.threads);
    if (!base) {
      return base.takeError();
    }
    subject.base = *std::move(base);
    if (nir::Status failed = checkLabels(command, subject)) {
      return failed;
    }
    bool spikes = std::any_of(subject.base.traces.begin(), subject.base.traces.end(),
                              [](const nir::Trace &trace) { return trace.observable == "spikes"; });
    exploration.yardstick = !subject.labels.empty() ? Yardstick::Accuracy
                            : spikes                ? Yardstick::SpikeDistance
                                                    : Yardstick::NumberDistance;
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
  bool hasImages = !command.images.images.empty();
  if (hasImages == !command.inputs.empty()) {
    return nir::Error::usage(fmt::format("found {}, expected --input, or --images and --labels",
                                         hasImages ? "--input and --images" : "nothing to run on"));
  }
  if (hasImages && command.images.labels.empty()) {
    return nir::Error::usage("found --images without --labels");
  }
  if (hasImages) {
    nir::Result<ClassifierPorts> ports = classifierPorts(subject.network);
    if (!ports) {
      return ports.takeError();
    }
    subject.network.sources = {{ports->input, command.images.images}};
  }
  nir::Status failed = hasImages ? assignCalibration(command, subject.network)
                                 : assignSources(command, subject.network);
  if (failed) {
    return failed;
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
  return convertTimes(command, subject.choices.semantics.dtSeconds, subject.network);
}

static std::string titleOf(const ExploreCommand &command, const Subject &subject) {
  const nir::Semantics &semantics = subject.choices.semantics;
  std::string what = extentText(subject.inputs);
  if (!command.images.images.empty()) {
    const Presentation &how = subject.view.presentation;
    what = fmt::format("{} images, {} steps of {}, {} encoding", subject.shown.count, how.steps,
                       secondsText(how.dtSeconds), name(how.encoding));
  }
  return fmt::format("{}: {}, semantics {}", command.model, what, semantics.text());
}

static Exit finish(const ExploreCommand &command, const Subject &subject,
                   const Exploration &exploration) {
  const std::vector<FormatTrial> &trials = exploration.trials;
  if (std::none_of(trials.begin(), trials.end(),
                   [](const FormatTrial &trial) { return trial.error.empty(); })) {
    return fail(Exit::Input, nir::Error("none of the formats can be run")
                                 .in(command.model)
                                 .note(trials.empty() ? "there is none" : trials.front().error));
  }
  if (!command.csv.empty()) {
    if (nir::Status failed = writeFile(command.csv, explorationCsv(exploration))) {
      return fail(Exit::Input, *failed);
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
  bool hasImages = !command.images.images.empty();
  if (nir::Status failed =
          hasImages ? loadImages(command, subject) : loadSignals(command, subject)) {
    return fail(*failed);
  }
  Scorer scorer = [&](Executable &executable, int threads) {
    return hasImages ? scoreImages(subject, executable, threads)
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
  addImageOptions(app, command.images);
  app.get_option("--labels")
      ->description(
          "With --images an IDX file with the class of each. With --input a .npy file with "
          "that of each sample, or `names`: the names of its files start with it");
  app.get_option("--count")->description("How many images; otherwise 1000");
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
      "  nirc explore model.nir --input x.npy --dt 1ms --weight-bits 4,5,6 --memory 20000");
  command->callback([options, &exit] { exit = explore(*options); });
}

} // namespace nirc
