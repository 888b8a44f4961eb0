//===- MatchNetwork.cpp - a network as Loihi's numbers --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/match/MatchNetwork.h"

#include "backends/loihi2/Limits.h"
#include "backends/loihi2/match/MatchBody.h"
#include "dialects/snn/Records.h"
#include "passes/synapses/Compose.h"

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
  LogicalResult addInputs();
  LogicalResult addPopulation(snn::PopulationOp op);
  LogicalResult addBias(snn::PopulationOp op, int64_t from, int64_t bias,
                        std::vector<Synapse> &terms);
  void addBiasNeurons();
  std::vector<int64_t> firstSpikes() const;
  LogicalResult checkStarts();
  LogicalResult addReadouts();
  LogicalResult addSpikes(Operation *op, StringRef node, Value signal, nir::Shape shape);
  LogicalResult addSignal(Operation *op, StringRef node, Value signal, nir::Shape shape);
  LogicalResult addState(snn::RecordOp op);
  void addNumbers(snn::PopulationOp population, StringRef node, StringRef observable, Type type,
                  nir::Shape shape);

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
  if (network.getSemantics().getSemantics().timing != nir::Timing::Pipelined) {
    InFlightDiagnostic error = network.emitError()
                               << "the network has the semantics "
                               << network.getSemantics().getChoices()
                               << ", expected schedule=pipelined: on Loihi 2 a spike takes a step";
    error.attachNote() << "--semantics loihi2, or --schedule pipelined";
    return error;
  }
  return success();
}

LogicalResult ModelBuilder::addInputs() {
  for (auto op : network.getBody().getOps<snn::InputOp>()) {
    for (double scale : snn::scalesOf(op.getType())) {
      if (scale != 1.0) {
        InFlightDiagnostic error = snn::nodeError(op)
                                   << "carries numbers in steps of " << scale
                                   << ", expected spikes, 0 and 1: nothing else enters Loihi 2";
        error.attachNote() << "make spikes of the numbers first, with a neuron or poisson:";
        return error;
      }
    }
    if (snn::elementsOf(op.getType()) > std::numeric_limits<int32_t>::max() - model.inputElements) {
      return snn::nodeError(op) << "is one input too many: more than 2^31 elements";
    }
    sources[op.getResult()] = model.inputElements;
    model.inputs.push_back(
        {op.getNode().str(), vectorOf(snn::shapeOf(op.getType())), model.inputElements});
    model.inputElements += static_cast<int32_t>(snn::elementsOf(op.getType()));
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Populations
//===----------------------------------------------------------------------===//

LogicalResult ModelBuilder::addPopulation(snn::PopulationOp op) {
  auto neurons = static_cast<size_t>(snn::elementsOf(op.getType()));
  std::vector<std::vector<Synapse>> terms(neurons);
  std::vector<int64_t> bias(neurons, 0);
  for (Value input : op.getInputs()) {
    FailureOr<const Composed *> composed = composer.compose(input);
    if (failed(composed)) {
      return failure();
    }
    for (size_t n = 0; n < neurons; ++n) {
      llvm::append_range(terms[n], (*composed)->terms[n]);
    }
  }
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
       std::move(matched->compartments), vectorOf(snn::shapeOf(op.getType()))});
  for (size_t n = 0; n < neurons; ++n) {
    biases[n][1] += matched->bySynapses[n] ? bias[n] : 0;
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

//===----------------------------------------------------------------------===//
// What is read
//===----------------------------------------------------------------------===//

LogicalResult ModelBuilder::addSpikes(Operation *op, StringRef node, Value signal,
                                      nir::Shape shape) {
  FailureOr<const Composed *> composed = composer.compose(signal);
  if (failed(composed)) {
    return failure();
  }
  Readout readout{node.str(), "spikes", Readout::Kind::Spikes, std::move(shape), {}, {}};
  for (size_t i = 0; i < (*composed)->terms.size(); ++i) {
    ArrayRef<Synapse> terms = (*composed)->terms[i];
    if (terms.size() != 1 || terms[0].weight != 1 || terms[0].delay != 0 ||
        terms[0].source < model.inputElements) {
      InFlightDiagnostic error = snn::nodeError(op)
                                 << "takes other than the spikes of one population in this step, "
                                    "which is all that Loihi 2 reports";
      error.attachNote() << "connect it to spiking neurons alone, without Delays and weights";
      return error;
    }
    readout.neurons.push_back(terms[0].source - model.inputElements);
  }
  model.readouts.push_back(std::move(readout));
  return success();
}

/// A state of a population: i, or v under any name. What 1 of it stands for, the type says.
void ModelBuilder::addNumbers(snn::PopulationOp population, StringRef node, StringRef observable,
                              Type type, nir::Shape shape) {
  SmallVector<double> scales = snn::scalesOf(type);
  Readout readout{node.str(),
                  observable.str(),
                  observable == "i" ? Readout::Kind::Current : Readout::Kind::Voltage,
                  std::move(shape),
                  {scales.begin(), scales.end()},
                  {}};
  int32_t first = sources.lookup(population.getResult()) - model.inputElements;
  for (int32_t i = 0; i < snn::elementsOf(type); ++i) {
    readout.neurons.push_back(first + i);
  }
  model.readouts.push_back(std::move(readout));
}

/// The neurons whose v the signal is, or null.
static snn::PopulationOp readOutOf(Value signal) {
  while (auto reshape = signal.getDefiningOp<snn::ReshapeOp>()) {
    signal = reshape.getSignal();
  }
  return snn::isSpikes(signal.getType()) ? nullptr : signal.getDefiningOp<snn::PopulationOp>();
}

/// What an Output takes, or what is recorded of a node.
LogicalResult ModelBuilder::addSignal(Operation *op, StringRef node, Value signal,
                                      nir::Shape shape) {
  if (snn::PopulationOp population = readOutOf(signal)) {
    addNumbers(population, node, "value", signal.getType(), std::move(shape));
    return success();
  }
  return addSpikes(op, node, signal, std::move(shape));
}

LogicalResult ModelBuilder::addState(snn::RecordOp op) {
  if (std::optional<snn::State> state = snn::stateOf(op)) {
    Type type = state->type();
    addNumbers(state->population, op.getNode(), op.getObservable(), type,
               vectorOf(snn::shapeOf(type)));
    return success();
  }
  return snn::nodeError(op) << "has no '" << op.getObservable() << "' on Loihi 2";
}

LogicalResult ModelBuilder::addReadouts() {
  for (auto op : network.getBody().getOps<snn::OutputOp>()) {
    if (failed(addSignal(op, op.getNode(), op.getSignal(), vectorOf(op.getShape())))) {
      return failure();
    }
    model.readouts.back().latency = static_cast<int64_t>(op.getLatency());
  }
  for (auto op : network.getBody().getOps<snn::RecordOp>()) {
    Value signal = op.getSignal();
    if (signal && op.getObservable() != "spikes" && !readOutOf(signal)) {
      return snn::nodeError(op) << "cannot record '" << op.getObservable()
                                << "', expected spikes, v or i: Loihi 2 keeps no others";
    }
    if (failed(signal
                   ? addSignal(op, op.getNode(), signal, vectorOf(snn::shapeOf(signal.getType())))
                   : addState(op))) {
      return failure();
    }
    model.readouts.back().latency = static_cast<int64_t>(op.getLatency());
  }
  return success();
}

FailureOr<Model> ModelBuilder::build() {
  if (failed(checkNetwork()) || failed(addInputs())) {
    return failure();
  }
  model.dtSeconds = network.getSemantics().getDtSeconds();
  int64_t next = model.inputElements;
  for (auto op : network.getBody().getOps<snn::PopulationOp>()) {
    sources[op.getResult()] = static_cast<int32_t>(next);
    next += snn::elementsOf(op.getType());
    if (next > std::numeric_limits<int32_t>::max() - mostBiasNeurons) {
      return snn::nodeError(op) << "is one neuron too many: more than 2^31 inputs and neurons";
    }
  }
  firstBiasNeuron = static_cast<int32_t>(next);
  for (auto op : network.getBody().getOps<snn::PopulationOp>()) {
    if (failed(addPopulation(op))) {
      return failure();
    }
  }
  addBiasNeurons();
  if (failed(checkStarts()) || failed(addReadouts())) {
    return failure();
  }
  return std::move(model);
}

FailureOr<Model> loihi2::buildModel(snn::NetworkOp network) {
  return ModelBuilder(network).build();
}
