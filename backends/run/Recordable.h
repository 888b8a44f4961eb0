//===- Recordable.h - what a run of a program records -----------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"
#include "ir/recording/RunInput.h"

#include <vector>

namespace nirc {

/// What a program can record beside its outputs: its records, then the states that are not among
/// them. Targets keep them in this order.
std::vector<PortInfo> recordable(const ProgramInfo &info);

/// Those that a run records, as places in `recordable`: the program's records, or what the options
/// ask for. An error of usage names what there is.
nir::Result<std::vector<size_t>> chosenRecords(const ProgramInfo &info, const RunOptions &options);

/// The same as probes.
nir::Result<std::vector<nir::Probe>> chosenProbes(const ProgramInfo &info,
                                                  const RunOptions &options);

/// The Inputs of a program, for nir::matchInput.
std::vector<nir::Entry> entriesOf(const ProgramInfo &info);

} // namespace nirc
