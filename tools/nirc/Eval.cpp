//===- Eval.cpp - `nirc eval` ---------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Units.h"
#include "tools/nirc/ImageOptions.h"
#include "tools/nirc/Progress.h"
#include "tools/text/Table.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>

namespace nirc {

namespace {
struct EvalCommand : ExecutionOptions {
  std::vector<std::string> models;
  std::vector<std::string> formats; ///< several, to be held against each other; "float" is one
  ImageOptions images;
  bool confusion = false, json = false;
};

/// Everything that is settled before the images are read.
struct Prepared {
  std::string model;
  Network network;
  Choices choices;
  ImageView view;
};

/// An evaluation that went through.
struct Outcome {
  Prepared eval;
  Evaluation result;
  Json provenance;
  std::vector<nir::Diagnostic> advice = {}; ///< of this one
};
} // namespace

/// Understands the command line against the graph.
static nir::Status prepare(const EvalCommand &command, Prepared &eval) {
  nir::Result<ClassifierPorts> ports = classifierPorts(eval.network);
  if (!ports) {
    return ports.takeError();
  }
  eval.network.sources = {{ports->input, command.images.images}};
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
  nir::Result<ImageView> view =
      imageViewOf(command, command.images, eval.network, eval.choices.semantics.dtSeconds);
  if (!view) {
    return view.takeError();
  }
  eval.view = *std::move(view);
  return std::nullopt;
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
  const Presentation &how = eval.view.presentation;
  auto origin = [](bool ofFile) { return ofFile ? " (the file's)" : ""; };
  fmt::print("{}: {} image{}, {} steps{} of {}, {} encoding{}, semantics {}, target {}\n",
             command.model, result.total, result.total == 1 ? "" : "s", how.steps,
             origin(eval.view.stepsOfFile), secondsText(how.dtSeconds), name(how.encoding),
             origin(eval.view.encodingOfFile), semanticsText(provenance), targetText(provenance));
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
  json.update(Json{{"advice", diagnosticsJson(outcome.advice)},
                   {"labels", command.images.labels},
                   {"encoding", name(eval.view.presentation.encoding)},
                   {"first", command.images.first},
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

static Exit evaluate(const EvalCommand &command, Outcome &outcome,
                     std::vector<nir::Diagnostic> &said) {
  Prepared &eval = outcome.eval;
  nir::Result<LabelledImages> set =
      readLabelledImages(command.images.images, command.images.labels, command.maxInputBytes);
  if (!set) {
    return fail(Exit::Input, set.error());
  }
  Progress progress("image", /*quiet=*/false);
  EvaluationOptions options{command.images.first, command.images.count, command.threads,
                            [&](int64_t done, int64_t total) { progress.update(done, total); }};
  if (nir::Status failed = checkImages(eval.view.ports, *set, options)) {
    return fail(*failed);
  }
  Inputs some = someImages(eval.view, *set, options);
  if (nir::Status failed = calibrate(command, eval.network, &some, eval.choices, said)) {
    return fail(*failed);
  }
  nir::Result<Compiled> compiled = compile(eval.network, eval.choices, command.manner());
  if (!compiled) {
    return fail(compiled.error());
  }
  nir::Result<Evaluation> result =
      evaluate(*compiled->executable, eval.view.ports, *set, eval.view.presentation, options);
  if (!result) {
    return fail(Exit::Input, result.error());
  }
  Inputs shown;
  shown.batch = result->total;
  shown.steps = eval.view.presentation.steps;
  std::string sha256 = command.json ? eval.network.file.sha256() : "";
  outcome.provenance =
      provenanceOf(command, eval.network, eval.choices, shown, compiled->notices, sha256);
  print(eval.network, compiled->notices, command, said);
  outcome.result = *std::move(result);
  return Exit::Done;
}

/// One model in one number format. What was `said` of another is not said again.
static Exit runOne(const EvalCommand &command, Outcome &outcome,
                   std::vector<nir::Diagnostic> &said) {
  Prepared &eval = outcome.eval;
  eval.model = command.model;
  if (Exit exit = loadNetwork(command, eval.network, Clocked::AndPrograms); exit != Exit::Done) {
    return exit;
  }
  if (nir::Status failed = prepare(command, eval)) {
    return fail(*failed);
  }
  if (Exit exit = advise(command, eval.network, eval.choices, said); exit != Exit::Done) {
    return exit;
  }
  if (nir::Result<std::vector<nir::Diagnostic>> advice =
          adviceFor(command, eval.network, eval.choices)) {
    outcome.advice = *std::move(advice);
  }
  size_t before = said.size();
  Exit exit = evaluate(command, outcome, said);
  outcome.advice.insert(outcome.advice.end(), said.begin() + static_cast<ptrdiff_t>(before),
                        said.end());
  return exit;
}

static Exit run(const EvalCommand &command) {
  std::vector<std::string> formats = command.formats;
  if (formats.empty()) {
    formats = {command.choices.format.empty() ? "float" : command.choices.format};
  }
  std::vector<Outcome> outcomes;
  std::vector<nir::Diagnostic> said;
  Json runs = Json::array();
  for (const std::string &model : command.models) {
    for (const std::string &format : formats) {
      EvalCommand one = command;
      one.model = model;
      one.choices.format = format == "float" ? "" : format;
      if (Exit exit = runOne(one, outcomes.emplace_back(), said); exit != Exit::Done) {
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
  addImageOptions(app, command.images);
  app.get_option("--images")->required();
  app.get_option("--labels")->required();
  app.add_option("--steps", command.steps,
                 "For how many steps an image is shown; otherwise the "
                 "file's own")
      ->check(CLI::Range(int64_t(1), int64_t(1) << 20));
  app.add_option("--seed", command.seed, "Seed of --encoding rate")->capture_default_str();
  addMannerOptions(app, command);
  addStepOptions(app, command);
  app.add_option("--formats", command.formats,
                 "Several number formats, for a table of them: float int8 int4")
      ->excludes(app.get_option("--format"));
  app.get_option("--calibrate")->remove_needs(app.get_option("--format"));
  app.add_flag("--confusion", command.confusion,
               "Print what the images of each class were taken for");
  app.add_flag("--json", command.json, "Print JSON, with the confusions");
}

void addEval(CLI::App &app, Exit &exit) {
  CLI::App *command =
      app.add_subcommand("eval", "Count how many labelled images a model classifies correctly");
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
