//===- MatchNetwork.h - a network as py-spinnaker2's ------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/spinnaker2/script/ScriptModel.h"

#include "dialects/snn/Snn.h"

namespace nirc::spinnaker2 {

/// The network as populations and synapses of py-spinnaker2, which has to be one of f32 with whole
/// weights. Biases that go straight to a population are taken out of `network`. Fails with a
/// diagnostic that names the node and what py-spinnaker2 has not.
llvm::FailureOr<ScriptModel> matchNetwork(snn::NetworkOp network);

} // namespace nirc::spinnaker2
