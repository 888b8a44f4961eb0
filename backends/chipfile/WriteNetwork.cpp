//===- WriteNetwork.cpp - a network on its cores, into JSON ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/chipfile/CoreNetwork.h"
#include "backends/chipfile/JsonObject.h"

#include <fmt/format.h>

using namespace nirc;
using namespace nirc::chipfile;

static std::string textOf(const Json &json) {
  return json.dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
}

/// A list of as many lines.
template <typename T, typename Make>
static std::string listOf(const std::vector<T> &all, const Make &make) {
  std::string text = "[";
  for (const T &each : all) {
    text += (text.size() > 1 ? ",\n  " : "\n  ") + textOf(make(each));
  }
  return text + "]";
}

static Json inputJson(const SpikeInput &input) {
  return {{"node", input.node}, {"shape", input.shape}, {"first", input.first}};
}

/// "[name, bits, operands...]"; of a constant the number.
static Json instructionJson(const NeuronInstruction &instruction) {
  Json json = {name(instruction.op), instruction.bits};
  if (instruction.op == NeuronOp::Constant) {
    json.push_back(instruction.constant);
  }
  for (int i = 0; i < operandsOf(instruction.op); ++i) {
    json.push_back(instruction.operands[static_cast<size_t>(i)]);
  }
  return json;
}

static Json updateJson(const NeuronCode &code) {
  Json instructions = Json::array();
  for (const NeuronInstruction &each : code.instructions) {
    instructions.push_back(instructionJson(each));
  }
  return {{"arguments", code.arguments},
          {"instructions", std::move(instructions)},
          {"results", code.results}};
}

static Json populationJson(const CorePopulation &population) {
  return {{"node", population.node},     {"shape", population.shape},
          {"first", population.first},   {"update", population.update},
          {"start", population.start},   {"spikes", population.spikes},
          {"states", population.states}, {"parameters", population.parameters}};
}

static Json groupJson(const CoreGroup &group) {
  Json ranges = Json::array(), biases = Json::array();
  for (Mapping::Range range : group.neurons) {
    ranges.push_back({range.first, range.end});
  }
  for (const NeuronBias &bias : group.biases) {
    biases.push_back({bias.step, bias.neuron, bias.added});
  }
  return {{"population", group.population},
          {"neurons", std::move(ranges)},
          {"states", group.states},
          {"parameters", group.parameters},
          {"biases", std::move(biases)}};
}

static Json rowJson(const CoreRow &row) {
  Json json = {{"source", row.source}, {"places", row.places}, {"weights", row.weights}};
  if (!row.delays.empty()) {
    json["delays"] = row.delays;
  }
  return json;
}

static Json coreJson(const Core &core) {
  Json groups = Json::array(), rows = Json::array();
  for (const CoreGroup &group : core.groups) {
    groups.push_back(groupJson(group));
  }
  for (const CoreRow &row : core.rows) {
    rows.push_back(rowJson(row));
  }
  return {{"at", {core.chip, core.column, core.row}},
          {"groups", std::move(groups)},
          {"rows", std::move(rows)}};
}

static Json readoutJson(const CoreReadout &readout) {
  Json json = {{"node", readout.node},
               {"observable", readout.observable},
               {"shape", readout.shape},
               {"latency", readout.latency}};
  if (readout.isSpikes) {
    json["neurons"] = readout.neurons;
    return json;
  }
  json["population"] = readout.population;
  json["scales"] = readout.scales;
  if (readout.state) {
    json["state"] = *readout.state;
  }
  return json;
}

std::string nirc::chipfile::magicOf(std::string_view chip) {
  return fmt::format("{{\"nirc-cores\": 1,\n\"chip\": \"{}\"", chip); // its name needs no quoting
}

std::string nirc::chipfile::writeNetwork(const CoreNetwork &network) {
  std::string text = magicOf(network.chip);
  for (auto [key, value] : {std::pair("nirc", &network.nirc),
                            {"model", &network.model},
                            {"semantics", &network.semantics},
                            {"format", &network.format}}) {
    text += fmt::format(",\n\"{}\": {}", key, textOf(*value));
  }
  text += ",\n\"dt\": " + textOf(network.dtSeconds);
  text += ",\n\"inputs\": " + listOf(network.inputs, inputJson);
  text += ",\n\"updates\": " + listOf(network.updates, updateJson);
  text += ",\n\"populations\": " + listOf(network.populations, populationJson);
  text += ",\n\"cores\": " + listOf(network.cores, coreJson);
  text += ",\n\"readouts\": " + listOf(network.readouts, readoutJson);
  return text +
         fmt::format(",\n\"outputs\": {},\n\"records\": {}}}\n", network.outputs, network.records);
}
