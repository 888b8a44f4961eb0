//===- Silence.h - why a run gave no spike ----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Execution.h"

#include <optional>

namespace nirc {

/// Whether the recording has spikes of outputs, and there is none in them.
bool isSilent(const Network &network, const nir::Recording &recording);

/// The note "silent-network" on a run that was: how near each population came to its threshold, by
/// how much a larger input would get it there, and which presets would have given output spikes. It
/// runs the network again, so there is none where that would take long, and none of a network that
/// is settled.
std::optional<nir::Diagnostic> silenceHint(const Network &network, const Choices &choices,
                                           const Inputs &inputs, const Manner &manner);

} // namespace nirc
