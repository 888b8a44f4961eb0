//===- Material.cpp - a network, an input and a step to run --------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/judge/Material.h"

#include "api/Execution.h"
#include "api/io/Totals.h"
#include "ir/file/NirData.h"
#include "ir/graph/Schedule.h"
#include "ir/origin/Reading.h"
#include "ir/recording/StepOf.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <set>

namespace nirc::conformance {

std::vector<std::string> primitivesOf(const nir::Graph &graph) {
  std::set<std::string> types;
  forEachNode(graph, {}, [&](const std::string &, const nir::Node &node, const nir::NodeShapes &) {
    types.emplace(node.type());
  });
  return {types.begin(), types.end()};
}

std::vector<std::string> neuronsOf(const nir::Graph &graph) {
  std::vector<std::string> paths;
  forEachNode(graph, {},
              [&](const std::string &path, const nir::Node &node, const nir::NodeShapes &) {
                if (nir::isNeuron(node)) {
                  paths.push_back(path);
                }
              });
  return paths;
}

nir::Result<nir::Recording> readRecording(const std::string &path, double dtSeconds) {
  nir::Result<nir::NIRGraphData> data = nir::readData(path);
  if (!data) {
    return data.takeError();
  }
  nir::Result<nir::Recording> recording = nir::toRecording(*data, dtSeconds);
  return recording ? std::move(recording) : recording.takeError().in(path);
}

/// The recording's traces as what drives the model's Inputs.
static nir::Result<nir::Recording> drivesOf(const nir::Recording &recording, const Model &model,
                                            const std::string &path) {
  nir::Recording input{recording.dtSeconds, {}};
  for (const ModelPort &port : model.inputs()) {
    auto found = std::find_if(recording.traces.begin(), recording.traces.end(),
                              [&](const nir::Trace &trace) { return trace.node == port.node; });
    if (found == recording.traces.end()) {
      return nir::Error(nir::Cause::NotRecorded,
                        fmt::format("has no recording of the Input '{}'", port.node))
          .in(path);
    }
    nir::Result<nir::Trace> trace = nir::reshape(*found, port.shape);
    if (!trace) {
      return trace.takeError().in(path);
    }
    trace->observable = "value";
    input.traces.push_back(*std::move(trace));
  }
  return input;
}

/// NIR's unit is the second: a case whose numbers could be of another one, and that states none,
/// means seconds.
static nir::Result<Model> openCase(const std::string &path) {
  nir::Result<Model> model = Model::open(path);
  if (!model || model->isClocked()) {
    return model ? nir::Error(nir::Cause::WrongModel, "holds a clocked network, expected a graph")
                       .in(path)
                 : model.takeError();
  }
  nir::Result<nir::Reading> reading = nir::readingOf(model->network().file.model);
  bool isStated = !reading || reading->timeUnit; // what is wrong there is said where it is used
  return isStated ? std::move(model) : Model::open(path, {.timeUnit = nir::TimeUnit::Seconds});
}

nir::Result<Material> loadCase(const std::string &folder) {
  namespace fs = std::filesystem;
  nir::Result<Manifest> manifest = readManifest(folder);
  if (!manifest) {
    return manifest.takeError();
  }
  std::string modelPath = (fs::path(folder) / manifest->model).string();
  nir::Result<Model> model = openCase(modelPath);
  if (!model) {
    return model.takeError();
  }
  std::string inputPath = (fs::path(folder) / manifest->input).string();
  nir::Recording input{manifest->dtSeconds, {}};
  if (!model->inputs().empty()) {
    nir::Result<nir::Recording> recording = readRecording(inputPath, manifest->dtSeconds);
    nir::Result<nir::Recording> drives =
        recording ? drivesOf(*recording, *model, inputPath) : recording.takeError();
    if (!drives) {
      return drives.takeError();
    }
    input = *std::move(drives);
  }
  if (!nir::isSameStep(input.dtSeconds, manifest->dtSeconds)) {
    return nir::Error(nir::Cause::StepConflict,
                      fmt::format("found steps of {} s, expected {} s as the manifest says",
                                  input.dtSeconds, manifest->dtSeconds))
        .in(inputPath);
  }
  input.dtSeconds = manifest->dtSeconds;
  return Material{manifest->name,    manifest->features, folder,         *manifest,
                  *std::move(model), std::move(input),   manifest->steps};
}

/// Random spikes for each input that has no source.
static std::vector<std::string> sourcesFor(const Network &network, double dtSeconds) {
  constexpr double share = 0.3; // of the steps
  std::vector<std::string> sources;
  for (const InputPort &port : network.inputs()) {
    sources.push_back(fmt::format("{}=poisson:{}Hz", port.node, share / dtSeconds));
  }
  return sources;
}

nir::Result<Material> loadModelAlone(const std::string &path, const ModelRun &run) {
  ModelOptions how;
  if (!run.timeUnit.empty()) {
    nir::Result<nir::TimeUnit> unit = nir::timeUnitOf(run.timeUnit);
    if (!unit) {
      return unit.takeError().as(nir::ErrorKind::Usage);
    }
    how.timeUnit = *unit;
  }
  nir::Result<Model> model = Model::open(path, how);
  if (!model) {
    return model.takeError();
  }
  if (model->isClocked()) {
    return nir::Error(nir::Cause::WrongModel, "holds a clocked network, expected a graph").in(path);
  }
  ExecutionOptions options;
  options.model = path;
  options.choices.dt = run.dt;
  options.choices.target = "reference";
  options.steps = run.steps;
  options.seed = run.seed;
  options.reading.timeUnit = run.timeUnit;
  Network network = model->network();
  nir::Result<Choices> choices = choose(options, network);
  if (!choices) {
    return choices.takeError().in(path);
  }
  double dt = choices->semantics.dtSeconds;
  options.inputs = run.inputs;
  if (options.inputs.empty()) {
    constexpr int64_t usual = 100;
    options.inputs = sourcesFor(network, dt);
    options.steps = run.steps > 0 ? run.steps : usual;
  }
  if (nir::Status failed = assignSources(options, network)) {
    return std::move(*failed);
  }
  InputOptions reading = inputOptions(options, network, dt);
  if (nir::Status failed = checkGenerated(network.sources, reading)) {
    return std::move(*failed).as(nir::ErrorKind::Usage);
  }
  nir::Result<Inputs> inputs = loadInputs(network.sources, reading);
  if (!inputs) {
    return inputs.takeError();
  }
  inputs->recording.dtSeconds = dt;
  return Material{std::filesystem::path(path).filename().string(),
                  primitivesOf(network.graph),
                  "",
                  std::nullopt,
                  *std::move(model),
                  std::move(inputs->recording),
                  inputs->steps};
}

} // namespace nirc::conformance
