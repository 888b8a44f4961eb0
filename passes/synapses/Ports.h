//===- Ports.h - what enters a network and what is read of it ---*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "passes/synapses/Compose.h"

#include <optional>

namespace nirc {

/// Fails with a diagnostic where a spike takes no step; `semantics` is the preset that fits the
/// platform.
llvm::LogicalResult checkPipelined(snn::NetworkOp network, llvm::StringRef platform,
                                   llvm::StringRef semantics);

/// The sources of the network's spikes, with those of its inputs, which become the model's. A
/// population's first source is that of its first neuron. Fails with a diagnostic where something
/// other than spikes enters, or where there are more sources than `most`.
llvm::LogicalResult addSources(snn::NetworkOp network, llvm::StringRef platform, int64_t most,
                               Composer::Sources &sources, SynapseModel &model);

/// Told of each readout of numbers, after it was added: the population, and the state that it is;
/// no state: what the population passes on.
using NumbersRead =
    llvm::function_ref<void(snn::PopulationOp population, std::optional<unsigned> state)>;

/// Adds the outputs and then the records as readouts. Fails with a diagnostic where one is neither
/// the spikes of a population in this step nor numbers of its neurons.
llvm::LogicalResult addReadouts(snn::NetworkOp network, llvm::StringRef platform,
                                Composer &composer, const Composer::Sources &sources,
                                SynapseModel &model, NumbersRead seen);

} // namespace nirc
