//===- Map.h - which core has which neurons ---------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/loihi2/Pack.h"
#include "ir/Error.h"

namespace nirc::loihi2 {

/// Neurons of one population, one after the other, on a core.
struct MappedCore {
  std::string node;
  int32_t first = 0, count = 0; ///< of the model's compartments
  PackedSynapses synapses;
};

/// A core for each population, and more where it exceeds a limit: it is then halved until every
/// part fits. In the order of the compartments.
nir::Result<std::vector<MappedCore>> mapToCores(const Model &model, const CoreLimits &limits);

} // namespace nirc::loihi2
