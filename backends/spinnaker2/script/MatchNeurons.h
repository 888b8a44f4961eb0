//===- MatchNeurons.h - whether py-spinnaker2 computes this -----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/spinnaker2/script/ScriptModel.h"

#include "dialects/snn/Snn.h"

namespace nirc::spinnaker2 {

/// The parameters with which a neuron model of py-spinnaker2 computes what the body of the
/// population computes, up to the order in which a step adds three numbers: each op of the body is
/// accounted for. `bias`: what connections add to the sum of each neuron's synapses in every step.
/// Of a network of f32. Fails with a diagnostic that names what no model has.
llvm::FailureOr<NeuronParameters> matchNeurons(snn::PopulationOp op, llvm::ArrayRef<double> bias);

} // namespace nirc::spinnaker2
