//===- BuildNeurons.cpp - a clocked network as neurons --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/neurons/BuildNeurons.h"

#include "dialects/nir/Tensors.h"
#include "dialects/snn/Records.h"
#include "passes/synapses/Ports.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

using namespace mlir;
using namespace nirc;

//===----------------------------------------------------------------------===//
// Updates
//===----------------------------------------------------------------------===//

/// "shrsi", "cmpi sge": as instructions are called.
static std::string instructionName(Operation &op) {
  std::string name = op.getName().stripDialect().str();
  if (auto compare = dyn_cast<arith::CmpIOp>(op)) {
    name += " " + arith::stringifyCmpIPredicate(compare.getPredicate()).str();
  }
  return name;
}

/// The bits of an integer, or 0.
static uint8_t bitsOf(Type type) {
  constexpr unsigned most = 64;
  bool isKnown = type.isSignlessInteger() && type.getIntOrFloatBitWidth() <= most;
  return isKnown ? static_cast<uint8_t>(type.getIntOrFloatBitWidth()) : 0;
}

namespace {
/// Numbers the values of a body as it goes.
class CodeBuilder {
public:
  LogicalResult addArgument(snn::PopulationOp op, Value argument);
  LogicalResult add(snn::PopulationOp population, Operation &op);
  void finish(Operation *yield);

  NeuronCode code;

private:
  llvm::DenseMap<Value, int32_t> numbers;
};
} // namespace

static InFlightDiagnostic noInteger(snn::PopulationOp population, const Twine &what) {
  InFlightDiagnostic error = snn::nodeError(population)
                             << "its update holds " << what << ", expected integers alone";
  error.attachNote() << "--format with states=integer, as int8 has them";
  return error;
}

LogicalResult CodeBuilder::addArgument(snn::PopulationOp op, Value argument) {
  uint8_t bits = ::bitsOf(argument.getType());
  if (bits == 0) {
    return noInteger(op, "numbers that are not integers");
  }
  numbers[argument] = static_cast<int32_t>(code.arguments.size());
  code.arguments.push_back(bits);
  return success();
}

LogicalResult CodeBuilder::add(snn::PopulationOp population, Operation &op) {
  std::optional<NeuronOp> known = findNeuronOp(instructionName(op));
  uint8_t bits = op.getNumResults() == 1 ? ::bitsOf(op.getResult(0).getType()) : 0;
  bool fits = known && bits > 0 && op.getNumOperands() == static_cast<unsigned>(operandsOf(*known));
  if (!fits) {
    return noInteger(population, "'" + op.getName().getStringRef() + "'");
  }
  NeuronInstruction made{*known, bits, {}, 0};
  for (auto [i, operand] : llvm::enumerate(op.getOperands())) {
    made.operands[i] = numbers.lookup(operand);
  }
  if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
    made.constant = cast<IntegerAttr>(constant.getValue()).getValue().getSExtValue();
  }
  numbers[op.getResult(0)] = static_cast<int32_t>(code.arguments.size() + code.instructions.size());
  code.instructions.push_back(made);
  return success();
}

void CodeBuilder::finish(Operation *yield) {
  for (Value value : yield->getOperands()) {
    code.results.push_back(numbers.lookup(value));
  }
}

FailureOr<NeuronCode> nirc::neuronCodeOf(snn::PopulationOp op) {
  Block &body = op.getBody().front();
  CodeBuilder builder;
  for (Value argument : body.getArguments()) {
    if (failed(builder.addArgument(op, argument))) {
      return failure();
    }
  }
  for (Operation &each : body.without_terminator()) {
    if (failed(builder.add(op, each))) {
      return failure();
    }
  }
  builder.finish(body.getTerminator());
  return std::move(builder.code);
}

//===----------------------------------------------------------------------===//
// Populations
//===----------------------------------------------------------------------===//

namespace {
class NeuronBuilder {
public:
  NeuronBuilder(snn::NetworkOp network, const SynapseLimits &limits)
      : network(network), limits(limits), composer(sources, limits.platform) {}

  FailureOr<NeuronModel> build();

private:
  LogicalResult checkNetwork();
  LogicalResult addPopulation(snn::PopulationOp op);
  LogicalResult addDrive(snn::PopulationOp op, NeuronPopulation &population);
  LogicalResult checkStarts();

  snn::NetworkOp network;
  const SynapseLimits &limits;
  Composer::Sources sources;
  Composer composer;
  NeuronModel model;
  llvm::DenseMap<Operation *, size_t> numbers; ///< of populations
};
} // namespace

LogicalResult NeuronBuilder::checkNetwork() {
  if (!network.getElement().isInteger(32)) {
    InFlightDiagnostic error = network.emitError()
                               << "the network computes in " << network.getElement()
                               << ", expected integers: " << limits.platform << " has no others";
    error.attachNote() << "--format with states=integer, as int8 has them";
    return error;
  }
  return checkPipelined(network, limits.platform, limits.semantics);
}

static std::vector<int64_t> wholeNumbers(ElementsAttr values) {
  std::vector<int64_t> whole;
  for (double each : nir::doublesOf(values)) {
    whole.push_back(static_cast<int64_t>(each));
  }
  if (std::ranges::adjacent_find(whole, std::not_equal_to<>()) == whole.end() && !whole.empty()) {
    whole.resize(1);
  }
  return whole;
}

static void addNumbers(snn::PopulationOp op, NeuronPopulation &population) {
  SmallVector<ElementsAttr> initial = snn::initialOf(op);
  for (snn::State state : snn::statesOf(op)) {
    bool has = state.index < initial.size() && initial[state.index];
    snn::IntegerRange range = snn::integerRange(state.type());
    population.states.push_back(
        {{state.name().str(), has ? wholeNumbers(initial[state.index]) : std::vector<int64_t>{0}},
         range.least,
         range.most});
  }
  for (auto [name, values] : llvm::zip_equal(op.getParamNames(), op.getParams())) {
    population.parameters.push_back(
        {cast<StringAttr>(name).str(), wholeNumbers(cast<ElementsAttr>(values))});
  }
}

LogicalResult NeuronBuilder::addDrive(snn::PopulationOp op, NeuronPopulation &population) {
  FailureOr<Composed> drive = composer.driveOf(op);
  if (failed(drive)) {
    return failure();
  }
  for (size_t n = 0; n < drive->terms.size(); ++n) {
    std::vector<Synapse> &terms = drive->terms[n];
    for (auto [from, added] : takeBiases(terms, population.start)) {
      if (added != 0) {
        population.biases.push_back({from, static_cast<int32_t>(n), added});
      }
    }
    if (failed(asSynapses(op, terms, limits))) {
      return failure();
    }
    model.synapses.push_back(std::move(terms));
  }
  std::ranges::sort(population.biases, {},
                    [](const NeuronBias &each) { return std::pair(each.step, each.neuron); });
  return success();
}

LogicalResult NeuronBuilder::addPopulation(snn::PopulationOp op) {
  NeuronPopulation population;
  population.node = op.getNode().str();
  population.shape.assign(snn::shapeOf(op.getType()).begin(), snn::shapeOf(op.getType()).end());
  population.first = sources.lookup(op.getResult()) - model.inputElements;
  population.count = static_cast<int32_t>(snn::elementsOf(op.getType()));
  population.start = static_cast<int64_t>(op.getStart());
  population.spikes = snn::isSpikes(op.getType());
  addNumbers(op, population);
  FailureOr<NeuronCode> code = neuronCodeOf(op);
  if (failed(code) || failed(addDrive(op, population))) {
    return failure();
  }
  auto known = std::ranges::find(model.codes, *code);
  population.code = static_cast<size_t>(known - model.codes.begin());
  if (known == model.codes.end()) {
    model.codes.push_back(std::move(*code));
  }
  numbers[op] = model.populations.size();
  model.populations.push_back(std::move(population));
  return success();
}

/// Neurons of a balanced network wait for their first inputs, as they do here; what a delay takes
/// as 0 until then must not come from an input.
LogicalResult NeuronBuilder::checkStarts() {
  for (auto [op, spike] : composer.lateDelays()) {
    int64_t first = 0;
    if (spike.source >= model.inputElements) {
      first = model.populations[model.populationOf(spike.source - model.inputElements)].start;
    }
    if (first + spike.delay < static_cast<int64_t>(op.getStart())) {
      InFlightDiagnostic error =
          snn::nodeError(op) << "has to wait for step " << op.getStart() << ", and a spike of step "
                             << first << " drives it: " << limits.platform << " delays every spike";
      error.attachNote() << "leave out --balance-latency";
      return error;
    }
  }
  return success();
}

FailureOr<NeuronModel> NeuronBuilder::build() {
  constexpr int64_t most = std::numeric_limits<int32_t>::max();
  if (failed(checkNetwork()) ||
      failed(addSources(network, limits.platform, most, sources, model))) {
    return failure();
  }
  model.dtSeconds = network.getSemantics().getDtSeconds();
  for (auto op : network.getBody().getOps<snn::PopulationOp>()) {
    if (failed(addPopulation(op))) {
      return failure();
    }
  }
  auto seen = [&](snn::PopulationOp population, std::optional<unsigned> state) {
    model.sources.resize(model.readouts.size());
    model.sources.back() = {numbers.lookup(population), state};
  };
  if (failed(checkStarts()) ||
      failed(addReadouts(network, limits.platform, composer, sources, model, seen))) {
    return failure();
  }
  model.sources.resize(model.readouts.size());
  return std::move(model);
}

FailureOr<NeuronModel> nirc::buildNeurons(snn::NetworkOp network, const SynapseLimits &limits) {
  return NeuronBuilder(network, limits).build();
}

NeuronGraph nirc::graphOf(const NeuronModel &model) {
  std::vector<NeuronGraph::Population> populations;
  for (const NeuronPopulation &each : model.populations) {
    populations.push_back({each.node, each.shape, each.first, each.count});
  }
  return graphOf(model, std::move(populations));
}
