//===- Execution.cpp ------------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Execution.h"

#include "api/Advice.h"
#include "api/io/Units.h"
#include "ir/Wording.h"
#include "ir/choices/Choices.h"
#include "ir/choices/Stored.h"
#include "ir/graph/Ports.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace nirc {

bool Network::hasEventFile() const {
  auto isEvents = [](const InputSource &one) { return isEventFile(one.source); };
  return std::any_of(sources.begin(), sources.end(), isEvents) ||
         std::any_of(calibration.begin(), calibration.end(), isEvents);
}

static std::vector<InputPort> portsOf(const std::vector<PortInfo> &infos) {
  std::vector<InputPort> ports;
  for (const PortInfo &info : infos) {
    ports.push_back({info.node, info.shape});
  }
  return ports;
}

std::vector<InputPort> Network::inputs() const {
  if (file.program) {
    return portsOf(file.program->info().inputs);
  }
  return file.clocked ? file.clocked->inputs : inputPorts(graph, checked);
}

std::vector<InputPort> Network::outputPorts() const {
  if (file.program) {
    return portsOf(file.program->info().outputs);
  }
  if (file.clocked) {
    return file.clocked->outputs;
  }
  std::vector<InputPort> ports;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    if (graph.nodes[i].as<nir::Output>()) {
      ports.push_back({graph.nodes[i].name, checked.shapes[i].output});
    }
  }
  return ports;
}

int64_t Network::outputElements(const std::string &output) const {
  for (const InputPort &port : outputPorts()) {
    if (port.node == output) {
      return nir::numElements(port.shape);
    }
  }
  return 0;
}

std::vector<std::string> Network::outputs() const {
  std::vector<std::string> names;
  for (const InputPort &port : outputPorts()) {
    names.push_back(port.node);
  }
  return names;
}

nir::Result<Network> loadNetwork(const ExecutionOptions &options, Clocked clocked) {
  nir::Result<ModelFile> file =
      loadModel(options.model, options.limits, clocked, options.reading.shapes,
                {options.choices.cache, options.choices.settings});
  if (!file) {
    return file.takeError();
  }
  return networkOf(*std::move(file));
}

Network networkOf(ModelFile file) {
  Network network;
  network.file = std::move(file);
  if (network.isSettled()) {
    network.checked.diagnostics = driftNotes(network.file);
    return network;
  }
  network.checked = nir::check(network.file.model.graph, network.file.path);
  if (network.checked.ok()) {
    // What the check says of ports that are missing is still to be said.
    network.graph = nir::withPorts(network.file.model.graph);
    network.checked.shapes = nir::check(network.graph, network.file.path).shapes;
  }
  for (const auto &notes : {versionNotes(network.file), driftNotes(network.file)}) {
    network.checked.diagnostics.insert(network.checked.diagnostics.end(), notes.begin(),
                                       notes.end());
  }
  return network;
}

nir::Status assignSources(const ExecutionOptions &options, Network &network) {
  nir::Result<std::vector<InputSource>> sources = assignInputs(options.inputs, network.inputs());
  if (!sources) {
    return sources.takeError().as(nir::ErrorKind::Usage);
  }
  network.sources = *std::move(sources);
  return assignCalibration(options, network);
}

/// Whether the options of events have events, and go together.
static nir::Status checkFraming(const ExecutionOptions &options, bool hasEventFile) {
  const EventFraming &framing = options.framing;
  std::string given = text(framing);
  EventFraming others = framing; // than the polarity, which changes have too
  others.polarity = Polarity::Auto;
  bool hasChanges = options.encoder && options.encoder->encoding == Encoding::Delta;
  if (!given.empty() && !hasEventFile && !(hasChanges && text(others).empty())) {
    return nir::Error::usage(nir::Cause::OptionConflict,
                             fmt::format("{} is for events, and no input is a file of events ({})",
                                         given.substr(0, given.find(" --")), eventEndings()));
  }
  bool areCounts = framing.frames != Frames::Voxel && framing.polarity != Polarity::Signed;
  if (options.onePerStep && !areCounts) {
    return nir::Error::usage(nir::Cause::OptionConflict,
                             fmt::format("found {}, expected counts for --one-per-step", given))
        .note("leave out --one-per-step");
  }
  return std::nullopt;
}

nir::Status assignCalibration(const ExecutionOptions &options, Network &network) {
  if (!options.calibrate.empty()) {
    nir::Result<std::vector<InputSource>> sources =
        assignInputs(options.calibrate, network.inputs(), "--calibrate");
    if (!sources) {
      return sources.takeError().as(nir::ErrorKind::Usage);
    }
    network.calibration = *std::move(sources);
  }
  auto isEvents = [](const InputSource &one) { return mayHoldEvents(one.source); };
  bool hasEvents = std::any_of(network.sources.begin(), network.sources.end(), isEvents) ||
                   std::any_of(network.calibration.begin(), network.calibration.end(), isEvents);
  if (options.onePerStep && !hasEvents) {
    return nir::Error::usage(nir::Cause::OptionConflict,
                             fmt::format("--one-per-step is for events, and no input is a file of "
                                         "events ({}, .nird)",
                                         eventEndings()));
  }
  return checkFraming(options, network.hasEventFile());
}

/// "digits/, 5 samples of 300 steps".
static std::string originOf(const std::vector<InputSource> &sources, const Inputs &inputs) {
  std::string text;
  for (const InputSource &source : sources) {
    text += (text.empty() ? "" : " ") +
            (sources.size() == 1 ? source.source : source.port.node + "=" + source.source);
  }
  return inputs.batch == 1 ? fmt::format("{}, {}", text, nir::counted(inputs.steps, "step"))
                           : fmt::format("{}, {} of {}", text, nir::counted(inputs.batch, "sample"),
                                         nir::counted(inputs.steps, "step"));
}

/// Inputs that are 0, then 1.
static nir::Recording oneSpikeEach(const Network &network, double dtSeconds) {
  nir::Recording recording{dtSeconds, {}};
  for (const InputPort &port : network.inputs()) {
    nir::Shape shape{1, 2};
    shape.insert(shape.end(), port.shape.begin(), port.shape.end());
    std::vector<double> values(static_cast<size_t>(nir::numElements(shape)));
    std::fill(values.begin() + static_cast<ptrdiff_t>(values.size() / 2), values.end(), 1.0);
    recording.traces.push_back({port.node, "value", nir::Tensor::of<double>(shape, values)});
  }
  return recording;
}

/// What is to be said where nothing tells the range of the inputs of a network of integers: neither
/// a calibration nor an input to run on.
static std::optional<nir::Diagnostic> assumedRanges(const Network &network,
                                                    const Choices &choices) {
  if (!network.sources.empty() || !network.calibration.empty()) {
    return std::nullopt;
  }
  if (!choices.quantization || choices.quantization->calibration || network.isSettled()) {
    return std::nullopt;
  }
  nir::Error warning = nir::Error::advice(
      "assumed-ranges",
      "inputs are taken as whole numbers, as --calibrate says nothing of them: what "
      "lies between, such as pixels from 0 to 1, is rounded to 0 or 1");
  warning.severity = nir::Severity::Warning;
  return std::move(warning)
      .in(network.file.path)
      .note("`nirc run` takes the range of its input; for the same network give --calibrate that "
            "input");
}

static constexpr std::string_view ownInput = "the run's own input";

std::optional<nir::Diagnostic> ownRanges(const Network &network, const Choices &choices) {
  const Calibration *calibration =
      choices.quantization ? choices.quantization->calibration.get() : nullptr;
  auto isWhole = [](const nir::Trace &trace) {
    std::vector<double> values = trace.data.toDoubles();
    return std::all_of(values.begin(), values.end(), [](double x) { return x == std::floor(x); });
  };
  if (!calibration || calibration->origin != ownInput ||
      std::all_of(calibration->input.traces.begin(), calibration->input.traces.end(), isWhole)) {
    return std::nullopt;
  }
  nir::Error note = nir::Error::advice(
      "own-ranges",
      "the range of the inputs is that of this input: what `nirc compile` writes, and a "
      "run on another, are other networks of integers");
  note.severity = nir::Severity::Note;
  return std::move(note)
      .in(network.file.path)
      .note("--calibrate with one input, here and there, makes them the same; so does running and "
            "compiling what `nirc quantize --calibrate` writes");
}

nir::Status calibrate(const ExecutionOptions &options, const Network &network, const Inputs *own,
                      Choices &choices) {
  if (!choices.quantization || network.isSettled()) {
    return std::nullopt;
  }
  if (network.calibration.empty()) {
    if (own) {
      choices.quantization->calibration = std::make_shared<const Calibration>(
          Calibration{own->recording, std::string(ownInput), /*inputsOnly=*/true});
    }
    return std::nullopt;
  }
  // A file is as long as it is, whatever the run is; what is generated is as long as the run.
  InputOptions how = inputOptions(options, network, choices.semantics.dtSeconds);
  how.fileSteps = how.steps ? how.steps : how.fileSteps; // of values without steps
  how.steps = 0;
  if (checkGenerated(network.calibration, how)) {
    how.steps = own ? own->steps : options.steps;
  }
  if (nir::Status failed = checkGenerated(network.calibration, how)) {
    return std::move(*failed).as(nir::ErrorKind::Usage);
  }
  nir::Result<Inputs> inputs = loadInputs(network.calibration, how);
  if (!inputs) {
    return inputs.takeError();
  }
  std::string origin = originOf(network.calibration, *inputs);
  choices.remarks = std::move(inputs->remarks);
  choices.quantization->calibration = std::make_shared<const Calibration>(
      Calibration{std::move(inputs->recording), std::move(origin)});
  return std::nullopt;
}

nir::Result<Choices> choose(const ExecutionOptions &options, const Network &network) {
  const std::optional<ClockedModel> &clocked = network.file.clocked;
  const Executable *program = network.file.program.get();
  if (network.isSettled() && !options.reading.timeUnit.empty()) {
    return nir::Error::usage(nir::Cause::SettledChoice,
                             "found --time-unit, expected none: the file holds " +
                                 (clocked ? "a clocked network, " + clocked->text()
                                          : "a program, " + text(program->info())));
  }
  nir::Result<Choices> choices =
      program ? choose(options.choices, program->info(), network.hasEventFile())
      : clocked
          ? choose(options.choices, *clocked, network.hasEventFile())
          : choose(options.choices, network.file.model, network.graph, network.hasEventFile());
  if (!choices) {
    return choices.takeError().as(nir::ErrorKind::Usage);
  }
  if (choices->quantization && !network.isSettled() && choices->target->describe().takesSpikes) {
    choices->quantization->calibration = std::make_shared<const Calibration>(
        Calibration{oneSpikeEach(network, choices->semantics.dtSeconds), "spikes, 0 or 1",
                    /*inputsOnly=*/true});
  }
  return choices;
}

InputOptions inputOptions(const ExecutionOptions &options, const Network &network,
                          double dtSeconds) {
  InputOptions how{.dtSeconds = dtSeconds,
                   .steps = options.steps,
                   .seed = options.seed,
                   .maxBytes = options.maxInputBytes,
                   .onePerStep = options.onePerStep,
                   .layout = options.layout,
                   .framing = options.framing,
                   .encoder = options.encoder};
  if (nir::Result<nir::Reading> reading = nir::readingOf(network.file.model)) {
    how.fileEncoding = reading->encoding;
    how.fileSteps = reading->steps.value_or(0);
  }
  return how;
}

Job jobOf(const Network &network, const Choices &choices) {
  if (network.file.clocked) {
    return {.file = network.file.path,
            .semantics = choices.semantics,
            .probes = choices.probes,
            .frontEnd = network.file.clocked->frontEnd,
            .cache = choices.cache,
            .settings = choices.settings};
  }
  return {.graph = &network.graph,
          .file = network.file.path,
          .semantics = choices.semantics,
          .dtype = choices.dtype,
          .probes = choices.probes,
          .balanceLatency = choices.balanceLatency,
          .fold = choices.fold,
          .quantization = choices.quantization,
          .cache = choices.cache,
          .settings = choices.settings};
}

nir::Status convertTimes(const ExecutionOptions &options, double dtSeconds, Network &network) {
  if (network.isSettled()) {
    return std::nullopt;
  }
  nir::Result<FileReading> reading = readReading(network.file, options.reading);
  if (!reading) {
    return reading.takeError();
  }
  if (nir::Status failed = nir::undecidedUnit(reading->origin)) {
    return std::move(*failed).in(options.model).as(nir::ErrorKind::Usage);
  }
  network.timeUnit = *reading->origin.time.unit;
  network.reading = *std::move(reading);
  nir::Result<nir::Graph> graph = nir::inSeconds(network.graph, network.timeUnit, dtSeconds);
  if (!graph) {
    return graph.takeError();
  }
  network.graph = *std::move(graph);
  return std::nullopt;
}

/// Edges that the file has late, and that no choice dropped, are not late under this semantics.
static std::optional<nir::Diagnostic> droppedLate(const ExecutionOptions &options,
                                                  const Network &network, const Choices &choices) {
  std::vector<std::string> dropped;
  const std::vector<nir::LateEdge> &kept = choices.semantics.late;
  for (const nir::LateEdge &edge : statedLate(network.file.model)) {
    if (std::find(kept.begin(), kept.end(), edge) == kept.end()) {
      dropped.push_back(fmt::format("'{}' -> '{}'", edge.source, edge.target));
    }
  }
  if (namesLate(options.choices) || dropped.empty()) {
    return std::nullopt;
  }
  nir::Error note = nir::Error::advice(
      "dropped-late", fmt::format("late in the file, and not under {}: {}",
                                  choices.semantics.text(), fmt::join(dropped, ", ")));
  note.severity = nir::Severity::Note;
  return std::move(note)
      .in(network.file.path)
      .note("neurons read the step before there, so that no cycle of a step leads over it");
}

nir::Result<std::vector<nir::Diagnostic>>
adviceFor(const ExecutionOptions &options, const Network &network, const Choices &choices) {
  std::vector<nir::Diagnostic> all = network.checked.diagnostics;
  if (!network.isSettled()) {
    std::optional<double> dt = choices.semantics.dtSeconds;
    std::vector<nir::Diagnostic> found =
        adviceOn(network.file.path, network.graph, network.reading,
                 {dt, choices.semantics, choices.isSemanticsStated});
    all.insert(all.end(), found.begin(), found.end());
    for (std::optional<nir::Diagnostic> more :
         {assumedRanges(network, choices), droppedLate(options, network, choices)}) {
      if (more) {
        all.push_back(*std::move(more));
      }
    }
  }
  return withoutAccepted(std::move(all), options.choices.accept);
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
  if (network.file.program) {
    compiled.executable = network.file.program;
    return compiled;
  }
  auto keep = [&](const Notice &fold) {
    if (fold.rounds) {
      compiled.notices.push_back(fold);
    }
  };
  Job job = jobOf(network, choices);
  job.profile = manner.profile;
  if (!job.frontEnd) {
    job.frontEnd = manner.frontEnd;
  }
  job.onNotice = keep;
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
  executed.notices = std::move(compiled->notices);
  nir::Result<nir::Recording> recording = compiled->executable->run(
      inputs.recording,
      {.steps = inputs.steps,
       .threads = manner.threads,
       .progress = manner.progress,
       .stop = manner.stop,
       .records = network.file.program && !choices.probes.empty() ? std::optional(choices.probes)
                                                                  : std::nullopt});
  if (!recording) {
    return recording.takeError();
  }
  executed.recording = *std::move(recording);
  if (const Profile *profile = compiled->executable->profile()) {
    executed.profile = *profile;
  }
  return executed;
}

Json provenanceOf(const ExecutionOptions &options, const Network &network, const Choices &choices,
                  const Inputs &inputs, const std::vector<Notice> &notices,
                  const std::string &sha256) {
  const nir::Semantics &semantics = choices.semantics;
  Json json = {{"nirc", NIRC_VERSION}, {"model", network.file.path}};
  if (!sha256.empty()) {
    json["model_sha256"] = sha256;
  }
  if (network.file.program) {
    json["compiled_by"] = network.file.program->info().nirc;
  }
  json["target"] = choices.target->name();
  if (!choices.settings.empty()) {
    json["settings"] = choices.settings;
  }
  if (const std::optional<QuantizationOptions> &integers = choices.quantization) {
    json["format"] = integers->format.text();
    json["format_fields"] = nir::completeFields(integers->format);
    json["calibration"] = integers->calibration ? Json(integers->calibration->origin) : Json();
  } else {
    json["dtype"] = nir::name(choices.dtype);
  }
  json.update(Json{{"dt", semantics.dtSeconds},
                   {"time_unit", nir::name(network.timeUnit)},
                   {"semantics", semantics.text()},
                   {"semantics_choices", nir::completeChoices(semantics)},
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
  if (!inputs.labels.empty()) {
    json["labels"] = inputs.labels;
  }
  if (options.onePerStep) {
    json["one_per_step"] = true;
  }
  if (options.encoder) {
    json["encoding"] = text(*options.encoder);
  }
  if (std::string framing = text(options.framing); !framing.empty()) {
    json["events"] = framing;
  }
  if (choices.fold == Folding::All) { // of the others results tell nothing
    json["fold"] = name(choices.fold);
    json["folds"] = Json::array();
    for (const Notice &notice : notices) {
      if (notice.code.empty()) {
        json["folds"].push_back(fmt::format("{}: {}", notice.node, notice.text));
      }
    }
  }
  return json;
}

} // namespace nirc
