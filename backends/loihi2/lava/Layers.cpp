//===- Layers.cpp - a network as one row of layers ------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/lava/Layers.h"

#include "ir/Wording.h"

#include <algorithm>
#include <fmt/format.h>

using namespace nirc;
using namespace nirc::loihi2;

nir::Error loihi2::notInNet(const std::string &node, std::string found) {
  return nir::Error::atNode(nir::Cause::UnsupportedByTarget, node, std::move(found))
      .note("--emit=lava writes any network");
}

nir::Error loihi2::weightsNotInNet(const std::string &node, std::string found) {
  return nir::Error::atNode(nir::Cause::UnsupportedByTarget, node, std::move(found))
      .note("--format loihi2,weight-bits=7 makes smaller weights, and --emit=lava writes any "
            "network");
}

namespace {

class Row {
public:
  Row(const Model &model, const std::vector<std::optional<ConvWindow>> &windows)
      : model(model), windows(windows), before(model.populations.size(), none) {}

  nir::Result<std::vector<Layer>> build();

private:
  static constexpr int none = -2, input = -1;

  /// The population of a source, or `input`.
  int ownerOf(int32_t source) const;
  std::span<const std::vector<Synapse>> synapsesOf(int population) const {
    const Population &p = model.populations[static_cast<size_t>(population)];
    return std::span(model.synapses).subspan(static_cast<size_t>(p.first), p.compartments.size());
  }
  int32_t firstSource(int owner) const {
    return owner == input
               ? 0
               : model.inputElements + model.populations[static_cast<size_t>(owner)].first;
  }
  int64_t sizeOf(int owner) const {
    return owner == input ? model.inputElements
                          : std::ssize(model.populations[static_cast<size_t>(owner)].compartments);
  }
  const std::string &nameOf(int owner) const {
    return owner == input ? model.inputs[0].node
                          : model.populations[static_cast<size_t>(owner)].node;
  }

  nir::Status findBefore(int population);
  nir::Result<std::vector<int>> order() const;
  nir::Status checkOutput(int last) const;
  nir::Result<Layer> layer(int population, std::optional<ConvWindow::Sizes> shape) const;
  std::optional<Layer> convolution(int population, std::optional<ConvWindow::Sizes> shape) const;
  nir::Status fill(Layer &layer, int population) const;

  const Model &model;
  const std::vector<std::optional<ConvWindow>> &windows;
  std::vector<int> before; ///< what drives each population
};

} // namespace

//===----------------------------------------------------------------------===//
// One after another
//===----------------------------------------------------------------------===//

int Row::ownerOf(int32_t source) const {
  if (source < model.inputElements) {
    return input;
  }
  auto next = std::upper_bound(
      model.populations.begin(), model.populations.end(), source - model.inputElements,
      [](int32_t compartment, const Population &each) { return compartment < each.first; });
  return static_cast<int>(next - model.populations.begin()) - 1;
}

nir::Status Row::findBefore(int population) {
  int &from = before[static_cast<size_t>(population)];
  for (const std::vector<Synapse> &synapses : synapsesOf(population)) {
    for (const Synapse &synapse : synapses) {
      int owner = ownerOf(synapse.source);
      if (owner == population || owner == from) {
        continue;
      }
      if (from != none) {
        return notInNet(
            nameOf(population),
            fmt::format("is driven by '{}' and by '{}', expected one of them: lava-dl's "
                        ".net is one row of layers",
                        nameOf(from), nameOf(owner)));
      }
      from = owner;
    }
  }
  if (from == none) {
    return notInNet(nameOf(population), "is driven by no input and no other neurons, and lava-dl's "
                                        "netx reads no weights that are all 0");
  }
  return {};
}

nir::Result<std::vector<int>> Row::order() const {
  std::vector<int> row;
  for (int at = input; row.size() < before.size();) {
    auto next = std::find(before.begin(), before.end(), at);
    if (next == before.end()) {
      break;
    }
    auto second = std::find(std::next(next), before.end(), at);
    if (second != before.end()) {
      auto nameAt = [&](auto each) { return nameOf(static_cast<int>(each - before.begin())); };
      return notInNet(nameOf(at),
                      fmt::format("drives '{}' and '{}', expected one of them: lava-dl's .net is "
                                  "one row of layers",
                                  nameAt(next), nameAt(second)));
    }
    at = static_cast<int>(next - before.begin());
    row.push_back(at);
  }
  for (int i = 0; i < std::ssize(before); ++i) {
    if (std::find(row.begin(), row.end(), i) == row.end()) {
      return notInNet(nameOf(i), fmt::format("is in a loop with '{}', expected loops of one "
                                             "population: lava-dl's .net is one row of layers",
                                             nameOf(before[static_cast<size_t>(i)])));
    }
  }
  return row;
}

nir::Status Row::checkOutput(int last) const {
  const Population &population = model.populations[static_cast<size_t>(last)];
  for (const Readout &readout : model.readouts) {
    bool isLast = readout.kind == Readout::Kind::Spikes &&
                  readout.neurons.size() == population.compartments.size();
    for (size_t i = 0; isLast && i < readout.neurons.size(); ++i) {
      isLast = readout.neurons[i] == population.first + static_cast<int32_t>(i);
    }
    if (!isLast) {
      return notInNet(readout.node,
                      fmt::format("is not the spikes of '{}', the last layer, and lava-dl's .net "
                                  "has no other output",
                                  population.node));
    }
  }
  return {};
}

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

/// As much as a synapse of a layer can hold, whatever else is asked of it.
static nir::Status checkWeight(const std::string &node, int64_t weight) {
  if (weight < -256 || weight > 255) {
    return weightsNotInNet(node,
                           fmt::format("has a synapse of the weight {}, expected -256 to 255: "
                                       "lava-dl's .net has no exponents of weights",
                                       weight));
  }
  return {};
}

nir::Status Row::fill(Layer &layer, int population) const {
  const std::string &node = nameOf(population);
  int from = before[static_cast<size_t>(population)];
  std::span<const std::vector<Synapse>> synapses = synapsesOf(population);
  int64_t neurons = sizeOf(population);
  bool isDelayed = false;
  for (int64_t n = 0; n < neurons; ++n) {
    int32_t last = -1;
    for (const Synapse &synapse : synapses[static_cast<size_t>(n)]) {
      if (nir::Status error = checkWeight(node, synapse.weight)) {
        return error;
      }
      if (synapse.source == last) {
        return notInNet(node, fmt::format("has two synapses of one neuron of '{}', with different "
                                          "delays, expected one",
                                          nameOf(ownerOf(last))));
      }
      last = synapse.source;
      bool isOwn = ownerOf(synapse.source) == population;
      int64_t size = isOwn ? neurons : layer.sources;
      std::vector<int16_t> &weights = isOwn ? layer.recurrent : layer.weights;
      auto at =
          static_cast<size_t>(n * size + synapse.source - firstSource(isOwn ? population : from));
      weights.resize(static_cast<size_t>(neurons * size));
      weights[at] = static_cast<int16_t>(synapse.weight);
      if (synapse.delay > 0 && !isOwn) {
        layer.delays.resize(static_cast<size_t>(neurons * size));
        layer.delays[at] = static_cast<uint8_t>(synapse.delay);
      }
      isDelayed |= synapse.delay > 0;
    }
  }
  if (isDelayed && !layer.recurrent.empty()) {
    return notInNet(node, "has delays, and synapses of its own neurons, expected one of them: "
                          "lava-dl's dense_rec has no delays");
  }
  return {};
}

std::optional<Layer> Row::convolution(int population,
                                      std::optional<ConvWindow::Sizes> shape) const {
  auto at = static_cast<size_t>(population);
  const std::optional<ConvWindow> window = at < windows.size() ? windows[at] : std::nullopt;
  if (!window || !shape || window->from != *shape) {
    return std::nullopt;
  }
  const Population &p = model.populations[static_cast<size_t>(population)];
  auto plane = static_cast<size_t>(window->to[1] * window->to[2]);
  for (size_t n = 0; n < p.compartments.size(); ++n) {
    if (p.compartments[n] != p.compartments[n / plane * plane]) {
      return std::nullopt; // netx takes constants of channels
    }
  }
  int from = before[static_cast<size_t>(population)];
  auto kernel = kernelOf(*window, synapsesOf(population), firstSource(from));
  if (!kernel) {
    return std::nullopt;
  }
  Layer layer{&p, sizeOf(from), window, {}, {}, {}};
  for (int64_t weight : *kernel) {
    if (checkWeight(p.node, weight)) {
      return std::nullopt;
    }
    layer.weights.push_back(static_cast<int16_t>(weight));
  }
  return layer;
}

nir::Result<Layer> Row::layer(int population, std::optional<ConvWindow::Sizes> shape) const {
  if (std::optional<Layer> conv = convolution(population, shape)) {
    return *std::move(conv);
  }
  Layer layer;
  layer.population = &model.populations[static_cast<size_t>(population)];
  layer.sources = sizeOf(before[static_cast<size_t>(population)]);
  int64_t neurons = sizeOf(population);
  if (neurons * std::max(neurons, layer.sources) > mostLayerWeights) {
    return notInNet(
        nameOf(population),
        fmt::format("has {} behind {}, too many for a matrix of all weights, expected at most {}",
                    nir::counted(neurons, "neuron"), layer.sources, mostLayerWeights));
  }
  if (nir::Status error = fill(layer, population)) {
    return *std::move(error);
  }
  return layer;
}

nir::Result<std::vector<Layer>> Row::build() {
  if (model.inputs.size() != 1) {
    return notInNet(
        model.inputs.empty() ? "" : model.inputs[1].node,
        fmt::format("the network has {}, expected 1: lava-dl's .net is one row of layers",
                    nir::counted(model.inputs.size(), "input")));
  }
  for (int i = 0; i < std::ssize(model.populations); ++i) {
    if (nir::Status error = findBefore(i)) {
      return *std::move(error);
    }
  }
  nir::Result<std::vector<int>> row = order();
  if (!row) {
    return row.takeError();
  }
  if (row->empty()) {
    return notInNet(model.inputs[0].node, "drives no neurons");
  }
  if (nir::Status error = checkOutput(row->back())) {
    return *std::move(error);
  }
  std::vector<Layer> layers;
  std::optional<ConvWindow::Sizes> shape; // netx keeps that of the input and of convolutions
  if (std::ssize(model.inputs[0].shape) == 3) {
    shape = {model.inputs[0].shape[0], model.inputs[0].shape[1], model.inputs[0].shape[2]};
  } else if (std::ssize(model.inputs[0].shape) == 2) {
    shape = {model.inputs[0].shape[0], 1, model.inputs[0].shape[1]};
  }
  for (int population : *row) {
    nir::Result<Layer> next = layer(population, shape);
    if (!next) {
      return next.takeError();
    }
    shape = next->window ? std::optional(next->window->to) : std::nullopt;
    layers.push_back(*std::move(next));
  }
  return layers;
}

nir::Result<std::vector<Layer>>
loihi2::layersOf(const Model &model, const std::vector<std::optional<ConvWindow>> &windows) {
  return Row(model, windows).build();
}
