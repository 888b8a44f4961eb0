//===- Catalogue.cpp - all cases ------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/suite/Case.h"
#include "conformance/suite/Families.h"

namespace nirc::conformance {

std::vector<Case> allCases() {
  Catalogue catalogue;
  addSpikingNeurons(catalogue);
  addLeaksAndSynapses(catalogue);
  addAnalogNeurons(catalogue);
  addParameterShapes(catalogue);
  addConnections(catalogue);
  addConvolutions(catalogue);
  addPools(catalogue);
  addReshaping(catalogue);
  addDelays(catalogue);
  addThresholds(catalogue);
  addEdges(catalogue);
  addCycles(catalogue);
  addNesting(catalogue);
  addNames(catalogue);
  addNumbers(catalogue);
  addFeedforwardModels(catalogue);
  addRecurrentModels(catalogue);
  addHybridModels(catalogue);
  addRandomModels(catalogue);
  addDrivenBySpikes(catalogue);
  return std::move(catalogue.cases);
}

} // namespace nirc::conformance
