//===- Eval.cpp - `nirc eval` ---------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Silence.h"
#include "api/io/Files.h"
#include "api/io/Printable.h"
#include "tools/nirc/FigureOptions.h"
#include "tools/nirc/Progress.h"
#include "tools/nirc/SampleOptions.h"
#include "tools/pictures/charts/Confusion.h"
#include "tools/text/Table.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <memory>

namespace nirc {

namespace {
struct EvalCommand : ExecutionOptions {
  std::vector<std::string> models;
  std::vector<std::string> formats; ///< several, to be held against each other; "float" is one
  SampleOptions samples;
  int64_t seeds = 1;
  std::string answers;
  FigureOptions figures;
  bool confusion = false, mean = false, json = false;
};

/// Everything that is settled before the samples are read.
struct Prepared {
  std::string model;
  Network network;
  Choices choices;
  ClassifierPorts ports;
};

/// An evaluation that went through.
struct Outcome {
  Prepared eval;
  LabelledSet set;
  std::vector<Evaluation> results; ///< one a seed
  Evaluation all;                  ///< of all seeds
  std::string extent;              ///< how many samples, of how many steps
  Inputs inputs = {};              ///< of events what there is to say
  Json provenance;
  std::vector<nir::Diagnostic> advice = {}; ///< of this one
};

/// A mean and the standard deviation of a sample, which one value does not have.
struct Spread {
  double mean = 0.0;
  std::optional<double> deviation;
};
} // namespace

static Spread spreadOf(const std::vector<double> &values) {
  Spread spread;
  auto count = static_cast<double>(values.size());
  for (double value : values) {
    spread.mean += value / count;
  }
  bool areEqual = std::equal(values.begin() + 1, values.end(), values.begin());
  spread.mean = areEqual ? values.front() : spread.mean; // without a rounding of sums
  if (values.size() > 1) {
    double squares = 0.0;
    for (double value : values) {
      squares += (value - spread.mean) * (value - spread.mean);
    }
    spread.deviation = std::sqrt(squares / (count - 1.0));
  }
  return spread;
}

static std::vector<double> accuracies(const Outcome &outcome) {
  std::vector<double> values;
  for (const Evaluation &result : outcome.results) {
    values.push_back(result.accuracy());
  }
  return values;
}

/// "97.53 %", or "97.53 ± 0.12 %".
static std::string accuracyText(const Spread &spread) {
  return spread.deviation
             ? fmt::format("{:.2f} ± {:.2f} %", 100.0 * spread.mean, 100.0 * *spread.deviation)
             : fmt::format("{:.2f} %", 100.0 * spread.mean);
}

/// Understands the command line against the graph.
static nir::Status prepare(const EvalCommand &command, Prepared &eval) {
  nir::Result<ClassifierPorts> ports = classifierPorts(eval.network);
  if (!ports) {
    return ports.takeError();
  }
  eval.ports = *std::move(ports);
  if (nir::Status failed = assignSamples(command, command.samples, eval.network)) {
    return failed;
  }
  if (nir::Status failed = checkOutput(command.answers, command.samples, eval.network)) {
    return failed;
  }
  std::vector<std::string> inputs = filesRead(command.samples, eval.network);
  if (auto figures = figureRequests(command.figures, {}, inputs); !figures) {
    return figures.takeError();
  }
  nir::Result<Choices> choices = choose(command, eval.network);
  if (!choices) {
    return choices.takeError();
  }
  eval.choices = *std::move(choices);
  return convertTimes(command, eval.choices.semantics.dtSeconds, eval.network);
}

//===----------------------------------------------------------------------===//
// Reports
//===----------------------------------------------------------------------===//

static double samplesPerSecond(const Evaluation &result) {
  return static_cast<double>(result.total) / result.seconds;
}

/// The name of a class, or its number.
static std::string className(const Outcome &outcome, int64_t label) {
  const std::vector<std::string> &names = outcome.set.labels.names;
  auto at = static_cast<size_t>(label);
  return at < names.size() ? names[at] : fmt::format("{}", label);
}

/// A row a class: its samples, how many of them are right, and with --confusion what they were
/// taken for.
static std::string classTable(const Outcome &outcome, const char *what, bool confusion) {
  const Evaluation &result = outcome.all;
  Table table(outcome.set.labels.names.empty() ? 0 : 1);
  std::vector<std::string> header = {"class", what, "right"};
  for (int64_t said = 0; confusion && said < result.classes; ++said) {
    header.push_back(className(outcome, said));
  }
  table.add(header);
  for (int64_t label = 0; label < result.classes; ++label) {
    int64_t samples = result.samplesOf(label);
    double share =
        100.0 * static_cast<double>(result.at(label, label)) / static_cast<double>(samples);
    std::vector<std::string> row = {className(outcome, label), fmt::format("{}", samples),
                                    samples ? fmt::format("{:.2f} %", share) : "-"};
    for (int64_t said = 0; confusion && said < result.classes; ++said) {
      row.push_back(fmt::format("{}", result.at(label, said)));
    }
    table.add(row);
  }
  return table.str();
}

static void printText(const EvalCommand &command, const Outcome &outcome) {
  const Prepared &eval = outcome.eval;
  const Evaluation &result = outcome.all;
  const Json &provenance = outcome.provenance;
  const char *what = command.samples.images.empty() ? "samples" : "images";
  fmt::print("{}: {}, semantics {}, target {}\n", command.model, outcome.extent,
             semanticsText(provenance), targetText(provenance));
  fmt::print("{}", eventsText(outcome.inputs));
  if (!isLabelFile(command.samples.labels)) {
    fmt::print("labels: {}\n", outcome.set.labels.from);
  }
  fmt::print("{}", rangesText(eval.network, eval.choices));
  Spread spread = spreadOf(accuracies(outcome));
  if (command.seeds > 1) {
    fmt::print("accuracy {}: mean and standard deviation of seeds {} to {}\n", accuracyText(spread),
               command.seed, command.seed + static_cast<uint64_t>(command.seeds) - 1);
  } else {
    fmt::print("accuracy {}: {} of {} right\n", accuracyText(spread), result.correct, result.total);
  }
  if (result.silent > 0) {
    fmt::print("{} without any output spike, taken for class {}\n", result.silent,
               className(outcome, 0));
  }
  if (result.notFinite > 0) {
    fmt::print("{} with an output that is infinite or no number, whose answers mean nothing\n",
               result.notFinite);
  }
  fmt::print("\n{}\n{:.2f} s, {:.0f} {}/s\n", classTable(outcome, what, command.confusion),
             result.seconds, samplesPerSecond(result), what);
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
  const Evaluation &result = outcome.all;
  Spread spread = spreadOf(accuracies(outcome));
  std::optional<Encoder> encoder = encoderOf(command, eval.network, outcome.set);
  Json json = outcome.provenance;
  json.update(Json{{"advice", diagnosticsJson(outcome.advice)},
                   {"labels", outcome.set.labels.from},
                   {"encoding", encoder ? Json(text(*encoder)) : Json()},
                   {"first", command.samples.first},
                   {"total", result.total},
                   {"correct", result.correct},
                   {"accuracy", spread.mean},
                   {"accuracies", accuracies(outcome)},
                   {"deviation", spread.deviation ? Json(*spread.deviation) : Json()},
                   {"silent", result.silent},
                   {"not_finite", result.notFinite},
                   {"classes", Json::array()},
                   {"confusion", confusionJson(result)},
                   {"seconds", result.seconds},
                   {"samples_per_second", samplesPerSecond(result)}});
  for (int64_t label = 0; label < result.classes; ++label) {
    json["classes"].push_back({{"class", label},
                               {"name", className(outcome, label)},
                               {"samples", result.samplesOf(label)},
                               {"correct", result.at(label, label)}});
  }
  return json;
}

static std::string numbersText(const Choices &choices) {
  return choices.quantization ? choices.quantization->format.text()
                              : std::string(nir::name(choices.dtype));
}

/// A row an evaluation, and with --mean a row for all models.
static std::string comparison(const EvalCommand &command, const std::vector<Outcome> &outcomes) {
  Table table(2);
  table.add({"model", "numbers", "accuracy", "right", "samples"});
  std::vector<std::pair<std::string, std::vector<double>>> byNumbers;
  for (const Outcome &outcome : outcomes) {
    Spread spread = spreadOf(accuracies(outcome));
    std::string numbers = numbersText(outcome.eval.choices);
    table.add({outcome.eval.model, numbers, accuracyText(spread),
               fmt::format("{}", outcome.all.correct), fmt::format("{}", outcome.all.total)});
    auto found = std::find_if(byNumbers.begin(), byNumbers.end(),
                              [&](const auto &one) { return one.first == numbers; });
    if (found == byNumbers.end()) {
      found = byNumbers.insert(byNumbers.end(), {numbers, {}});
    }
    found->second.push_back(spread.mean);
  }
  for (const auto &[numbers, means] : byNumbers) {
    if (command.mean) {
      table.add(
          {fmt::format("{} models", means.size()), numbers, accuracyText(spreadOf(means)), "", ""});
    }
  }
  return table.str();
}

/// In quotes where it holds a comma, a quote or the end of a line.
static std::string csvField(const std::string &text) {
  return text.find_first_of(",\"\r\n") == std::string::npos ? text : csvQuoted(text);
}

/// A row a sample: its name, its class, and what it was taken for.
static std::string answersCsv(const Outcome &outcome, int64_t first) {
  std::string text = "sample,class,answer\n";
  const std::vector<int64_t> &answers = outcome.results.front().answers;
  for (size_t i = 0; i < answers.size(); ++i) {
    int64_t place = first + static_cast<int64_t>(i);
    text += fmt::format(
        "{},{},{}\n", csvField(outcome.set.nameOf(place)),
        csvField(className(outcome, outcome.set.labels.values[static_cast<size_t>(place)])),
        csvField(className(outcome, answers[i])));
  }
  return text;
}

/// The confusion matrix of one model in one format.
static nir::Status writeFigures(const EvalCommand &command, const Outcome &outcome) {
  if (command.figures.figures.empty()) {
    return std::nullopt;
  }
  const Evaluation &result = outcome.all;
  ConfusionPicture picture;
  for (int64_t label = 0; label < result.classes; ++label) {
    picture.classes.push_back(printable(className(outcome, label)));
  }
  picture.counts = result.confusion;
  picture.caption = fmt::format(
      "{}: {}, semantics {}, target {}. {} of {} right, {}.", modelName(command.models.front()),
      outcome.extent, semanticsText(outcome.provenance), targetText(outcome.provenance),
      result.correct, result.total, accuracyText(spreadOf(accuracies(outcome))));
  Drawing drawing = confusionFigure(picture, command.figures.style);
  for (const std::string &path : command.figures.figures) {
    if (nir::Status failed = writeFigure(path, drawing)) {
      return failed;
    }
  }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// The command
//===----------------------------------------------------------------------===//

static Exit evaluate(const EvalCommand &command, Outcome &outcome,
                     std::vector<nir::Diagnostic> &said) {
  Prepared &eval = outcome.eval;
  Heard heard;
  Progress progress("sample", command.quiet);
  EvaluationOptions shown{
      .first = command.samples.first, .seed = command.seed, .threads = command.threads};
  shown.progress = [&](int64_t done, int64_t total) { progress.update(done, total); };
  nir::Result<LabelledSet> set = openSamples(command, command.samples, eval.network, eval.ports,
                                             eval.choices.semantics.dtSeconds, shown, heard);
  if (!set) {
    return fail(set.error());
  }
  outcome.set = *std::move(set);
  sayRemarks(command, outcome.set.samples->remarks, said);
  if (command.seeds > 1 && !outcome.set.samples->isRandom) {
    return fail(nir::Error::usage(
        fmt::format("found --seeds {}, expected 1: nothing here is random, as --encoding rate is",
                    command.seeds)));
  }
  nir::Result<Inputs> some = someSamples(outcome.set, shown);
  if (!some) {
    return fail(some.error());
  }
  if (nir::Status failed = calibrate(command, eval.network, &*some, eval.choices, said)) {
    return fail(*failed);
  }
  nir::Result<Compiled> compiled = compile(eval.network, eval.choices, command.manner());
  if (!compiled) {
    return fail(compiled.error());
  }
  for (int64_t i = 0; i < command.seeds; ++i) {
    shown.seed = command.seed + static_cast<uint64_t>(i);
    Heard again;
    nir::Result<Evaluation> result =
        evaluate(*compiled->executable, eval.ports, outcome.set, shown, i == 0 ? heard : again);
    if (!result) {
      return fail(Exit::Input, result.error());
    }
    outcome.results.push_back(*std::move(result));
  }
  outcome.all = outcome.results.front();
  for (size_t i = 1; i < outcome.results.size(); ++i) {
    outcome.all.add(outcome.results[i]);
  }
  sayRemarks(command, heard.remarks.take(), said);
  if (outcome.all.silent == outcome.all.total) {
    say(command, silenceHint(eval.network, eval.choices, *some, command.manner()), said);
  }
  outcome.inputs.events = std::move(heard.facts);
  outcome.inputs.batch = outcome.results.front().total;
  outcome.inputs.steps = outcome.set.steps;
  outcome.extent = text(command, command.samples, eval.network, outcome.set, outcome.inputs.batch);
  std::string sha256 = command.json ? eval.network.file.sha256() : "";
  outcome.provenance =
      provenanceOf(command, eval.network, eval.choices, outcome.inputs, compiled->notices, sha256);
  print(eval.network, compiled->notices, command, said);
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

/// Refuses an array or a folder among the models, and names the option that takes it.
static nir::Status checkModels(const EvalCommand &command) {
  auto isModel = [](const std::string &path) {
    std::error_code none;
    std::string ending = std::filesystem::path(path).extension().string();
    return ending != ".npy" && ending != ".npz" && !std::filesystem::is_directory(path, none);
  };
  auto stray = std::find_if_not(command.models.begin(), command.models.end(), isModel);
  if (stray == command.models.end() || command.models.size() == 1) {
    return std::nullopt;
  }
  const char *option = command.inputs.empty() && command.samples.images.empty() ? "--input"
                       : command.samples.labels.empty()                         ? "--labels"
                                                                                : "--input";
  return nir::Error::usage(fmt::format("found '{}' among the models", *stray))
      .note(fmt::format("did you mean {} {}?", option, *stray));
}

static Exit run(const EvalCommand &command) {
  if (nir::Status failed = checkModels(command)) {
    return fail(*failed);
  }
  bool areSeveral = command.models.size() > 1 || command.formats.size() > 1;
  if (areSeveral && !command.answers.empty()) {
    return fail(nir::Error::usage("--answers: found several models or formats, expected one"));
  }
  if (areSeveral && !command.figures.figures.empty()) {
    return fail(nir::Error::usage("--figure: found several models or formats, expected one"));
  }
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
    fmt::print("{}", comparison(command, outcomes));
  }
  if (nir::Status failed = writeFigures(command, outcomes.front())) {
    return fail(*failed);
  }
  if (!command.answers.empty()) {
    if (nir::Status failed =
            writeFile(command.answers, answersCsv(outcomes.front(), command.samples.first))) {
      return fail(Exit::Input, *failed);
    }
  }
  return Exit::Done;
}

static void addOptions(CLI::App &app, EvalCommand &command) {
  app.add_option(
         "model", command.models,
         "A .nir, .mlir or .mlirbc file: a graph, or what `nirc quantize` wrote; or several")
      ->required();
  addSampleOptions(app, command.samples);
  addInputOption(app, command);
  addSourceOptions(app, command);
  addLayout(app, command);
  app.get_option("--steps")->description("For how many steps a sample is shown; otherwise the "
                                         "model's own for images, and else as many "
                                         "as the longest sample has");
  app.add_option("--seeds", command.seeds,
                 "How often, each time with the next seed: the mean and the standard deviation")
      ->check(CLI::Range(int64_t(1), int64_t(1) << 20))
      ->capture_default_str();
  addMannerOptions(app, command);
  addStepOptions(app, command);
  app.add_option("--formats", command.formats,
                 "Several number formats, for a table of them: float int8 int4")
      ->excludes(app.get_option("--format"));
  app.get_option("--calibrate")->remove_needs(app.get_option("--format"));
  app.add_flag("--confusion", command.confusion,
               "Print what the samples of each class were taken for");
  app.add_flag("--mean", command.mean,
               "Of several models, as of trainings with several seeds, also the mean and the "
               "standard deviation");
  app.add_option("--answers", command.answers,
                 "Write what each sample was taken for, as CSV: of one model in one format");
  addFigureOptions(app, command.figures,
                   "Draw what classes were taken for: x.svg or x.pdf; several times for several "
                   "figures");
  app.add_flag("--json", command.json, "Print JSON, with the confusions");
  app.add_flag("-q,--quiet", command.quiet, "Print no progress and no advice");
}

void addEval(CLI::App &app, Exit &exit) {
  CLI::App *command =
      app.add_subcommand("eval", "Count how many labelled samples a model classifies correctly");
  auto options = std::make_shared<EvalCommand>();
  addOptions(*command, *options);
  command->footer(
      "The class is the output neuron that spikes most often, the first of several.\n"
      "Examples:\n"
      "  nirc eval mlp.nir --images t10k-images-idx3-ubyte.gz --labels t10k-labels-idx1-ubyte.gz\n"
      "  nirc eval cnn.nir --input N-MNIST/Test --bin 1ms --count 500 --confusion\n"
      "  nirc eval cnn.nir --input N-MNIST/Test --bin 1ms --figure confusion.svg\n"
      "  nirc eval rnn.nir --input x.npy --layout TBN --labels y.npy --dt 1ms\n"
      "  nirc eval shd.nir --input events-shd:shd_test.h5 --bin 10ms\n"
      "  nirc eval mlp.nir --images x.npy --labels y.npy --encoding rate --steps 50 --seeds 5\n"
      "  nirc eval mlp.nir cnn.nir --images images --labels labels --formats float int8 int4");
  command->callback([options, &exit] { exit = run(*options); });
}

} // namespace nirc
