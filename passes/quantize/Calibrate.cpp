//===- Calibrate.cpp - what a network's numbers are in a run --------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/quantize/Calibrate.h"

#include "dialects/snn/interpreter/Interpreter.h"

#include <algorithm>

using namespace mlir;
using namespace nirc;

/// The inputs as they are.
static LogicalResult observeInputs(snn::NetworkOp network, const Calibration &calibration,
                                   Calibrated &out) {
  for (auto input : network.getBody().getOps<snn::InputOp>()) {
    const auto &traces = calibration.input.traces;
    auto trace = std::find_if(traces.begin(), traces.end(), [&](const nir::Trace &each) {
      return each.node == input.getNode() && each.observable == "value";
    });
    if (trace == traces.end()) {
      return snn::nodeError(input) << "has no input in the calibration " << calibration.origin;
    }
    out.signals[input.getResult()].add(trace->data.toDoubles());
  }
  return success();
}

FailureOr<Calibrated> nirc::calibrate(snn::NetworkOp network, const Calibration &calibration) {
  Calibrated out;
  if (failed(observeInputs(network, calibration, out))) {
    return failure();
  }
  if (calibration.inputsOnly) {
    return out;
  }
  auto interpreter = snn::BasicInterpreter<double>::create(network);
  if (failed(interpreter)) {
    return failure();
  }
  for (auto population : network.getBody().getOps<snn::PopulationOp>()) {
    auto &states = out.states[population];
    states.resize(population.getStates().size());
    for (auto [state, initial] : llvm::zip(states, snn::initialOf(population))) {
      if (initial) {
        state.add(nir::doublesOf(initial));
      }
    }
  }
  snn::Observer<double> observer;
  observer.onResult = [&](Operation *op, std::span<const double> values) {
    if (!isa<snn::InputOp>(op) && !snn::isSpikes(op->getResult(0).getType())) {
      out.signals[op->getResult(0)].add(values);
    }
  };
  observer.onState = [&](snn::PopulationOp op, unsigned state, std::span<const double> values) {
    out.states[op][state].add(values);
  };
  auto run = snn::interpret(*interpreter, network, calibration.input, {}, observer);
  if (!run) {
    return network.emitError() << "the calibration " << calibration.origin
                               << " cannot be run: " << run.error().message;
  }
  return out;
}
