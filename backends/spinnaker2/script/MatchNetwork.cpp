//===- MatchNetwork.cpp - a network as py-spinnaker2's --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/spinnaker2/script/MatchNetwork.h"

#include "backends/spinnaker2/Limits.h"
#include "backends/spinnaker2/script/MatchNeurons.h"
#include "dialects/nir/Tensors.h"
#include "passes/synapses/Ports.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

using namespace mlir;
using namespace nirc;
using namespace nirc::spinnaker2;

namespace {

/// Weights are checked once it is known whether a population has delays.
constexpr SynapseLimits synapseLimits = {"py-spinnaker2", "spinnaker2", "63 bits", longestDelay,
                                         std::numeric_limits<int64_t>::max()};

class ModelBuilder {
public:
  explicit ModelBuilder(snn::NetworkOp network)
      : network(network), composer(sources, synapseLimits.platform) {}

  FailureOr<ScriptModel> build();

private:
  LogicalResult checkNetwork();
  LogicalResult checkStarts();
  LogicalResult checkScales();
  LogicalResult takeFractions();
  LogicalResult addPopulation(snn::PopulationOp op);
  LogicalResult addBiases(snn::PopulationOp op, std::vector<std::vector<Synapse>> &terms,
                          std::vector<double> &bias);
  LogicalResult checkWeights(snn::PopulationOp op, ScriptPopulation &population);
  std::string finerThan(int64_t weight, int64_t most);

  snn::NetworkOp network;
  Composer::Sources sources;
  Composer composer;
  /// Of populations: biases that are not whole, which no synapse has to know.
  llvm::DenseMap<Operation *, std::vector<double>> fractions;
  ScriptModel model;
};

} // namespace

/// An error at the node, with what to do.
static LogicalResult refuse(Operation *op, const std::string &what, const std::string &fix) {
  InFlightDiagnostic error = snn::nodeError(op) << what;
  error.attachNote() << fix;
  return error;
}

LogicalResult ModelBuilder::checkNetwork() {
  if (!network.getElement().isF32() || !network.getFormat()) {
    InFlightDiagnostic error =
        network.emitError()
        << "the network computes in " << network.getElement()
        << (network.getFormat() ? "" : " with weights that are not integers")
        << ", expected states in float32 and integer weights, as in py-spinnaker2";
    error.attachNote() << "--format spinnaker2, or spinnaker2-delay for networks with Delays";
    return error;
  }
  return checkPipelined(network, "SpiNNaker2", "spinnaker2");
}

LogicalResult ModelBuilder::checkStarts() {
  WalkResult result = network.walk([](Operation *op) {
    auto start = op->getAttrOfType<IntegerAttr>("start");
    if (!start || start.getValue().isZero()) {
      return WalkResult::advance();
    }
    (void)refuse(op,
                 fmt::format("starts in step {}, expected step 0: py-spinnaker2 updates all "
                             "neurons from the first step on",
                             start.getValue().getZExtValue()),
                 "leave out --balance-latency");
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

//===----------------------------------------------------------------------===//
// What is not whole
//===----------------------------------------------------------------------===//

static bool isWhole(double number) { return number == std::nearbyint(number); }

static std::optional<ElementsAttr> biasOf(Operation *op) {
  if (auto dense = dyn_cast_or_null<snn::DenseOp>(op)) {
    return dense.getBias();
  }
  auto conv = dyn_cast_or_null<snn::ConvOp>(op);
  return conv ? conv.getBias() : std::nullopt;
}

/// Synapses have whole weights, so what multiplies them must be whole.
LogicalResult ModelBuilder::checkScales() {
  for (auto op : network.getBody().getOps<snn::ScaleOp>()) {
    for (double each : nir::doublesOf(op.getScale())) {
      if (!isWhole(each)) {
        return refuse(
            op,
            fmt::format("multiplies weights by {:.9g}, expected a whole number: "
                        "py-spinnaker2's weights are integers",
                        each),
            each >= 1.0 ? fmt::format("--format spinnaker2,scale=N with a whole N, as scale={:.0f}",
                                      std::floor(each))
                        : "connect the two populations only once");
      }
    }
  }
  return success();
}

/// The first op through which the signal goes on the way to populations that is neither a sum nor a
/// factor, or null.
static Operation *notStraight(Value signal) {
  for (Operation *user : signal.getUsers()) {
    if (isa<snn::ReshapeOp, snn::AddOp, snn::ScaleOp>(user)) {
      if (Operation *found = notStraight(user->getResult(0))) {
        return found;
      }
    } else if (!isa<snn::PopulationOp>(user)) {
      return user;
    }
  }
  return nullptr;
}

/// bias += factor * what connections with a bias in `from` add to the signal.
static void addFractions(Value signal, const llvm::SmallPtrSetImpl<Operation *> &from,
                         std::vector<double> factor, std::vector<double> &bias) {
  Operation *def = signal.getDefiningOp();
  if (from.contains(def)) {
    auto values = nir::doublesOf(*biasOf(def));
    for (size_t n = 0; n < bias.size(); ++n) { // one may stand for a channel, or for all
      bias[n] += factor[n] * values[n * values.size() / bias.size()];
    }
  } else if (auto scale = dyn_cast_or_null<snn::ScaleOp>(def)) {
    auto values = nir::doublesOf(scale.getScale());
    for (size_t n = 0; n < factor.size(); ++n) {
      factor[n] *= values[values.size() == 1 ? 0 : n];
    }
    addFractions(scale.getSignal(), from, std::move(factor), bias);
  } else if (isa_and_nonnull<snn::ReshapeOp, snn::AddOp>(def)) {
    for (Value each : def->getOperands()) {
      addFractions(each, from, factor, bias);
    }
  }
}

/// Biases become part of i_offset, which need not be whole, where they go straight to a population;
/// in the network they are then no more. All others must be whole, as the composer adds them up.
LogicalResult ModelBuilder::takeFractions() {
  llvm::SmallPtrSet<Operation *, 8> connections;
  for (Operation &op : network.getBody().getOps()) {
    std::optional<ElementsAttr> bias = biasOf(&op);
    if (!bias || llvm::all_of(nir::doublesOf(*bias), isWhole)) {
      continue;
    }
    if (Operation *other = notStraight(op.getResult(0))) {
      auto node = other->getAttrOfType<StringAttr>("node");
      return refuse(
          &op,
          fmt::format(
              "has a bias that is not a whole number of weight units and feeds '{}', expected "
              "neurons: only neurons have an i_offset",
              node ? node.getValue().str() : ""),
          "put the bias on the connection that feeds the neurons");
    }
    connections.insert(&op);
  }
  for (auto op : network.getBody().getOps<snn::PopulationOp>()) {
    auto neurons = static_cast<size_t>(snn::elementsOf(op.getType()));
    std::vector<double> &bias = fractions[op];
    bias.assign(neurons, 0.0);
    for (Value input : op.getInputs()) {
      addFractions(input, connections, std::vector<double>(neurons, 1.0), bias);
    }
  }
  for (Operation *op : connections) {
    if (auto dense = dyn_cast<snn::DenseOp>(op)) {
      dense.removeBiasAttr();
    } else {
      cast<snn::ConvOp>(op).removeBiasAttr();
    }
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Populations
//===----------------------------------------------------------------------===//

/// The biases of each neuron; those that begin later have no place.
LogicalResult ModelBuilder::addBiases(snn::PopulationOp op,
                                      std::vector<std::vector<Synapse>> &terms,
                                      std::vector<double> &bias) {
  for (size_t n = 0; n < terms.size(); ++n) {
    for (auto [from, added] : takeBiases(terms[n], 0)) {
      if (from > 0 && added != 0) {
        return refuse(op,
                      fmt::format("has a bias that starts in step {}, after a Delay, expected step "
                                  "0: py-spinnaker2 adds "
                                  "i_offset in every step",
                                  from),
                      "put the bias on a connection after the Delay");
      }
      bias[n] += static_cast<double>(added);
    }
  }
  return success();
}

LogicalResult ModelBuilder::addPopulation(snn::PopulationOp op) {
  auto neurons = static_cast<size_t>(snn::elementsOf(op.getType()));
  FailureOr<Composed> drive = composer.driveOf(op);
  if (failed(drive)) {
    return failure();
  }
  std::vector<std::vector<Synapse>> &terms = drive->terms;
  std::vector<double> bias = fractions[op];
  if (failed(addBiases(op, terms, bias))) {
    return failure();
  }
  ScriptPopulation population;
  population.node = op.getNode().str();
  population.shape.assign(snn::shapeOf(op.getType()).begin(), snn::shapeOf(op.getType()).end());
  population.first = sources.lookup(op.getResult()) - model.inputElements;
  population.count = static_cast<int32_t>(neurons);
  FailureOr<NeuronParameters> matched = matchNeurons(op, bias);
  if (failed(matched)) {
    return failure();
  }
  population.neurons = *std::move(matched);
  for (std::vector<Synapse> &each : terms) {
    if (failed(asSynapses(op, each, synapseLimits))) {
      return failure();
    }
    model.synapses.push_back(std::move(each));
  }
  if (failed(checkWeights(op, population))) {
    return failure();
  }
  model.populations.push_back(std::move(population));
  return success();
}

/// What makes that weight at most so large, and leaves bits to the others.
std::string ModelBuilder::finerThan(int64_t weight, int64_t most) {
  constexpr int leastBits = 4;
  nir::NumberFormat format = network.getFormat()->getFormat();
  auto largest = [](int bits) { return (int64_t{1} << (bits - 1)) - 1; };
  int bits = format.weightBits;
  if (format.scale) { // weights may have been clipped
    while (largest(bits) > most) {
      --bits;
    }
    return fmt::format(
        "use a smaller scale, or --format spinnaker2,weight-bits={}, which chooses it", bits);
  }
  std::string oneScale = "--format spinnaker2,scale=N multiplies all weights by the same N";
  while (bits >= leastBits && weight * largest(bits) > most * largest(format.weightBits)) {
    --bits;
  }
  return bits < leastBits ? oneScale
                          : fmt::format("--format spinnaker2,weight-bits={} makes them smaller; {}",
                                        bits, oneScale);
}

/// A synapse with a delay has 4 bits of weight, one without has 7; all of a population are alike.
LogicalResult ModelBuilder::checkWeights(snn::PopulationOp op, ScriptPopulation &population) {
  int64_t largest = 0, longest = 0;
  for (int32_t n = population.first; n < population.first + population.count; ++n) {
    for (const Synapse &each : model.synapses[static_cast<size_t>(n)]) {
      largest = std::max(largest, std::abs(each.weight));
      longest = std::max<int64_t>(longest, each.delay);
    }
  }
  population.hasDelays = longest > 0;
  int64_t most = population.hasDelays ? largestDelayWeight : spinnaker2::largestWeight;
  if (largest <= most) {
    return success();
  }
  std::string beside = population.hasDelays ? fmt::format(" and one with a delay of {} step{}",
                                                          longest, longest == 1 ? "" : "s")
                                            : "";
  return refuse(
      op,
      fmt::format(
          "has a synapse of weight {}{}, expected weights up to {}: py-spinnaker2 has {} bits for "
          "the weight of a synapse {} a delay",
          largest, beside, most, population.hasDelays ? 4 : 7,
          population.hasDelays ? "with" : "without"),
      finerThan(largest, most));
}

FailureOr<ScriptModel> ModelBuilder::build() {
  constexpr int64_t most = std::numeric_limits<int32_t>::max();
  if (failed(checkNetwork()) || failed(checkStarts()) || failed(checkScales()) ||
      failed(takeFractions()) ||
      failed(addSources(network, synapseLimits.platform, most, sources, model))) {
    return failure();
  }
  model.dtSeconds = network.getSemantics().getDtSeconds();
  for (auto op : network.getBody().getOps<snn::PopulationOp>()) {
    if (failed(addPopulation(op))) {
      return failure();
    }
  }
  if (failed(addReadouts(network, synapseLimits.platform, composer, sources, model,
                         [](snn::PopulationOp, std::optional<unsigned>) {}))) {
    return failure();
  }
  for (const Readout &each : model.readouts) {
    if (each.kind == Readout::Kind::Current) {
      InFlightDiagnostic error =
          network.emitError()
          << "node '" << each.node
          << "': has a record of i, expected spikes or v: py-spinnaker2 records nothing else";
      error.attachNote() << "remove the record";
      return error;
    }
  }
  return std::move(model);
}

FailureOr<ScriptModel> nirc::spinnaker2::matchNetwork(snn::NetworkOp network) {
  return ModelBuilder(network).build();
}
