//===- StatsJson.cpp - counts for programs -------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Printable.h"
#include "tools/text/StatsView.h"

#include <fmt/format.h>

namespace nirc {

using Json = nlohmann::ordered_json;

static Json orNull(std::optional<double> number) { return number ? Json(*number) : Json(); }

static std::string_view nameOf(Role role) {
  switch (role) {
  case Role::Connection:
    return "connection";
  case Role::Spiking:
    return "spiking";
  case Role::Integrating:
    return "integrating";
  case Role::Other:
    return "other";
  }
  return "";
}

static Json sizeJson(const Size &size) {
  return {{"neurons", size.neurons},
          {"synapses", size.synapses},
          {"dense_per_step", size.denseOperations},
          {"weights", size.weights},
          {"zero_weights", size.zeroWeights},
          {"connection_sparsity", orNull(size.connectionSparsity())},
          {"parameters", size.parameters},
          {"neuron_parameters", size.neuronParameters},
          {"neuron_parameters_bytes", size.neuronParameterBytes},
          {"params_bytes", size.parameterBytes},
          {"buffer_bytes", size.bufferBytes},
          {"footprint_bytes", size.footprintBytes()}};
}

static Json activityJson(const Activity &activity, const Workload &work) {
  double seconds = static_cast<double>(activity.outputs) * work.dtSeconds;
  Json json = {{"arrivals", activity.arrivals},
               {"dense", activity.denseOperations},
               {"effective_macs", activity.effectiveMacs},
               {"effective_acs", activity.effectiveAcs},
               {"fan_out_operations", activity.fanOutOperations},
               {"outputs", activity.outputs},
               {"active_outputs", activity.activeOutputs},
               {"spikes", activity.spikes},
               {"rate_hz", activity.outputs > 0
                               ? Json(static_cast<double>(activity.spikes) / seconds)
                               : Json()},
               {"activation_sparsity", orNull(activity.activationSparsity())},
               {"neuron_updates", activity.neuronUpdates}};
  auto ofMembranes = [&](int64_t count) { return work.hasMembranes ? Json(count) : Json(); };
  json["membrane_updates"] = ofMembranes(activity.membraneUpdates);
  json["neuron_operations"] = ofMembranes(activity.neuronOperations);
  json["dense_neuron_operations"] = ofMembranes(activity.denseNeuronOperations);
  return json;
}

static Json rowJson(const Size &size, const Activity &activity,
                    const std::optional<Workload> &work) {
  Json json = sizeJson(size);
  if (work) {
    json.update(activityJson(activity, *work));
  }
  return json;
}

static Json neuroBenchJson(const Stats &stats) {
  NeuroBenchFigures figures = neuroBenchFigures(stats);
  Json json = {{"Footprint", figures.footprint},
               {"ParameterCount", figures.parameterCount},
               {"ConnectionSparsity", orNull(figures.connectionSparsity)}};
  if (!stats.workload) {
    return json;
  }
  json["ActivationSparsity"] = orNull(figures.activationSparsity);
  json["SynapticOperations"] = {{"Effective_MACs", orNull(figures.effectiveMacs)},
                                {"Effective_ACs", orNull(figures.effectiveAcs)},
                                {"Dense", orNull(figures.dense)}};
  json["MembraneUpdates"] = orNull(figures.membraneUpdates);
  json["NeuronOperations"] = {{"Effective Neuron Ops", orNull(figures.effectiveNeuronOperations)},
                              {"Neuron Dense Ops", orNull(figures.denseNeuronOperations)}};
  return json;
}

Json statsJson(const Stats &stats) {
  Json json = {{"footprint_convention", stats.convention}, {"nodes", Json::array()}};
  for (const NodeStats &node : stats.nodes) {
    Json row = {{"node", node.node},
                {"type", node.type},
                {"shape", node.shape},
                {"role", nameOf(node.role)}};
    row.update(rowJson(node.size, node.activity, stats.workload));
    json["nodes"].push_back(std::move(row));
  }
  json["total"] = rowJson(stats.totalSize(), stats.totalActivity(), stats.workload);
  if (const std::optional<Workload> &work = stats.workload) {
    json["workload"] = {{"samples", work->samples},
                        {"steps", work->steps},
                        {"dt", work->dtSeconds},
                        {"batch", work->batch},
                        {"membranes", work->hasMembranes ? Json("as a step leaves v") : Json()},
                        {"not_counted", work->gaps}};
  }
  json["neurobench"] = neuroBenchJson(stats);
  return json;
}

//===----------------------------------------------------------------------===//
// CSV
//===----------------------------------------------------------------------===//

/// In quotes where it holds what separates cells (RFC 4180).
static std::string cellOf(const std::string &text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    return text;
  }
  std::string quoted = "\"";
  for (char letter : text) {
    quoted += letter == '"' ? "\"\"" : std::string(1, letter);
  }
  return quoted + "\"";
}

static std::string rowCsv(const std::string &node, const std::string &type, const Json &row) {
  std::string text = cellOf(node) + "," + type;
  for (const auto &[name, value] : row.items()) {
    text += "," + (value.is_null() ? "" : value.dump());
  }
  return text + "\n";
}

std::string statsCsv(const Stats &stats) {
  Json total = rowJson(stats.totalSize(), stats.totalActivity(), stats.workload);
  std::string text = "node,type";
  for (const auto &[name, value] : total.items()) {
    text += "," + name;
  }
  text += "\n";
  for (const NodeStats &node : stats.nodes) {
    text += rowCsv(node.node, node.type, rowJson(node.size, node.activity, stats.workload));
  }
  return text + rowCsv("total", "", total);
}

} // namespace nirc
