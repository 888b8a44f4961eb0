//===- Stats.cpp ---------------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/stats/Stats.h"

#include "api/io/Totals.h"
#include "api/stats/FanOut.h"
#include "ir/Wording.h"
#include "ir/graph/FlatGraph.h"
#include "ir/graph/Schedule.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace nirc {

//===----------------------------------------------------------------------===//
// Sums and shares
//===----------------------------------------------------------------------===//

static std::optional<double> share(int64_t part, int64_t whole) {
  return whole == 0 ? std::nullopt
                    : std::optional(static_cast<double>(part) / static_cast<double>(whole));
}

std::optional<double> Size::connectionSparsity() const { return share(zeroWeights, weights); }

std::optional<double> Activity::activationSparsity() const {
  return share(outputs - activeOutputs, outputs);
}

Size &Size::operator+=(const Size &other) {
  for (int64_t Size::*count :
       {&Size::neurons, &Size::synapses, &Size::denseOperations, &Size::weights, &Size::zeroWeights,
        &Size::parameters, &Size::parameterBytes, &Size::neuronParameters,
        &Size::neuronParameterBytes, &Size::bufferBytes}) {
    this->*count += other.*count;
  }
  return *this;
}

Activity &Activity::operator+=(const Activity &other) {
  for (int64_t Activity::*count :
       {&Activity::arrivals, &Activity::denseOperations, &Activity::effectiveMacs,
        &Activity::effectiveAcs, &Activity::fanOutOperations, &Activity::outputs,
        &Activity::activeOutputs, &Activity::spikes, &Activity::neuronUpdates,
        &Activity::membraneUpdates, &Activity::neuronOperations,
        &Activity::denseNeuronOperations}) {
    this->*count += other.*count;
  }
  return *this;
}

Size Stats::totalSize() const {
  Size total;
  for (const NodeStats &node : nodes) {
    total += node.size;
  }
  return total;
}

Activity Stats::totalActivity() const {
  Activity total;
  for (const NodeStats &node : nodes) {
    total += node.activity;
  }
  return total;
}

//===----------------------------------------------------------------------===//
// Buffers
//===----------------------------------------------------------------------===//

namespace {
constexpr std::string_view snnTorch = "snntorch-0.9.4", asFile = "nir", none = "none";
} // namespace

std::span<const BufferConvention> bufferConventions() {
  static constexpr std::array<BufferConvention, 3> all = {{
      {snnTorch, "what a fresh layer of snnTorch 0.9.4 registers: 20 bytes a LIF, 24 a CubaLIF, "
                 "more where neurons differ"},
      {asFile, "the parameters of neurons in the file's dtypes"},
      {none, "nothing beside the parameters"},
  }};
  return all;
}

nir::Result<const BufferConvention *> findBufferConvention(std::string_view name) {
  std::vector<std::string> names;
  for (const BufferConvention &one : bufferConventions()) {
    if (one.name == name) {
      return &one;
    }
    names.emplace_back(one.name);
  }
  return nir::Error::usage(nir::Cause::UnknownName,
                           fmt::format("found '{}', expected one of {}", name, nir::quoted(names)));
}

/// snnTorch keeps threshold and decays as float32, one for all neurons or one each, and beside them
/// graded_spikes_factor (4 bytes) and reset_mechanism_val (8). Source: snntorch 634fc22,
/// _neurons/neurons.py; docs/stats.md has what was measured.
static int64_t snnTorchBytes(const nir::Node &node, int64_t neurons) {
  auto buffer = [&](const nir::Tensor &parameter) {
    return 4 * (parameter.isUniform() ? 1 : neurons);
  };
  int64_t bytes = 4 + 8, threshold = 4, beta = 4;
  nir::visitParams(node.params, [&](std::string_view name, const auto &parameter) {
    if constexpr (std::is_same_v<std::decay_t<decltype(parameter)>, nir::Tensor>) {
      if (name == "v_threshold") {
        threshold = buffer(parameter);
      } else if (name == "tau" || name == "tau_mem") {
        beta = buffer(parameter);
      } else if (name == "tau_syn") {
        bytes += buffer(parameter); // alpha
      }
    }
  });
  return bytes + threshold + beta;
}

//===----------------------------------------------------------------------===//
// A node
//===----------------------------------------------------------------------===//

static Role roleOf(const nir::Node &node) {
  if (isConnection(node)) {
    return Role::Connection;
  }
  if (node.as<nir::I>() || node.as<nir::LI>() || node.as<nir::CubaLI>()) {
    return Role::Integrating;
  }
  return nir::isNeuron(node) || node.as<nir::Threshold>() ? Role::Spiking : Role::Other;
}

static Size sizeOf(const nir::Node &node, const nir::NodeShapes &shapes,
                   const BufferConvention &convention) {
  Size size;
  size.neurons = neurons(node, shapes);
  size.synapses = synapses(node, shapes);
  bool isOfDynamics = nir::isNeuron(node) || node.as<nir::Threshold>() || node.as<nir::Delay>();
  for (const NamedParameter &parameter : strengths(node)) {
    (isOfDynamics ? size.neuronParameters : size.parameters) += parameter.value.size();
    (isOfDynamics ? size.neuronParameterBytes : size.parameterBytes) +=
        static_cast<int64_t>(parameter.value.sizeInBytes());
  }
  if (convention.name == snnTorch && size.neurons > 0) {
    size.bufferBytes = snnTorchBytes(node, size.neurons);
  } else if (convention.name == asFile) {
    size.bufferBytes = size.neuronParameterBytes;
  }
  if (const nir::Tensor *weights = weightsOf(node)) {
    std::vector<double> values = weights->toDoubles();
    size.weights = weights->size();
    size.zeroWeights = std::count(values.begin(), values.end(), 0.0);
    size.denseOperations = fanOutOf(node, shapes).total();
  }
  return size;
}

Stats staticStats(const nir::Graph &graph, const nir::Checked &checked,
                  const BufferConvention &convention) {
  std::vector<nir::Diagnostic> problems;
  nir::FlatGraph flat = nir::FlatGraph::of(graph, problems);
  std::vector<const nir::NodeShapes *> shapes = nir::flatShapes(flat, checked.shapes);
  Stats stats;
  stats.convention = convention.name;
  for (int32_t node : nir::evaluationOrder(flat, std::vector<bool>(flat.nodes.size(), false))) {
    auto index = static_cast<size_t>(node);
    const nir::Node &here = *flat.nodes[index].node;
    stats.nodes.push_back({flat.path(node),
                           std::string(here.type()),
                           shapes[index]->output,
                           roleOf(here),
                           sizeOf(here, *shapes[index], convention),
                           {}});
  }
  return stats;
}

//===----------------------------------------------------------------------===//
// As NeuroBench has it
//===----------------------------------------------------------------------===//

/// Python's round(x, 4) of what float32 holds. It rounds the decimal that the number stands for,
/// which printing with four digits does, too.
static double roundedAsPython(float value) { return std::stod(fmt::format("{:.4f}", value)); }

NeuroBenchFigures neuroBenchFigures(const Stats &stats) {
  Size size = stats.totalSize();
  Activity all = stats.totalActivity();
  NeuroBenchFigures figures;
  figures.footprint = size.footprintBytes();
  figures.parameterCount = size.parameters;
  if (size.weights > 0) {
    figures.connectionSparsity =
        roundedAsPython(static_cast<float>(size.zeroWeights) / static_cast<float>(size.weights));
  }
  if (!stats.workload || stats.workload->samples == 0) {
    return figures;
  }
  auto samples = static_cast<double>(stats.workload->samples);
  auto ofSample = [&](int64_t count) { return static_cast<double>(count) / samples; };
  figures.activationSparsity = all.activationSparsity();
  figures.dense = ofSample(all.denseOperations);
  figures.effectiveMacs = ofSample(all.effectiveMacs);
  figures.effectiveAcs = ofSample(all.effectiveAcs);
  if (!stats.workload->hasMembranes) {
    return figures;
  }
  int64_t updates = 0;
  for (const NodeStats &node : stats.nodes) {
    updates += node.role == Role::Spiking ? node.activity.membraneUpdates : 0;
  }
  figures.membraneUpdates = ofSample(updates);
  figures.effectiveNeuronOperations = ofSample(all.neuronOperations);
  figures.denseNeuronOperations = ofSample(all.denseNeuronOperations);
  return figures;
}

} // namespace nirc
