//===- Placement.h - where neurons are ---------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/spinnaker2/map/CoreData.h"

namespace nirc::spinnaker2 {

/// The model, as `partition` takes it.
NeuronGraph graphOf(const Model &model);

/// Keys of packets: those of a core's places, and those of the inputs' elements.
constexpr uint32_t keysOfCore = mostPlaces, firstInputKey = 1U << 31;

/// A place of a core.
struct NeuronPlace {
  uint32_t core = 0, place = 0;
};

/// The neurons of a mapping on their cores.
class Placement {
public:
  Placement(const Model &model, const Mapping &mapping);

  const std::vector<std::vector<int32_t>> &parts() const { return neurons; } ///< by place
  NeuronPlace placeOf(int32_t neuron) const { return places[static_cast<size_t>(neuron)]; }
  uint32_t keyOf(int32_t source) const;
  CoreData coreData(size_t core) const;
  /// What a core needs, as its data are.
  CoreBytes bytesOf(size_t core) const;

private:
  const Model &model;
  std::vector<std::vector<int32_t>> neurons;
  std::vector<NeuronPlace> places; ///< of the neurons
};

} // namespace nirc::spinnaker2
