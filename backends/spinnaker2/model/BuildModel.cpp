//===- BuildModel.cpp - a clocked network as a model ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/spinnaker2/model/BuildModel.h"

#include "backends/spinnaker2/Limits.h"
#include "backends/spinnaker2/model/WriteUpdate.h"
#include "dialects/nir/Tensors.h"
#include "passes/synapses/Ports.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

using namespace mlir;
using namespace nirc;
using namespace nirc::spinnaker2;

namespace {

constexpr int64_t longestSend = 1 << 20; ///< in steps; memory ends earlier
constexpr SynapseLimits synapseLimits = {"SpiNNaker2", "spinnaker2", "31 bits", longestSend,
                                         std::numeric_limits<int32_t>::max()};

class ModelBuilder {
public:
  explicit ModelBuilder(snn::NetworkOp network)
      : network(network), composer(sources, synapseLimits.platform) {}

  FailureOr<Model> build();

private:
  LogicalResult checkNetwork();
  LogicalResult checkWhole();
  LogicalResult addPopulation(snn::PopulationOp op);
  LogicalResult checkStarts();
  void chooseSendDelays();
  LogicalResult checkDelays();
  int64_t delayBytes(const std::vector<bool> &isSent) const;

  snn::NetworkOp network;
  Composer::Sources sources;
  Composer composer;
  Model model;
  std::vector<std::optional<size_t>> values;   ///< of populations: the column of what they pass on
  llvm::DenseMap<Operation *, size_t> numbers; ///< of populations
};

} // namespace

LogicalResult ModelBuilder::checkNetwork() {
  model.isFloat = network.getElement().isF32();
  bool hasFormat = network.getFormat().has_value();
  if (!network.getElement().isInteger(32) && !(model.isFloat && hasFormat)) {
    InFlightDiagnostic error = network.emitError()
                               << "the network computes in " << network.getElement()
                               << ", expected integers, or float32 behind weights that are "
                                  "integers: synapses of SpiNNaker2 are no others";
    error.attachNote() << "--format spinnaker2, of states in float32, or --format int8";
    return error;
  }
  return checkPipelined(network, "SpiNNaker2", "spinnaker2");
}

/// The first number that is not whole, or too large for sums that are exact in float32.
static std::optional<double> firstBroken(ElementsAttr values) {
  for (double each : nir::doublesOf(values)) {
    if (each != std::nearbyint(each) || std::abs(each) > double(1 << 24)) {
      return each;
    }
  }
  return std::nullopt;
}

/// Of a network whose states are floats: all that is added up is whole, so that no sum depends on
/// the order in which packets arrive.
LogicalResult ModelBuilder::checkWhole() {
  if (!model.isFloat) {
    return success();
  }
  WalkResult result = network.walk([&](Operation *op) {
    for (auto [name, what] :
         {std::pair("weight", "a weight"), {"bias", "a bias"}, {"scale", "a scale"}}) {
      auto values = op->getAttrOfType<ElementsAttr>(name);
      std::optional<double> broken = values ? firstBroken(values) : std::nullopt;
      if (broken) {
        InFlightDiagnostic error = snn::nodeError(op)
                                   << "has " << what << " of " << *broken
                                   << " in a connection, expected a whole number: cores of "
                                      "SpiNNaker2 add up integers";
        error.attachNote() << "let one Affine, Linear or Conv drive the neurons directly, or take "
                              "--format int8";
        return WalkResult::interrupt();
      }
    }
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

//===----------------------------------------------------------------------===//
// Populations
//===----------------------------------------------------------------------===//

LogicalResult ModelBuilder::addPopulation(snn::PopulationOp op) {
  auto neurons = static_cast<size_t>(snn::elementsOf(op.getType()));
  FailureOr<Composed> drive = composer.driveOf(op);
  if (failed(drive)) {
    return failure();
  }
  std::vector<std::vector<Synapse>> &terms = drive->terms;
  Population population;
  population.node = op.getNode().str();
  population.shape.assign(snn::shapeOf(op.getType()).begin(), snn::shapeOf(op.getType()).end());
  population.first = sources.lookup(op.getResult()) - model.inputElements;
  population.count = static_cast<int32_t>(neurons);
  population.start = static_cast<int64_t>(op.getStart());
  population.spikes = snn::isSpikes(op.getType());
  std::vector<uint32_t> bias(neurons, 0);
  for (size_t n = 0; n < neurons; ++n) {
    for (auto [from, added] : takeBiases(terms[n], population.start)) {
      if (from > population.start) {
        population.changes.push_back({from, static_cast<int32_t>(n), added});
      } else {
        bias[n] = model.isFloat ? std::bit_cast<uint32_t>(static_cast<float>(added))
                                : static_cast<uint32_t>(added);
      }
    }
    if (failed(asSynapses(op, terms[n], synapseLimits))) {
      return failure();
    }
    model.synapses.push_back(std::move(terms[n]));
  }
  std::ranges::sort(population.changes, {},
                    [](const BiasChange &each) { return std::pair(each.step, each.neuron); });
  for (uint32_t each : bias) {
    population.biases.push_back(static_cast<int32_t>(each));
  }
  FailureOr<WrittenUpdate> written =
      writeUpdate(op, std::move(bias), /*mayChange=*/!population.changes.empty());
  if (failed(written)) {
    return failure();
  }
  auto known = std::ranges::find(model.updates, written->update);
  population.update = static_cast<size_t>(known - model.updates.begin());
  if (known == model.updates.end()) {
    model.updates.push_back(std::move(written->update));
  }
  population.columns = std::move(written->columns);
  population.bias = written->bias;
  values.push_back(written->value);
  numbers[op] = model.populations.size();
  model.populations.push_back(std::move(population));
  return success();
}

/// Neurons of a balanced network wait for their first inputs, as they do here; what a delay takes
/// as 0 until then must not come from an input.
LogicalResult ModelBuilder::checkStarts() {
  for (auto [op, spike] : composer.lateDelays()) {
    int64_t first = 0;
    if (spike.source >= model.inputElements) {
      first = model.populations[model.populationOf(spike.source - model.inputElements)].start;
    }
    if (first + spike.delay < static_cast<int64_t>(op.getStart())) {
      InFlightDiagnostic error = snn::nodeError(op) << "has to wait for step " << op.getStart()
                                                    << ", and a spike of step " << first
                                                    << " drives it: SpiNNaker2 delays every spike";
      error.attachNote() << "leave out --balance-latency";
      return error;
    }
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Who delays a spike
//===----------------------------------------------------------------------===//

/// What delays take of memory: of a population whose spikes wait where they are sent, a bit for
/// each neuron and step; of what waits where it arrives, a sum of 16 bits.
int64_t ModelBuilder::delayBytes(const std::vector<bool> &isSent) const {
  int64_t bytes = 0;
  for (size_t p = 0; p < model.populations.size(); ++p) {
    const Population &population = model.populations[p];
    int64_t longest = 0, longestSent = 0;
    for (int32_t n = population.first; n < population.first + population.count; ++n) {
      for (const Synapse &each : model.synapses[n]) {
        bool isInput = each.source < model.inputElements;
        bool waits = isInput || isSent[model.populationOf(each.source - model.inputElements)];
        longest =
            std::max<int64_t>(longest, each.delay - (waits ? model.sendDelays[each.source] : 0));
      }
      longestSent = std::max<int64_t>(longestSent, model.sendDelays[model.inputElements + n]);
    }
    bytes += int64_t{2} * population.count * longest;
    bytes += isSent[p] && longestSent > 0 ? population.count * (longestSent + 1) / 8 : 0;
  }
  return bytes;
}

/// A source can keep a spike as long as all its synapses want; what is left is kept in the sums of
/// those that take it. Inputs wait outside.
void ModelBuilder::chooseSendDelays() {
  constexpr int32_t none = std::numeric_limits<int32_t>::max();
  model.sendDelays.assign(model.inputElements + model.synapses.size(), none);
  for (const std::vector<Synapse> &each : model.synapses) {
    for (const Synapse &synapse : each) {
      int32_t &least = model.sendDelays[synapse.source];
      least = std::min(least, synapse.delay);
    }
  }
  std::ranges::replace(model.sendDelays, none, 0);
  std::vector<bool> isSent(model.populations.size(), true);
  for (size_t p = 0; p < isSent.size(); ++p) {
    auto from = model.sendDelays.begin() + model.inputElements + model.populations[p].first;
    if (std::all_of(from, from + model.populations[p].count, [](int32_t d) { return d == 0; })) {
      continue;
    }
    int64_t with = delayBytes(isSent);
    isSent[p] = false;
    isSent[p] = delayBytes(isSent) > with;
    if (!isSent[p]) {
      std::fill(from, from + model.populations[p].count, 0);
    }
  }
  model.sends.assign(model.populations.size(), false);
  for (std::vector<Synapse> &each : model.synapses) {
    for (Synapse &synapse : each) {
      synapse.delay -= model.sendDelays[synapse.source];
      if (synapse.source >= model.inputElements) {
        model.sends[model.populationOf(synapse.source - model.inputElements)] = true;
      }
    }
  }
}

/// A block of synapses has 8 bits for what is left.
LogicalResult ModelBuilder::checkDelays() {
  for (auto op : network.getBody().getOps<snn::PopulationOp>()) {
    const Population &population = model.populations[numbers.lookup(op)];
    for (int32_t n = population.first; n < population.first + population.count; ++n) {
      for (const Synapse &each : model.synapses[n]) {
        if (each.delay > longestRingDelay) {
          InFlightDiagnostic error = snn::nodeError(op)
                                     << "is driven by one spike over " << each.delay
                                     << " steps, expected at most " << longestRingDelay
                                     << ": so long does a core of SpiNNaker2 keep sums";
          error.attachNote() << "take Delays that differ less, or a larger --dt";
          return error;
        }
      }
    }
  }
  return success();
}

FailureOr<Model> ModelBuilder::build() {
  constexpr int64_t most = std::numeric_limits<int32_t>::max();
  if (failed(checkNetwork()) || failed(checkWhole()) ||
      failed(addSources(network, synapseLimits.platform, most, sources, model))) {
    return failure();
  }
  model.dtSeconds = network.getSemantics().getDtSeconds();
  for (auto op : network.getBody().getOps<snn::PopulationOp>()) {
    if (failed(addPopulation(op))) {
      return failure();
    }
  }
  chooseSendDelays();
  if (failed(checkDelays())) {
    return failure();
  }
  auto seen = [&](snn::PopulationOp population, std::optional<unsigned> state) {
    size_t number = numbers.lookup(population);
    model.sources.resize(model.readouts.size());
    model.sources.back() = {number, state ? *state : values[number].value_or(0)};
  };
  if (failed(checkStarts()) ||
      failed(addReadouts(network, synapseLimits.platform, composer, sources, model, seen))) {
    return failure();
  }
  model.sources.resize(model.readouts.size());
  return std::move(model);
}

FailureOr<Model> nirc::spinnaker2::buildModel(snn::NetworkOp network) {
  return ModelBuilder(network).build();
}
