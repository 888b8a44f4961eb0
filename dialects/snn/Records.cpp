//===- Records.cpp - what a network can record ----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/snn/Records.h"

using namespace mlir;
using namespace snn;

StringRef State::name() { return cast<StringAttr>(population.getStates()[index]).getValue(); }

RankedTensorType State::type() {
  if (std::optional<ArrayAttr> types = population.getStateTypes()) {
    return cast<RankedTensorType>(cast<TypeAttr>((*types)[index]).getValue());
  }
  return RankedTensorType::get(shapeOf(population.getType()),
                               population.getBody().getArgument(0).getType());
}

std::vector<State> snn::statesOf(PopulationOp population) {
  std::vector<State> states;
  for (unsigned index = 0; index < population.getStates().size(); ++index) {
    states.push_back({population, index});
  }
  return states;
}

std::optional<State> snn::findState(NetworkOp network, StringRef node, StringRef name) {
  for (auto population : network.getBody().getOps<PopulationOp>()) {
    if (population.getNode() != node) {
      continue;
    }
    for (State state : statesOf(population)) {
      if (state.name() == name) {
        return state;
      }
    }
  }
  return std::nullopt;
}

std::optional<State> snn::stateOf(RecordOp record) {
  auto network = cast<NetworkOp>(record->getParentOp());
  return record.getSignal() ? std::nullopt
                            : findState(network, record.getNode(), record.getObservable());
}

static constexpr StringLiteral aheadMark = "snn.ahead";

void snn::markAhead(PopulationOp population) {
  population->setDiscardableAttr(aheadMark, UnitAttr::get(population.getContext()));
}

bool snn::isAhead(PopulationOp population) { return population->hasAttr(aheadMark); }

Value snn::resultOf(NetworkOp network, StringRef node) {
  Value result;
  for (Operation &op : network.getBody().front()) {
    auto name = op.getAttrOfType<StringAttr>("node");
    bool isAhead = op.hasAttr(aheadMark);
    if (name && name.getValue() == node && op.getNumResults() == 1 && !isAhead) {
      result = op.getResult(0);
    }
  }
  return result;
}

StringRef snn::observableOf(Type signal) { return isSpikes(signal) ? "spikes" : "value"; }

std::map<std::string, std::vector<std::string>> snn::observables(NetworkOp network) {
  std::map<std::string, std::vector<std::string>> states, all;
  for (Operation &op : network.getBody().front()) {
    auto node = op.getAttrOfType<StringAttr>("node");
    if (!node || op.getNumResults() != 1) {
      continue;
    }
    std::vector<std::string> &known = states[node.str()];
    if (auto population = dyn_cast<PopulationOp>(op)) {
      for (State state : statesOf(population)) {
        known.push_back(state.name().str());
      }
    }
    all[node.str()] = known;
    all[node.str()].push_back(observableOf(op.getResult(0).getType()).str());
  }
  return all;
}
