//===- WriteUpdate.h - a neuron's update as C -------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/spinnaker2/model/Model.h"
#include "dialects/snn/Snn.h"

namespace nirc::spinnaker2 {

struct WrittenUpdate {
  Update update;
  std::vector<Column> columns; ///< states, then parameters, and what else it needs
  std::optional<size_t> bias;  ///< the column of the biases
  std::optional<size_t> value; ///< the column of what it passes on, where that is a number
};

/// The loop over a population's neurons, and the numbers that it takes. `bias`: of each neuron, in
/// units of the drive, as bits. `mayChange`: it does so after the first step. Fails with a
/// diagnostic.
llvm::FailureOr<WrittenUpdate> writeUpdate(snn::PopulationOp op, std::vector<uint32_t> bias,
                                           bool mayChange);

} // namespace nirc::spinnaker2
