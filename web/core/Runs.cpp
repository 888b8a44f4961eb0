//===- Runs.cpp - one or two runs, step by step ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Advice.h"
#include "api/io/Generated.h"
#include "api/io/NirDataFile.h"
#include "ir/graph/FlatGraph.h"
#include "web/core/Describe.h"
#include "web/core/Page.h"

#include <algorithm>
#include <fmt/format.h>

namespace nirc::web {

static Json refused(const nir::Error &error) { return {{"error", diagnosticsJson({error})[0]}}; }

static std::string textIn(const Json &json, const char *name) {
  auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}
static int64_t numberIn(const Json &json, const char *name, int64_t other) {
  auto found = json.find(name);
  return found != json.end() && found->is_number_integer() ? found->get<int64_t>() : other;
}

/// What all signals hold must fit into the memory of a page, with their states, twice.
static nir::Status checkSize(const Network &network) {
  constexpr int64_t most = int64_t(1) << 26;
  std::vector<nir::Diagnostic> problems;
  nir::FlatGraph flat = nir::FlatGraph::of(network.graph, problems);
  int64_t total = 0;
  for (const nir::NodeShapes *shapes : nir::flatShapes(flat, network.checked.shapes)) {
    total += std::min(nir::numElements(shapes->input), most) +
             std::min(nir::numElements(shapes->output), most);
    if (total > most) {
      return nir::Error(nir::Cause::Limit,
                        "the signals come to more than 2^26 elements, expected at most that in a "
                        "page")
          .note("`nirc run` takes 2^30");
    }
  }
  return std::nullopt;
}

/// The same steps as those of `nirc run`: choices, times in seconds, advice, and what refuses.
nir::Result<Page::Run> Page::runOf(const Json &lane, const Json &request, Network &network) const {
  ExecutionOptions options;
  options.model = file.path;
  options.choices.semantics = textIn(lane, "semantics");
  options.choices.dt = textIn(lane, "dt");
  options.choices.dtype = textIn(request, "dtype") == "f32" ? "f32" : "f64";
  options.reading.timeUnit = textIn(lane, "timeUnit");
  options.reading.dt = options.choices.dt;
  network = networkOf(file);
  if (nir::Status bad = refusal(network.checked.diagnostics)) {
    return std::move(*bad);
  }
  if (nir::Status bad = checkSize(network)) {
    return std::move(*bad);
  }
  nir::Result<Choices> choices = choose(options, network);
  if (!choices) {
    return choices.takeError();
  }
  if (nir::Status failed = convertTimes(options, choices->semantics.dtSeconds, network)) {
    return std::move(*failed);
  }
  nir::Result<std::vector<nir::Diagnostic>> advice = adviceFor(options, network, *choices);
  if (!advice) {
    return advice.takeError();
  }
  if (nir::Status bad = refusal(*advice)) {
    return std::move(*bad);
  }
  nir::Result<std::unique_ptr<Lane>> made =
      makeLane(network.graph, choices->semantics, choices->dtype);
  if (!made) {
    return made.takeError();
  }
  return Run{
      choices->semantics.text(), *std::move(made), {}, *std::move(advice), choices->semantics};
}

nir::Result<Page::Signal> Page::signalOf(const InputPort &port, const Json &input,
                                         const InputOptions &options) const {
  Signal signal{port.node, {}, std::max<int64_t>(0, numberIn(input, "sample", 0)), false};
  if (int64_t index = numberIn(input, "dropped", -1); index >= 0) {
    if (index >= static_cast<int64_t>(dropped.size())) {
      return nir::Error::internal("found a signal that is not there");
    }
    const Dropped &one = dropped[static_cast<size_t>(index)];
    const auto *tensor = std::get_if<nir::Tensor>(&one.data);
    nir::Result<nir::Tensor> array =
        tensor ? *tensor
               : nirDataInput(std::get<nir::NIRGraphData>(one.data), one.name, port, options);
    bool batched = false;
    nir::Result<nir::Tensor> fitted =
        array ? fitToPort(*array, port, batched, one.name) : array.takeError();
    if (!fitted) {
      return fitted.takeError();
    }
    signal.data = *std::move(fitted);
    signal.sample = std::min(signal.sample, signal.data.shape()[0] - 1);
  } else {
    InputSource source{port, textIn(input, "source")};
    if (!isGenerated(source.source)) {
      return nir::Error(nir::Cause::MissingInput, fmt::format("nothing is given for input '{}' {}",
                                                              port.node, nir::str(port.shape)));
    }
    nir::Result<double> value = generatorValue(source.source, options);
    if (!value) {
      return value.takeError();
    }
    double elements =
        static_cast<double>(options.steps) * static_cast<double>(nir::numElements(port.shape));
    if (options.steps == 0) {
      return nir::Error(nir::Cause::RunLength, "no input says how many steps to run");
    }
    if (elements > 0x1p28) {
      return nir::Error(nir::Cause::Limit,
                        fmt::format("{} steps of input '{}' are {:.3g} numbers, the limit of this "
                                    "page is {:.3g}",
                                    options.steps, port.node, elements, 0x1p28));
    }
    signal.data = generate(source, joined({1, options.steps}, port.shape), *value, options);
  }
  nir::DType dtype = signal.data.dtype();
  signal.isSpikes = dtype == nir::DType::U8 || dtype == nir::DType::Bool;
  return signal;
}

Json Page::start(const Json &request) {
  runs.clear();
  signals.clear();
  difference.reset();
  spikeDifference.reset();
  done = 0;
  if (!isOpen()) {
    return refused(nir::Error::internal("found no model, expected one that is open"));
  }
  steps = std::clamp<int64_t>(numberIn(request, "steps", 0), 0, int64_t(1) << 31);
  Json answer = {{"lanes", Json::array()}};
  Network network;
  for (const Json &lane : request.value("lanes", Json::array())) {
    nir::Result<Run> run = runOf(lane, request, network);
    if (!run) {
      Json error = refused(run.error());
      error["lane"] = runs.size();
      return error;
    }
    answer["lanes"].push_back({{"label", run->label},
                               {"dt", run->semantics.dtSeconds},
                               {"diagnostics", diagnosticsJson(run->advice)}});
    runs.push_back(*std::move(run));
  }
  if (runs.empty()) {
    return refused(nir::Error::internal("found no run, expected one or two"));
  }
  InputOptions options;
  options.dtSeconds = runs[0].semantics.dtSeconds;
  options.steps = steps;
  options.seed = static_cast<uint64_t>(std::max<int64_t>(0, numberIn(request, "seed", 0)));
  std::vector<std::string> spiking;
  int64_t longest = 0;
  Json inputs = request.value("inputs", Json::object());
  for (bool ofFiles : {true, false}) { // which say how long a run is
    for (const InputPort &port : network.inputs()) {
      Json input = inputs.value(port.node, Json::object());
      if (input.contains("dropped") != ofFiles) {
        continue;
      }
      options.steps = steps != 0 ? steps : longest;
      nir::Result<Signal> signal = signalOf(port, input, options);
      if (!signal) {
        return refused(signal.error());
      }
      longest = std::max(longest, signal->data.shape()[1]);
      if (signal->isSpikes) {
        spiking.push_back(port.node);
      }
      signals.push_back(*std::move(signal));
    }
  }
  steps = steps != 0 ? steps : longest;
  if (steps == 0) {
    return refused(nir::Error(nir::Cause::RunLength, "no input says how many steps to run"));
  }
  for (Run &run : runs) {
    run.kept = chooseKept(*run.lane, spiking, std::max<int64_t>(1, numberIn(request, "traces", 8)));
  }
  answer["steps"] = steps;
  return answer;
}

/// Gives all lanes the numbers of a step; 0 past the end of a signal.
nir::Status Page::drive(int64_t step) {
  for (const Signal &signal : signals) {
    const nir::Shape &shape = signal.data.shape();
    int64_t elements = signal.data.size() / (shape[0] * shape[1]);
    std::vector<double> values(static_cast<size_t>(elements));
    if (step < shape[1]) {
      int64_t first = (signal.sample * shape[1] + step) * elements;
      for (int64_t i = 0; i < elements; ++i) {
        values[static_cast<size_t>(i)] = signal.data.at(first + i);
      }
    }
    for (Run &run : runs) {
      if (nir::Status bad = run.lane->drive(signal.node, values)) {
        return bad;
      }
    }
  }
  return std::nullopt;
}

Json Page::advance(int64_t count) {
  std::vector<double> scratch;
  for (int64_t i = 0; i < count && done < steps; ++i, ++done) {
    if (nir::Status bad = drive(done)) {
      return refused(*bad);
    }
    for (Run &run : runs) {
      run.lane->step();
      keep(*run.lane, done, run.kept, scratch);
    }
    if (runs.size() == 2 && !difference) {
      difference = differenceOf(*runs[0].lane, *runs[1].lane, done, false);
    }
    if (runs.size() == 2 && !spikeDifference) {
      spikeDifference = differenceOf(*runs[0].lane, *runs[1].lane, done, true);
    }
  }
  return {{"done", done}, {"steps", steps}};
}

static Json differenceJson(const std::optional<Difference> &difference) {
  if (!difference) {
    return nullptr;
  }
  return {{"step", difference->step},       {"node", difference->node},
          {"element", difference->element}, {"observable", difference->observable},
          {"first", difference->first},     {"second", difference->second}};
}

Json Page::records() const {
  auto address = [](const auto &numbers) { return reinterpret_cast<uintptr_t>(numbers.data()); };
  Json lanes = Json::array();
  for (const Run &run : runs) {
    Json list = Json::array();
    for (const KeptQuantity &one : run.kept) {
      const Quantity &quantity = run.lane->quantities()[one.quantity];
      Json json = {{"name", quantity.node},
                   {"quantity", one.isEvents ? "spikes" : quantity.observable},
                   {"kind", quantity.kind},
                   {"shape", quantity.shape},
                   {"neurons", quantity.elements},
                   {"dt", run.semantics.dtSeconds},
                   {"steps", done}};
      if (one.isEvents) {
        json["events"] = {{"steps", address(one.steps)},
                          {"elements", address(one.elements)},
                          {"count", one.steps.size()}};
        json["total"] = one.total;
        json["cut"] = one.isCut;
      } else {
        json["values"] = {{"at", address(one.values)}, {"kept", one.kept}};
      }
      list.push_back(std::move(json));
    }
    lanes.push_back({{"label", run.label}, {"records", std::move(list)}});
  }
  return {{"lanes", std::move(lanes)},
          {"difference", differenceJson(difference)},
          {"spikeDifference", differenceJson(spikeDifference)}};
}

} // namespace nirc::web
