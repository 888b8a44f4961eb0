//===- Eval.cpp - `nirc eval` ---------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/Reading.h"
#include "tools/io/Units.h"
#include "tools/nirc/Evaluation.h"
#include "tools/nirc/Execution.h"
#include "tools/nirc/Progress.h"
#include "tools/nirc/Table.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>

namespace nirc {

namespace {
struct EvalCommand : ExecutionOptions {
  std::vector<std::string> models;
  std::vector<std::string> formats; ///< several, to be held against each other; "float" is one
  std::string images, labels, encoding;
  int64_t first = 0, count = 0;
  bool confusion = false, json = false;
};

/// Everything that is settled before the images are read.
struct Prepared {
  std::string model;
  Network network;
  Choices choices;
  ClassifierPorts ports;
  Presentation presentation;
  bool encodingOfFile = false, stepsOfFile = false; ///< whether the file's metadata says them
};

/// An evaluation that went through.
struct Outcome {
  Prepared eval;
  Evaluation result;
  Json provenance;
};
} // namespace

/// How the images are shown: as the options say, else as the file does.
static nir::Status preparePresentation(const EvalCommand &command, Prepared &eval) {
  nir::Result<nir::Reading> reading = nir::readingOf(eval.network.file.model);
  if (!reading) {
    return reading.takeError().in(command.model);
  }
  Presentation &how = eval.presentation;
  how.seed = command.seed;
  how.dtSeconds = eval.choices.semantics.dtSeconds;
  how.steps = command.steps ? command.steps : reading->steps.value_or(0);
  eval.stepsOfFile = command.steps == 0;
  if (how.steps == 0) {
    return nir::Error("nothing says for how many steps an image is shown: no --steps, and the file "
                      "has no metadata nirc/steps")
        .note("--steps N says it, as in --steps 10");
  }
  eval.encodingOfFile = command.encoding.empty() && !reading->encoding.empty();
  std::string text = eval.encodingOfFile ? reading->encoding : command.encoding;
  if (!text.empty()) {
    nir::Result<Encoding> encoding = encodingOf(text);
    if (!encoding && eval.encodingOfFile) {
      return encoding.takeError()
          .note("the encoding is that of the file's metadata nirc/encoding; --encoding takes "
                "another")
          .in(command.model);
    }
    if (!encoding) {
      return nir::Error("--encoding: " + encoding.error().message);
    }
    how.encoding = *encoding;
  }
  return std::nullopt;
}

/// Understands the command line against the graph.
static nir::Status prepare(const EvalCommand &command, Prepared &eval) {
  nir::Result<ClassifierPorts> ports = classifierPorts(eval.network);
  if (!ports) {
    return ports.takeError();
  }
  eval.ports = *std::move(ports);
  eval.network.sources = {{eval.ports.input, command.images}};
  if (nir::Status failed = assignCalibration(command, eval.network)) {
    return failed;
  }
  nir::Result<Choices> choices = choose(command, eval.network);
  if (!choices) {
    return choices.takeError();
  }
  eval.choices = *std::move(choices);
  if (nir::Status failed = convertTimes(command, eval.choices.semantics.dtSeconds, eval.network)) {
    return failed;
  }
  return preparePresentation(command, eval);
}

//===----------------------------------------------------------------------===//
// Reports
//===----------------------------------------------------------------------===//

static double imagesPerSecond(const Evaluation &result) {
  return static_cast<double>(result.total) / result.seconds;
}

/// A row a class: its images, how many of them are right, and with --confusion what they were taken
/// for.
static std::string classTable(const Evaluation &result, bool confusion) {
  Table table(0);
  std::vector<std::string> header = {"class", "images", "right"};
  for (int64_t said = 0; confusion && said < result.classes; ++said) {
    header.push_back(fmt::format("{}", said));
  }
  table.add(header);
  for (int64_t label = 0; label < result.classes; ++label) {
    int64_t images = result.imagesOf(label);
    double share =
        100.0 * static_cast<double>(result.at(label, label)) / static_cast<double>(images);
    std::vector<std::string> row = {fmt::format("{}", label), fmt::format("{}", images),
                                    images ? fmt::format("{:.2f} %", share) : "-"};
    for (int64_t said = 0; confusion && said < result.classes; ++said) {
      row.push_back(fmt::format("{}", result.at(label, said)));
    }
    table.add(row);
  }
  return table.str();
}

static void printText(const EvalCommand &command, const Outcome &outcome) {
  const Prepared &eval = outcome.eval;
  const Evaluation &result = outcome.result;
  const Json &provenance = outcome.provenance;
  const Presentation &how = eval.presentation;
  auto origin = [](bool ofFile) { return ofFile ? " (the file's)" : ""; };
  fmt::print("{}: {} image{}, {} steps{} of {}, {} encoding{}, semantics {}, target {}\n",
             command.model, result.total, result.total == 1 ? "" : "s", how.steps,
             origin(eval.stepsOfFile), secondsText(how.dtSeconds), name(how.encoding),
             origin(eval.encodingOfFile), semanticsText(provenance), targetText(provenance));
  fmt::print("{}", rangesText(eval.network, eval.choices));
  fmt::print("accuracy {:.2f} %: {} of {} right\n", 100.0 * result.accuracy(), result.correct,
             result.total);
  if (result.silent > 0) {
    fmt::print("{} without any output spike, taken for class 0\n", result.silent);
  }
  fmt::print("\n{}\n{:.2f} s, {:.0f} images/s\n", classTable(result, command.confusion),
             result.seconds, imagesPerSecond(result));
}

static Json confusionJson(const Evaluation &result) {
  Json rows = Json::array();
  for (int64_t label = 0; label < result.classes; ++label) {
    Json row = Json::array();
    for (int64_t said = 0; said < result.classes; ++said) {
      row.push_back(result.at(label, said));
    }
    rows.push_back(row);
  }
  return rows;
}

static Json jsonOf(const EvalCommand &command, const Outcome &outcome) {
  const Prepared &eval = outcome.eval;
  const Evaluation &result = outcome.result;
  Json json = outcome.provenance;
  json.update(Json{{"labels", command.labels},
                   {"encoding", name(eval.presentation.encoding)},
                   {"first", command.first},
                   {"total", result.total},
                   {"correct", result.correct},
                   {"accuracy", result.accuracy()},
                   {"silent", result.silent},
                   {"classes", Json::array()},
                   {"confusion", confusionJson(result)},
                   {"seconds", result.seconds},
                   {"images_per_second", imagesPerSecond(result)}});
  for (int64_t label = 0; label < result.classes; ++label) {
    json["classes"].push_back({{"class", label},
                               {"images", result.imagesOf(label)},
                               {"correct", result.at(label, label)}});
  }
  return json;
}

/// A row an evaluation.
static std::string comparison(const std::vector<Outcome> &outcomes) {
  Table table(2);
  table.add({"model", "numbers", "accuracy", "right", "images"});
  for (const Outcome &outcome : outcomes) {
    const Evaluation &result = outcome.result;
    const auto &quantization = outcome.eval.choices.quantization;
    table.add({outcome.eval.model,
               quantization ? quantization->format.text()
                            : std::string(nir::name(outcome.eval.choices.dtype)),
               fmt::format("{:.2f} %", 100.0 * result.accuracy()),
               fmt::format("{}", result.correct), fmt::format("{}", result.total)});
  }
  return table.str();
}

//===----------------------------------------------------------------------===//
// The command
//===----------------------------------------------------------------------===//

/// Whether what the network sees of one image keeps to the limit.
static nir::Status withinLimit(const EvalCommand &command, const Prepared &eval) {
  int64_t steps = eval.presentation.steps;
  double bytes = 4.0 * static_cast<double>(steps) *
                 static_cast<double>(nir::numElements(eval.ports.input.shape));
  if (bytes <= static_cast<double>(command.maxInputBytes)) {
    return std::nullopt;
  }
  return nir::Error(fmt::format("{} steps of an image take {:.3g} bytes, the limit is {}", steps,
                                bytes, command.maxInputBytes))
      .note("--max-input-bytes raises the limit");
}

/// Some of the images, from which the unit of the input is found where no --calibrate says it.
static Inputs sample(const Prepared &eval, const LabelledImages &set,
                     const EvaluationOptions &options) {
  constexpr int64_t enough = 100;
  int64_t count = std::min(enough, options.count ? options.count : set.count() - options.first);
  Inputs some;
  some.recording = shownImages(eval.ports, set, eval.presentation, options.first, count);
  some.steps = eval.presentation.steps;
  return some;
}

static Exit evaluate(const EvalCommand &command, Outcome &outcome) {
  Prepared &eval = outcome.eval;
  if (nir::Status failed = withinLimit(command, eval)) {
    return fail(Exit::Usage, *failed);
  }
  nir::Result<LabelledImages> set =
      readLabelledImages(command.images, command.labels, command.maxInputBytes);
  if (!set) {
    return fail(Exit::Input, set.error());
  }
  Progress progress("image", /*quiet=*/false);
  EvaluationOptions options{command.first, command.count, command.threads,
                            [&](int64_t done, int64_t total) { progress.update(done, total); }};
  if (nir::Status failed = checkImages(eval.ports, *set, options)) {
    return fail(failed->file.empty() ? Exit::Usage : Exit::Input, *failed);
  }
  Inputs some = sample(eval, *set, options);
  if (nir::Status failed = calibrate(command, eval.network, &some, eval.choices)) {
    return fail(failed->file.empty() ? Exit::Usage : Exit::Input, *failed);
  }
  nir::Result<Compiled> compiled = compile(eval.network, eval.choices, command.manner());
  if (!compiled) {
    return fail(Exit::Input, compiled.error());
  }
  nir::Result<Evaluation> result =
      evaluate(*compiled->executable, eval.ports, *set, eval.presentation, options);
  if (!result) {
    return fail(Exit::Input, result.error());
  }
  Inputs shown;
  shown.batch = result->total;
  shown.steps = eval.presentation.steps;
  std::string sha256 = command.json ? eval.network.file.sha256() : "";
  outcome.provenance =
      provenanceOf(command, eval.network, eval.choices, shown, compiled->folds, sha256);
  print(eval.network, compiled->folds);
  outcome.result = *std::move(result);
  return Exit::Done;
}

/// One model in one number format.
static Exit runOne(const EvalCommand &command, Outcome &outcome) {
  Prepared &eval = outcome.eval;
  eval.model = command.model;
  if (Exit exit = loadNetwork(command, eval.network, Clocked::Taken); exit != Exit::Done) {
    return exit;
  }
  if (nir::Status failed = prepare(command, eval)) {
    return fail(failed->file.empty() ? Exit::Usage : Exit::Input, *failed);
  }
  return evaluate(command, outcome);
}

static Exit run(const EvalCommand &command) {
  std::vector<std::string> formats = command.formats;
  if (formats.empty()) {
    formats = {command.choices.format.empty() ? "float" : command.choices.format};
  }
  std::vector<Outcome> outcomes;
  Json runs = Json::array();
  for (const std::string &model : command.models) {
    for (const std::string &format : formats) {
      EvalCommand one = command;
      one.model = model;
      one.choices.format = format == "float" ? "" : format;
      if (Exit exit = runOne(one, outcomes.emplace_back()); exit != Exit::Done) {
        return exit;
      }
      runs.push_back(jsonOf(one, outcomes.back()));
      if (!command.json && command.models.size() * formats.size() == 1) {
        printText(one, outcomes.back());
      }
    }
  }
  bool isOne = outcomes.size() == 1;
  if (command.json) {
    fmt::print("{}", dump(isOne ? runs[0] : runs));
  } else if (!isOne) {
    fmt::print("{}", comparison(outcomes));
  }
  return Exit::Done;
}

static void addOptions(CLI::App &app, EvalCommand &command) {
  app.add_option(
         "model", command.models,
         "A .nir, .mlir or .mlirbc file: a graph, or what `nirc quantize` wrote; or several")
      ->required();
  app.add_option("--images", command.images,
                 "IDX file of unsigned bytes, an image after the other, as MNIST has them; may be "
                 "compressed (.gz)")
      ->required();
  app.add_option("--labels", command.labels, "IDX file with the class of each, counted from 0")
      ->required();
  app.add_option("--encoding", command.encoding,
                 "direct: a pixel is a current of 0 to 1 in each step; rate: the probability of a "
                 "spike. Otherwise the file's own, or direct");
  app.add_option("--steps", command.steps,
                 "For how many steps an image is shown; otherwise the "
                 "file's own")
      ->check(CLI::Range(int64_t(1), int64_t(1) << 20));
  app.add_option("--seed", command.seed, "Of --encoding rate")->capture_default_str();
  app.add_option("--first", command.first, "The image to begin with")
      ->check(CLI::Range(int64_t(0), int64_t(1) << 40))
      ->capture_default_str();
  app.add_option("--count", command.count, "How many images; otherwise all")
      ->check(CLI::Range(int64_t(1), int64_t(1) << 40));
  addMannerOptions(app, command);
  addStepOptions(app, command);
  app.add_option("--formats", command.formats,
                 "Several number formats, for a table of them: float int8 int4")
      ->excludes(app.get_option("--format"));
  app.add_flag("--confusion", command.confusion,
               "Print what the images of each class were taken for");
  app.add_flag("--json", command.json, "Print JSON, with the confusions");
}

void addEval(CLI::App &app, Exit &exit) {
  CLI::App *command =
      app.add_subcommand("eval", "Count how many labelled images a model classifies right");
  auto options = std::make_shared<EvalCommand>();
  addOptions(*command, *options);
  command->footer(
      "The class is the output neuron that spikes most often, the first of several.\n"
      "Examples:\n"
      "  nirc eval mlp.nir --images t10k-images-idx3-ubyte.gz --labels t10k-labels-idx1-ubyte.gz\n"
      "  nirc eval mlp.nir --images images --labels labels --encoding rate --steps 50 --dt 1ms\n"
      "  nirc eval mlp.nir --images images --labels labels --count 500 --confusion\n"
      "  nirc eval mlp.nir --images images --labels labels --format int8\n"
      "  nirc eval mlp.nir cnn.nir --images images --labels labels --formats float int8 int4");
  command->callback([options, &exit] { exit = run(*options); });
}

} // namespace nirc
