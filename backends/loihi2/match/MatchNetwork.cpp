//===- MatchNetwork.cpp - a network as Loihi's numbers --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/match/MatchNetwork.h"

#include "backends/loihi2/Limits.h"
#include "backends/loihi2/match/MatchBody.h"
#include "passes/synapses/Ports.h"

#include <limits>
#include <map>

using namespace mlir;
using namespace nirc;
using namespace nirc::loihi2;

namespace {

constexpr SynapseLimits synapseLimits = {
    "Loihi 2", "loihi2", "a mantissa of 8 bits and an exponent of 7", longestDelay, largestSynapse};

class ModelBuilder {
public:
  explicit ModelBuilder(snn::NetworkOp network)
      : network(network), composer(sources, synapseLimits.platform) {}

  FailureOr<Model> build();

private:
  LogicalResult checkNetwork();
  LogicalResult addPopulation(snn::PopulationOp op);
  LogicalResult addBias(snn::PopulationOp op, int64_t from, int64_t bias,
                        std::vector<Synapse> &terms);
  void addBiasNeurons();
  std::vector<int64_t> firstSpikes() const;
  LogicalResult checkStarts();

  snn::NetworkOp network;
  Composer::Sources sources;
  Composer composer;
  int32_t firstBiasNeuron = 0; ///< of the sources
  int32_t biasNeurons = 0;
  Model model;
};

} // namespace

/// A bias fills a current, of 2^23 / 2^6 weights, at the most.
constexpr int64_t mostBiasNeurons = (stateLimit >> mantissaShift) / largestSynapse + 1;

static nir::Shape vectorOf(ArrayRef<int64_t> shape) { return {shape.begin(), shape.end()}; }

LogicalResult ModelBuilder::checkNetwork() {
  if (!network.getElement().isInteger(32)) {
    InFlightDiagnostic error = network.emitError()
                               << "the network computes in " << network.getElement()
                               << ", expected integers: Loihi 2 has no others";
    error.attachNote() << "--format loihi2";
    return error;
  }
  return checkPipelined(network, "Loihi 2", "loihi2");
}

//===----------------------------------------------------------------------===//
// Populations
//===----------------------------------------------------------------------===//

LogicalResult ModelBuilder::addPopulation(snn::PopulationOp op) {
  auto neurons = static_cast<size_t>(snn::elementsOf(op.getType()));
  std::vector<int64_t> bias(neurons, 0);
  FailureOr<Composed> drive = composer.driveOf(op);
  if (failed(drive)) {
    return failure();
  }
  std::vector<std::vector<Synapse>> &terms = drive->terms;
  std::vector<std::map<int64_t, int64_t>> biases;
  for (size_t n = 0; n < neurons; ++n) {
    biases.push_back(takeBiases(terms[n], static_cast<int64_t>(op.getStart())));
    bias[n] = biases[n][0];
  }
  FailureOr<MatchedBody> matched = matchBody(op, bias);
  if (failed(matched)) {
    return failure();
  }
  model.populations.push_back(
      {op.getNode().str(), sources.lookup(op.getResult()) - model.inputElements,
       std::move(matched->compartments), vectorOf(snn::shapeOf(op.getType())), bias});
  for (size_t n = 0; n < neurons; ++n) {
    if (matched->bySynapses[n]) {
      biases[n][1] += bias[n];
      model.populations.back().bias[n] = 0;
    }
    biases[n].erase(0);
    for (auto [from, weight] : biases[n]) {
      if (failed(addBias(op, from, weight, terms[n]))) {
        return failure();
      }
    }
  }
  for (std::vector<Synapse> &each : terms) {
    if (failed(asSynapses(op, each, synapseLimits))) {
      return failure();
    }
    model.synapses.push_back(std::move(each));
  }
  return success();
}

/// What brings the bias from that step on, which is 1 at the earliest: the spikes of one neuron, or
/// of several where a synapse cannot weigh that much.
LogicalResult ModelBuilder::addBias(snn::PopulationOp op, int64_t from, int64_t bias,
                                    std::vector<Synapse> &terms) {
  constexpr int64_t most = (stateLimit >> mantissaShift) - 1;
  if (std::abs(bias) > most) {
    InFlightDiagnostic error = snn::nodeError(op) << "has a bias of " << bias
                                                  << " in its connections, expected at most "
                                                  << most << ", with which its current is full";
    error.attachNote() << "take larger weights beside it, or fewer --format weight-bits: they "
                          "decide what 1 of a bias is";
    return error;
  }
  int32_t neuron = 0;
  for (int64_t rest = bias; rest != 0; ++neuron) {
    int64_t part = std::clamp(rest, -largestSynapse, largestSynapse);
    terms.push_back({firstBiasNeuron + neuron, static_cast<int32_t>(from), part});
    rest -= part;
  }
  biasNeurons = std::max(biasNeurons, neuron);
  return success();
}

/// Neurons that spike in every step from step 0 on: 1 is above their threshold, and all that they
/// have of v.
void ModelBuilder::addBiasNeurons() {
  if (biasNeurons == 0) {
    return;
  }
  std::string name = "biases";
  auto isTaken = [&](Operation &op) {
    auto node = op.getAttrOfType<StringAttr>("node");
    return node && node.getValue() == name;
  };
  while (llvm::any_of(network.getBody().getOps(), isTaken)) {
    name += '_';
  }
  Compartment neuron;
  neuron.biasMantissa = 1;
  model.populations.push_back(
      {name, firstBiasNeuron - model.inputElements, std::vector<Compartment>(biasNeurons, neuron)});
  model.synapses.resize(model.synapses.size() + biasNeurons);
}

constexpr int64_t never = std::numeric_limits<int64_t>::max() / 2;

/// The first step after which a neuron's states are other than 0 though no spike arrived.
static int64_t firstDriven(const Compartment &c) {
  int64_t bias = int64_t{c.biasMantissa} * (1 << c.biasExponent);
  if (decayed(c.current, c.du + 1) != 0 || decayed(c.voltage, c.dv) + bias != 0) {
    return 0;
  }
  return bias != 0 ? 1 : never;
}

/// The first step in which each source can spike: until then its states are 0.
std::vector<int64_t> ModelBuilder::firstSpikes() const {
  std::vector<int64_t> first(model.inputElements + model.synapses.size(), never);
  std::fill_n(first.begin(), model.inputElements, 0);
  for (bool changed = true; changed;) {
    changed = false;
    for (const Population &population : model.populations) {
      for (size_t n = 0; n < population.compartments.size(); ++n) {
        size_t compartment = static_cast<size_t>(population.first) + n;
        int64_t earliest = firstDriven(population.compartments[n]);
        for (const Synapse &synapse : model.synapses[compartment]) {
          earliest = std::min(earliest, first[synapse.source] + synapse.delay + 1);
        }
        int64_t &known = first[static_cast<size_t>(model.inputElements) + compartment];
        changed |= earliest < known;
        known = std::min(known, earliest);
      }
    }
  }
  return first;
}

/// Neurons and delays of a balanced network wait for their first inputs, which must be what those
/// of the chip do anyway.
LogicalResult ModelBuilder::checkStarts() {
  auto populations = network.getBody().getOps<snn::PopulationOp>();
  bool starts = llvm::any_of(populations, [](snn::PopulationOp op) { return op.getStart() > 0; });
  if (!starts && composer.lateDelays().empty()) {
    return success();
  }
  auto refuse = [](Operation *op, uint64_t start) {
    InFlightDiagnostic error = snn::nodeError(op) << "has to wait for step " << start
                                                  << ", and a bias or a spike drives it before: "
                                                     "Loihi 2 runs all neurons from step 0";
    error.attachNote() << "leave out --balance-latency";
    return error;
  };
  std::vector<int64_t> first = firstSpikes();
  for (snn::PopulationOp op : populations) {
    auto from = first.begin() + sources.lookup(op.getResult());
    auto start = static_cast<int64_t>(op.getStart());
    if (std::any_of(from, from + snn::elementsOf(op.getType()),
                    [&](int64_t step) { return step < start; })) {
      return refuse(op, op.getStart());
    }
  }
  for (auto [op, spike] : composer.lateDelays()) {
    if (first[spike.source] + spike.delay < static_cast<int64_t>(op.getStart())) {
      return refuse(op, op.getStart());
    }
  }
  return success();
}

FailureOr<Model> ModelBuilder::build() {
  constexpr int64_t most = std::numeric_limits<int32_t>::max() - mostBiasNeurons;
  if (failed(checkNetwork()) ||
      failed(addSources(network, synapseLimits.platform, most, sources, model))) {
    return failure();
  }
  model.dtSeconds = network.getSemantics().getDtSeconds();
  firstBiasNeuron = model.inputElements;
  for (auto op : network.getBody().getOps<snn::PopulationOp>()) {
    firstBiasNeuron += static_cast<int32_t>(snn::elementsOf(op.getType()));
  }
  for (auto op : network.getBody().getOps<snn::PopulationOp>()) {
    if (failed(addPopulation(op))) {
      return failure();
    }
  }
  addBiasNeurons();
  if (failed(checkStarts()) ||
      failed(addReadouts(network, synapseLimits.platform, composer, sources, model,
                         [](snn::PopulationOp, std::optional<unsigned>) {}))) {
    return failure();
  }
  return std::move(model);
}

FailureOr<Model> loihi2::buildModel(snn::NetworkOp network) {
  return ModelBuilder(network).build();
}
