//===- WriteLava.h - a network as a script for Lava -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/loihi2/match/Model.h"
#include "ir/Error.h"

namespace nirc::loihi2 {

struct LavaScript {
  std::string script; ///< NAME.py: the processes and how they are connected
  std::string arrays; ///< NAME.npz, which the script reads: constants and weights
};

/// The model, whatever its connections, as processes of Lava. Run by Lava's bit-accurate models
/// the script has the spikes of the chip model. An error where a read-out is none of spikes.
nir::Result<LavaScript> writeLava(const Model &model);

} // namespace nirc::loihi2
