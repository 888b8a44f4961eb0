//===- WriteScript.h - a network as a script for py-spinnaker2 --*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/spinnaker2/script/ScriptModel.h"
#include "ir/Error.h"

namespace nirc::spinnaker2 {

struct Script {
  std::string script; ///< NAME.py: populations and projections, and how they are run
  std::string arrays; ///< NAME.npz, which the script reads: synapses, and parameters that differ
};

/// `mostPerCore`: neurons, on hardware. An error where an output reads part of a population.
nir::Result<Script> writeScript(const ScriptModel &model, int64_t mostPerCore);

} // namespace nirc::spinnaker2
