//===- Execution.cpp ------------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/Execution.h"

#include "api/io/Units.h"
#include "ir/graph/Ports.h"
#include "tools/nirc/Progress.h"

#include <algorithm>
#include <fmt/format.h>

namespace nirc {

bool Network::hasEventFile() const {
  auto isEvents = [](const InputSource &one) { return isEventFile(one.source); };
  return std::any_of(sources.begin(), sources.end(), isEvents) ||
         std::any_of(calibration.begin(), calibration.end(), isEvents);
}

std::vector<InputPort> Network::inputs() const {
  return file.clocked ? file.clocked->inputs : inputPorts(graph, checked);
}

int64_t Network::outputElements(const std::string &output) const {
  if (file.clocked) {
    for (const InputPort &port : file.clocked->outputs) {
      if (port.node == output) {
        return nir::numElements(port.shape);
      }
    }
  }
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    if (graph.nodes[i].name == output) {
      return nir::numElements(checked.shapes[i].output);
    }
  }
  return 0;
}

std::vector<std::string> Network::outputs() const {
  std::vector<std::string> names;
  if (file.clocked) {
    for (const InputPort &port : file.clocked->outputs) {
      names.push_back(port.node);
    }
  }
  for (const nir::Node &node : graph.nodes) {
    if (node.as<nir::Output>()) {
      names.push_back(node.name);
    }
  }
  return names;
}

Exit loadNetwork(const ExecutionOptions &options, Network &network, Clocked clocked) {
  nir::Result<ModelFile> file = loadModel(options.model, options.limits, clocked);
  if (!file) {
    return fail(Exit::Input, file.error());
  }
  network.file = *std::move(file);
  if (network.file.clocked) {
    return Exit::Done;
  }
  network.checked = nir::check(network.file.model.graph, options.model);
  if (network.checked.ok()) {
    network.graph = nir::withPorts(network.file.model.graph);
    network.checked = nir::check(network.graph, options.model);
  }
  if (!options.quiet || !network.checked.ok()) {
    print(network.checked.diagnostics);
  }
  return network.checked.ok() ? Exit::Done : Exit::Input;
}

nir::Status assignSources(const ExecutionOptions &options, Network &network) {
  nir::Result<std::vector<InputSource>> sources = assignInputs(options.inputs, network.inputs());
  if (!sources) {
    return sources.takeError();
  }
  network.sources = *std::move(sources);
  return assignCalibration(options, network);
}

nir::Status assignCalibration(const ExecutionOptions &options, Network &network) {
  if (!options.calibrate.empty()) {
    nir::Result<std::vector<InputSource>> sources =
        assignInputs(options.calibrate, network.inputs(), "--calibrate");
    if (!sources) {
      return sources.takeError();
    }
    network.calibration = *std::move(sources);
  }
  auto isEvents = [](const InputSource &one) { return mayHoldEvents(one.source); };
  bool hasEvents = std::any_of(network.sources.begin(), network.sources.end(), isEvents) ||
                   std::any_of(network.calibration.begin(), network.calibration.end(), isEvents);
  if (options.onePerStep && !hasEvents) {
    return nir::Error("--one-per-step is for events, and no input is a file of events (.bin, "
                      ".nird)");
  }
  return std::nullopt;
}

/// "digits/, 5 samples of 300 steps".
static std::string originOf(const std::vector<InputSource> &sources, const Inputs &inputs) {
  std::string text;
  for (const InputSource &source : sources) {
    text += (text.empty() ? "" : " ") +
            (sources.size() == 1 ? source.source : source.port.node + "=" + source.source);
  }
  return inputs.batch == 1
             ? fmt::format("{}, {} steps", text, inputs.steps)
             : fmt::format("{}, {} samples of {} steps", text, inputs.batch, inputs.steps);
}

nir::Status calibrate(const ExecutionOptions &options, const Network &network, const Inputs *own,
                      Choices &choices) {
  if (!choices.quantization || network.file.clocked) {
    return std::nullopt;
  }
  if (network.calibration.empty()) {
    if (own) {
      choices.quantization->calibration = std::make_shared<const Calibration>(
          Calibration{own->recording, "the run's own input", /*inputsOnly=*/true});
    }
    return std::nullopt;
  }
  // A file is as long as it is, whatever the run is; what is generated is as long as the run.
  InputOptions how = options.inputOptions(choices.semantics.dtSeconds);
  how.steps = 0;
  if (checkGenerated(network.calibration, how)) {
    how.steps = own ? own->steps : options.steps;
  }
  if (nir::Status failed = checkGenerated(network.calibration, how)) {
    return failed;
  }
  nir::Result<Inputs> inputs = loadInputs(network.calibration, how);
  if (!inputs) {
    return inputs.takeError();
  }
  std::string origin = originOf(network.calibration, *inputs);
  choices.quantization->calibration = std::make_shared<const Calibration>(
      Calibration{std::move(inputs->recording), std::move(origin)});
  return std::nullopt;
}

nir::Result<Choices> choose(const ExecutionOptions &options, const Network &network) {
  const std::optional<ClockedModel> &clocked = network.file.clocked;
  if (clocked && !options.reading.timeUnit.empty()) {
    return nir::Error("found --time-unit, expected none: the file holds a clocked network, " +
                      clocked->text());
  }
  return clocked
             ? choose(options.choices, *clocked, network.hasEventFile())
             : choose(options.choices, network.file.model, network.graph, network.hasEventFile());
}

Job jobOf(const Network &network, const Choices &choices) {
  if (network.file.clocked) {
    return {.file = network.file.path,
            .semantics = choices.semantics,
            .probes = choices.probes,
            .network = network.file.clocked->bytes};
  }
  return {.graph = &network.graph,
          .file = network.file.path,
          .semantics = choices.semantics,
          .dtype = choices.dtype,
          .probes = choices.probes,
          .balanceLatency = choices.balanceLatency,
          .fold = choices.fold,
          .quantization = choices.quantization};
}

nir::Status convertTimes(const ExecutionOptions &options, double dtSeconds, Network &network) {
  if (network.file.clocked) {
    return std::nullopt;
  }
  nir::Result<FileReading> reading = readReading(network.file, options.reading);
  if (!reading) {
    return reading.takeError();
  }
  if (nir::Status failed = nir::undecidedUnit(reading->origin)) {
    return std::move(*failed).in(options.model);
  }
  network.timeUnit = *reading->origin.time.unit;
  nir::Result<nir::Graph> graph = nir::inSeconds(network.graph, network.timeUnit, dtSeconds);
  if (!graph) {
    return graph.takeError();
  }
  network.graph = *std::move(graph);
  return std::nullopt;
}

nir::Result<Choices> prepare(const ExecutionOptions &options, Network &network) {
  if (nir::Status failed = assignCalibration(options, network)) {
    return std::move(*failed);
  }
  nir::Result<Choices> choices = choose(options, network);
  if (!choices) {
    return choices.takeError();
  }
  if (nir::Status failed = convertTimes(options, choices->semantics.dtSeconds, network)) {
    return std::move(*failed);
  }
  return choices;
}

nir::Result<Compiled> compile(const Network &network, const Choices &choices,
                              const Manner &manner) {
  Compiled compiled;
  auto keep = [&](const FoldNotice &fold) {
    if (fold.rounds) {
      compiled.folds.push_back(fold);
    }
  };
  Job job = jobOf(network, choices);
  job.profile = manner.profile;
  job.onFold = keep;
  nir::Result<std::unique_ptr<Executable>> executable = choices.target->compile(job);
  if (!executable) {
    return executable.takeError();
  }
  compiled.executable = *std::move(executable);
  return compiled;
}

nir::Result<Executed> execute(const Network &network, const Choices &choices, const Inputs &inputs,
                              const Manner &manner) {
  nir::Result<Compiled> compiled = compile(network, choices, manner);
  if (!compiled) {
    return compiled.takeError();
  }
  Executed executed;
  executed.folds = std::move(compiled->folds);
  Progress progress("step", manner.quiet);
  nir::Result<nir::Recording> recording = compiled->executable->run(
      inputs.recording,
      {.steps = inputs.steps,
       .threads = manner.threads,
       .progress = [&](int64_t done, int64_t total) { progress.update(done, total); }});
  if (!recording) {
    return recording.takeError();
  }
  executed.recording = *std::move(recording);
  if (const Profile *profile = compiled->executable->profile()) {
    executed.profile = *profile;
  }
  return executed;
}

void print(const Network &network, const std::vector<FoldNotice> &folds) {
  std::vector<nir::Diagnostic> notes;
  for (const FoldNotice &fold : folds) {
    notes.push_back({nir::Severity::Note, network.file.path, fold.node, fold.text, {}});
  }
  print(notes);
}

Json provenanceOf(const ExecutionOptions &options, const Network &network, const Choices &choices,
                  const Inputs &inputs, const std::vector<FoldNotice> &folds,
                  const std::string &sha256) {
  const nir::Semantics &semantics = choices.semantics;
  Json json = {{"nirc", NIRC_VERSION}, {"model", network.file.path}};
  if (!sha256.empty()) {
    json["model_sha256"] = sha256;
  }
  json["target"] = choices.target->name();
  if (const std::optional<QuantizationOptions> &integers = choices.quantization) {
    json["format"] = integers->format.text();
    json["calibration"] = integers->calibration ? Json(integers->calibration->origin) : Json();
  } else {
    json["dtype"] = nir::name(choices.dtype);
  }
  json.update(Json{{"dt", semantics.dtSeconds},
                   {"time_unit", nir::name(network.timeUnit)},
                   {"semantics", semantics.text()},
                   {"steps", inputs.steps},
                   {"batch", inputs.batch},
                   {"seed", options.seed},
                   {"inputs", Json::array()},
                   {"outputs", network.outputs()}});
  for (const InputSource &source : network.sources) {
    json["inputs"].push_back(source.port.node + "=" + source.source);
  }
  if (!inputs.samples.empty()) {
    json["samples"] = inputs.samples;
  }
  if (options.onePerStep) {
    json["one_per_step"] = true;
  }
  if (choices.fold == Folding::All) { // of the others results tell nothing
    json["fold"] = name(choices.fold);
    json["folds"] = Json::array();
    for (const FoldNotice &fold : folds) {
      json["folds"].push_back(fmt::format("{}: {}", fold.node, fold.text));
    }
  }
  return json;
}

/// The text under the key, after `before`; nothing where the provenance has none.
static std::string textUnder(const Json &provenance, const char *key, std::string_view before) {
  auto found = provenance.find(key);
  bool has = found != provenance.end() && found->is_string();
  return has ? fmt::format("{}{}", before, found->get<std::string>()) : "";
}

std::string targetText(const Json &provenance) {
  std::string target = textUnder(provenance, "target", "");
  std::string numbers = textUnder(provenance, "format", " in ");
  return target.empty()
             ? ""
             : target + (numbers.empty() ? textUnder(provenance, "dtype", " in ") : numbers);
}

std::string semanticsText(const Json &provenance) { return textUnder(provenance, "semantics", ""); }

std::string rangesText(const Network &network, const Choices &choices) {
  if (!choices.quantization || network.file.clocked) {
    return "";
  }
  const Calibration *calibration = choices.quantization->calibration.get();
  if (!calibration) {
    return "ranges: proven from the weights; inputs are read as whole numbers\n";
  }
  return calibration->inputsOnly ? "ranges: proven from the weights; of inputs that of this input\n"
                                 : fmt::format("ranges: proven from the weights, and seen in {}\n",
                                               calibration->origin);
}

std::string extentText(const Inputs &inputs) {
  std::string text =
      fmt::format("{} steps of {}", inputs.steps, secondsText(inputs.recording.dtSeconds));
  if (inputs.batched) {
    text += fmt::format(", {} sample{}", inputs.batch, inputs.batch == 1 ? "" : "s");
  }
  if (!inputs.samples.empty() && inputs.shortest < inputs.steps) {
    text += fmt::format(", the shortest of {} steps, padded with silence", inputs.shortest);
  }
  return text;
}

void addNetworkOptions(CLI::App &app, ExecutionOptions &options) {
  ChoiceOptions &choices = options.choices;
  app.add_option("--dt", choices.dt, "Length of a step, as 1e-4, 0.1ms or 100us");
  addTimeUnit(app, options.reading);
  CLI::Option *format =
      app.add_option("--format", choices.format,
                     "Compute in integers: a number format and what differs from it, as "
                     "int8,weight-bits=6; `nirc formats` lists them");
  app.add_option("--calibrate", options.calibrate,
                 "What the ranges of --format are found from, as --input has it: the float network "
                 "is run on it; repeat it for each input")
      ->allow_extra_args(false)
      ->needs(format);
  app.add_option("--fold", choices.fold,
                 "Which nodes in a row become one: none, exact (no bit changes), all (also where "
                 "it rounds differently, with a note)")
      ->capture_default_str();
  addSemanticsOptions(app, choices);
  addLimits(app, options.limits);
}

void addStepOptions(CLI::App &app, ExecutionOptions &options) {
  app.add_option("--target", options.choices.target, "What executes it; see `nirc targets`")
      ->capture_default_str();
  app.add_option("--dtype", options.choices.dtype, "f32 or f64; otherwise the target's own");
  addNetworkOptions(app, options);
}

void addCompilationOptions(CLI::App &app, ExecutionOptions &options) {
  addStepOptions(app, options);
  app.add_option("--record", options.choices.record,
                 "Record more than the outputs: NODE:v,spikes, or NODE for all it has; repeat it")
      ->allow_extra_args(false);
}

void addMannerOptions(CLI::App &app, ExecutionOptions &options) {
  app.add_option("--threads", options.threads,
                 "Threads to run on; 0: one a core. No result depends on it")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  app.add_option("--max-input-bytes", options.maxInputBytes, "Bytes of one input")
      ->capture_default_str()
      ->group("Limits on the model's file");
}

void addSourceOptions(CLI::App &app, ExecutionOptions &options) {
  app.add_option("--bin", options.choices.bin, "Count events in steps this long, as 1ms");
  app.add_flag("--one-per-step", options.onePerStep,
               "Of several events of a pixel in a step take one, on every target alike: chips have "
               "no more than a spike a step");
  app.add_option("--steps", options.steps,
                 "Number of steps; otherwise as many as the input has. Past an input's end it is 0")
      ->check(CLI::Range(int64_t(1), int64_t(1) << 40));
  app.add_option("--seed", options.seed, "Of poisson: inputs")->capture_default_str();
}

void addInputOption(CLI::App &app, ExecutionOptions &options) {
  app.add_option("-i,--input", options.inputs,
                 "What drives the network, NODE=SOURCE, or SOURCE alone where there is one input; "
                 "repeat it for each. SOURCE is a .npy file [T, ...] or [batch, T, ...], NIRData "
                 "(.nird), N-MNIST events (.bin), constant:VALUE or poisson:RATE; a folder or a "
                 "pattern of files is a batch")
      ->allow_extra_args(false);
}

void addExecutionOptions(CLI::App &app, ExecutionOptions &options) {
  addInputOption(app, options);
  addSourceOptions(app, options);
  addMannerOptions(app, options);
  addCompilationOptions(app, options);
}

} // namespace nirc
