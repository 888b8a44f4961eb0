//===- Placement.cpp - where neurons are ----------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/spinnaker2/map/Placement.h"

using namespace nirc;
using namespace nirc::spinnaker2;

NeuronGraph nirc::spinnaker2::graphOf(const Model &model) {
  std::vector<NeuronGraph::Population> populations;
  for (const Population &each : model.populations) {
    populations.push_back({each.node, each.shape, each.first, each.count});
  }
  return nirc::graphOf(model, std::move(populations));
}

Placement::Placement(const Model &model, const Mapping &mapping)
    : model(model), places(model.synapses.size()) {
  for (const std::vector<int32_t> &part : neuronsOf(graphOf(model), mapping)) {
    neurons.push_back(inCore(model, part));
  }
  for (size_t i = 0; i < neurons.size(); ++i) {
    uint32_t place = 0;
    for (size_t n = 0; n < neurons[i].size(); ++n) {
      bool isNext =
          n > 0 && model.populationOf(neurons[i][n]) != model.populationOf(neurons[i][n - 1]);
      constexpr uint32_t four = 4;
      place = isNext ? (place + four - 1) / four * four : place;
      places[static_cast<size_t>(neurons[i][n])] = {static_cast<uint32_t>(i), place++};
    }
  }
}

uint32_t Placement::keyOf(int32_t source) const {
  if (source < model.inputElements) {
    return firstInputKey + static_cast<uint32_t>(source);
  }
  NeuronPlace at = placeOf(source - model.inputElements);
  return at.core * keysOfCore + at.place;
}

CoreData Placement::coreData(size_t core) const {
  return spinnaker2::coreData(model, neurons[core], [&](int32_t source) { return keyOf(source); });
}

CoreBytes Placement::bytesOf(size_t core) const {
  CoreBytes bytes = spinnaker2::bytesOf(coreData(core));
  bytes.program = dataBegin(model, updatesOf(model, neurons[core]));
  return bytes;
}
