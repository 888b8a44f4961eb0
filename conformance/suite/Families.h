//===- Families.h - the cases, by what they are of --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "conformance/suite/Build.h"

namespace nirc::conformance {

// nodes
void addSpikingNeurons(Catalogue &catalogue);
void addLeaksAndSynapses(Catalogue &catalogue);
void addAnalogNeurons(Catalogue &catalogue);
void addParameterShapes(Catalogue &catalogue);
void addConnections(Catalogue &catalogue);
void addConvolutions(Catalogue &catalogue);
void addPools(Catalogue &catalogue);
void addReshaping(Catalogue &catalogue);
void addDelays(Catalogue &catalogue);
void addThresholds(Catalogue &catalogue);
void addEdges(Catalogue &catalogue);
void addCycles(Catalogue &catalogue);
void addNesting(Catalogue &catalogue);
void addNames(Catalogue &catalogue);
void addNumbers(Catalogue &catalogue);

// models
void addFeedforwardModels(Catalogue &catalogue);
void addRecurrentModels(Catalogue &catalogue);
void addHybridModels(Catalogue &catalogue);
void addRandomModels(Catalogue &catalogue);
/// Twins, with spikes as input and output, of the cases of nodes so far: what takes spikes alone
/// can run them.
void addDrivenBySpikes(Catalogue &catalogue);

} // namespace nirc::conformance
