//===- Ports.cpp - what enters a network and what is read of it -----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/synapses/Ports.h"

#include "dialects/snn/Records.h"

using namespace mlir;
using namespace nirc;

static nir::Shape vectorOf(ArrayRef<int64_t> shape) { return {shape.begin(), shape.end()}; }

LogicalResult nirc::checkPipelined(snn::NetworkOp network, StringRef platform,
                                   StringRef semantics) {
  if (network.getSemantics().getSemantics().timing == nir::Timing::Pipelined) {
    return success();
  }
  InFlightDiagnostic error = network.emitError() << "the network has the semantics "
                                                 << network.getSemantics().getChoices()
                                                 << ", expected schedule=pipelined: on " << platform
                                                 << " a spike takes a step";
  error.attachNote() << "--semantics " << semantics << ", or --schedule pipelined";
  return error;
}

LogicalResult nirc::addSources(snn::NetworkOp network, StringRef platform, int64_t most,
                               Composer::Sources &sources, SynapseModel &model) {
  int64_t next = 0;
  for (auto op : network.getBody().getOps<snn::InputOp>()) {
    for (double scale : snn::scalesOf(op.getType())) {
      if (scale != 1.0) {
        InFlightDiagnostic error =
            snn::nodeError(op) << "carries numbers in steps of " << scale
                               << ", expected spikes, 0 and 1: nothing else enters " << platform;
        error.attachNote() << "make spikes of the numbers first, with a neuron or poisson:";
        return error;
      }
    }
    if (snn::elementsOf(op.getType()) > most - next) {
      return snn::nodeError(op) << "is one input too many: more than 2^31 elements";
    }
    sources[op.getResult()] = static_cast<int32_t>(next);
    model.inputs.push_back(
        {op.getNode().str(), vectorOf(snn::shapeOf(op.getType())), static_cast<int32_t>(next)});
    next += snn::elementsOf(op.getType());
  }
  model.inputElements = static_cast<int32_t>(next);
  for (auto op : network.getBody().getOps<snn::PopulationOp>()) {
    if (snn::elementsOf(op.getType()) > most - next) {
      return snn::nodeError(op) << "is one neuron too many: more than 2^31 inputs and neurons";
    }
    sources[op.getResult()] = static_cast<int32_t>(next);
    next += snn::elementsOf(op.getType());
  }
  return success();
}

namespace {
class ReadoutBuilder {
public:
  ReadoutBuilder(StringRef platform, Composer &composer, const Composer::Sources &sources,
                 SynapseModel &model, NumbersRead seen)
      : platform(platform), composer(composer), sources(sources), model(model), seen(seen) {}

  LogicalResult addSignal(Operation *op, StringRef node, Value signal, nir::Shape shape);
  LogicalResult addRecord(snn::RecordOp op);

private:
  LogicalResult addSpikes(Operation *op, StringRef node, Value signal, nir::Shape shape);
  void addNumbers(snn::PopulationOp population, std::optional<unsigned> state, StringRef node,
                  StringRef observable, Type type, nir::Shape shape);

  StringRef platform;
  Composer &composer;
  const Composer::Sources &sources;
  SynapseModel &model;
  NumbersRead seen;
};
} // namespace

LogicalResult ReadoutBuilder::addSpikes(Operation *op, StringRef node, Value signal,
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
                                    "which is all that "
                                 << platform << " reports";
      error.attachNote() << "connect it to spiking neurons alone, without Delays and weights";
      return error;
    }
    readout.neurons.push_back(terms[0].source - model.inputElements);
  }
  model.readouts.push_back(std::move(readout));
  return success();
}

/// A state of a population: i, or v under any name. What 1 of it stands for, the type says.
void ReadoutBuilder::addNumbers(snn::PopulationOp population, std::optional<unsigned> state,
                                StringRef node, StringRef observable, Type type, nir::Shape shape) {
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
  seen(population, state);
}

/// The neurons whose numbers the signal is, or null.
static snn::PopulationOp readOutOf(Value signal) {
  while (auto reshape = signal.getDefiningOp<snn::ReshapeOp>()) {
    signal = reshape.getSignal();
  }
  return snn::isSpikes(signal.getType()) ? nullptr : signal.getDefiningOp<snn::PopulationOp>();
}

/// What an Output takes, or what is recorded of a node.
LogicalResult ReadoutBuilder::addSignal(Operation *op, StringRef node, Value signal,
                                        nir::Shape shape) {
  if (snn::PopulationOp population = readOutOf(signal)) {
    addNumbers(population, std::nullopt, node, "value", signal.getType(), std::move(shape));
    return success();
  }
  return addSpikes(op, node, signal, std::move(shape));
}

LogicalResult ReadoutBuilder::addRecord(snn::RecordOp op) {
  Value signal = op.getSignal();
  if (signal && op.getObservable() != "spikes" && !readOutOf(signal)) {
    return snn::nodeError(op) << "cannot record '" << op.getObservable()
                              << "', expected spikes, v or i: " << platform << " keeps no others";
  }
  if (signal) {
    return addSignal(op, op.getNode(), signal, vectorOf(snn::shapeOf(signal.getType())));
  }
  if (std::optional<snn::State> state = snn::stateOf(op)) {
    Type type = state->type();
    addNumbers(state->population, state->index, op.getNode(), op.getObservable(), type,
               vectorOf(snn::shapeOf(type)));
    return success();
  }
  return snn::nodeError(op) << "has no '" << op.getObservable() << "' on " << platform;
}

LogicalResult nirc::addReadouts(snn::NetworkOp network, StringRef platform, Composer &composer,
                                const Composer::Sources &sources, SynapseModel &model,
                                NumbersRead seen) {
  ReadoutBuilder builder(platform, composer, sources, model, seen);
  for (auto op : network.getBody().getOps<snn::OutputOp>()) {
    if (failed(builder.addSignal(op, op.getNode(), op.getSignal(), vectorOf(op.getShape())))) {
      return failure();
    }
    model.readouts.back().latency = static_cast<int64_t>(op.getLatency());
  }
  for (auto op : network.getBody().getOps<snn::RecordOp>()) {
    if (failed(builder.addRecord(op))) {
      return failure();
    }
    model.readouts.back().latency = static_cast<int64_t>(op.getLatency());
  }
  return success();
}
