//===- BuildModel.h - a clocked network as a model --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/spinnaker2/model/Model.h"
#include "dialects/snn/Snn.h"

namespace nirc::spinnaker2 {

/// The network as neurons and synapses. Fails with a diagnostic where a core cannot compute a node
/// as the network does.
llvm::FailureOr<Model> buildModel(snn::NetworkOp network);

} // namespace nirc::spinnaker2
