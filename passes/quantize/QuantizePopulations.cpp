//===- QuantizePopulations.cpp - neurons, and what is told of them --------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/quantize/NetworkQuantizer.h"

#include "ir/choices/Semantics.h"

#include <cmath>

using namespace mlir;
using namespace nirc;

LogicalResult NetworkQuantizer::quantizePopulation(snn::PopulationOp op) {
  BodyQuantizer &body = *bodies[op];
  // What weights drive has their unit; else the inputs have one of their own.
  std::optional<PerNeuron> wanted;
  for (Value input : op.getInputs()) {
    SignalInfo info = infoOf(input);
    bool isNumbers = !snn::isSpikes(input.getType());
    if (isNumbers && !info.scale.is(1) && (!wanted || info.scale.smallest() < wanted->smallest())) {
      wanted = info.scale;
    }
  }
  for (OpOperand &operand : op->getOpOperands()) {
    if (!infoOf(operand.get()).scale.isUniform() &&
        snn::shapeOf(operand.get().getType()) != snn::shapeOf(op.getType())) {
      wanted = PerNeuron(wanted->smallest());
    }
  }
  PerNeuron scale = align(op->getOpOperands(), wanted);
  Interval range = sumOf(op.getInputs());
  if (isInteger && failed(checkSum(op, range))) {
    return failure();
  }
  SmallVector<std::optional<double>> seenStates(op.getStates().size());
  auto found = calibrated.states.find(op);
  for (size_t i = 0; found != calibrated.states.end() && i < seenStates.size(); ++i) {
    if (!found->second[i].isEmpty()) {
      seenStates[i] = found->second[i].magnitude();
    }
  }
  body.plan(PerNeuron(neuronsOf(op.getResult()), scale.values()), range, seenStates);
  NodeReport &report = reportOf(op);
  double dt = network.getSemantics().getDtSeconds();
  nir::Semantics semantics = network.getSemantics().getSemantics();
  nir::Family family = op.getStates().size() > 1 ? nir::Family::CubaLIF : nir::Family::LIF;
  bool isEuler = semantics[family].integrator == nir::Integrator::Euler;
  for (const QuantizedState &state : body.states()) {
    StateReport told;
    told.name = state.name;
    told.bits = isInteger ? (format.keptBits ? format.keptBits : format.stateBits) : 32;
    told.scales.assign(state.scale.values().begin(), state.scale.values().end());
    told.least = state.range.least;
    told.most = state.range.most;
    told.canOverflow = state.canOverflow;
    told.fractionBits = state.fractionBits;
    if (state.keeps && state.keeps->magnitude() < 1 && state.keeps->smallest() > 0) {
      auto tau = [&](double keeps) { return isEuler ? dt / (1 - keeps) : -dt / std::log(keeps); };
      double worst = -1.0;
      int64_t count = state.keeps->isUniform() ? 1 : neuronsOf(op.getResult()).count;
      for (int64_t n = 0; n < count; ++n) {
        double want = tau((*state.keeps)[n]), now = tau((*state.keepsNow)[n]);
        if (std::abs(now - want) / want > worst) {
          worst = std::abs(now - want) / want;
          told.tauSeconds = want;
          told.effectiveTauSeconds = now;
        }
      }
    }
    report.states.push_back(std::move(told));
  }
  if (body.inputCanOverflow() && isInteger) {
    report.notes.push_back("the sum of its inputs needs " + std::to_string(neededBits(range)) +
                           " bits and has " + std::to_string(format.accumulatorBits));
  }
  body.rewrite();
  report.vanishedThresholds = body.vanishedThresholds();
  if (!snn::isSpikes(op.getType())) {
    if (isInteger && !body.resultRange().fits(32)) {
      InFlightDiagnostic error = snn::nodeError(op)
                                 << "may pass on " << body.resultRange().most
                                 << " in a step, which 32 bits do not hold: its threshold is small "
                                    "beside the sums that its input can have";
      error.attachNote(op.getLoc()) << "--calibrate finds how large they are";
      return error;
    }
    setInfo(op.getResult(), {body.resultScale(), body.resultRange()});
  }
  return success();
}
