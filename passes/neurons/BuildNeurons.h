//===- BuildNeurons.h - a clocked network as neurons ------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "passes/neurons/Neurons.h"
#include "passes/split/Split.h"
#include "passes/synapses/Compose.h"

namespace nirc {

/// The network as neurons and synapses within the limits. Fails with a diagnostic where it is not
/// one of integers, where a spike takes no step, where something other than spikes passes between
/// neurons or comes in, and where a weight or a delay is beyond the limits. The context needs the
/// dialect `arith`.
llvm::FailureOr<NeuronModel> buildNeurons(snn::NetworkOp network, const SynapseLimits &limits);

/// The body of a population. Fails with a diagnostic where it holds other than integers.
llvm::FailureOr<NeuronCode> neuronCodeOf(snn::PopulationOp op);

/// The model, as `partition` takes it.
NeuronGraph graphOf(const NeuronModel &model);

} // namespace nirc
