//===- MatchNetwork.h - a network as Loihi's numbers ------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/loihi2/match/Model.h"

#include "dialects/snn/Snn.h"

namespace nirc::loihi2 {

/// The network as neurons and synapses of the chip that compute the same spikes and states, to the
/// bit. Fails with a diagnostic that names the node and what the chip has not.
llvm::FailureOr<Model> buildModel(snn::NetworkOp network);

} // namespace nirc::loihi2
