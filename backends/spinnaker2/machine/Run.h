//===- Run.h - recordings through the chips -----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/spinnaker2/machine/Loaded.h"

#include <memory>
#include <optional>
#include <string>

namespace nirc::spinnaker2 {

/// How the cores are executed.
struct MachineOptions {
  bool onHost = false;      ///< by this computer, and not by QEMU
  double tickSeconds = 0.0; ///< that a step may take; 0: any time
  int64_t clock = 0;        ///< of the cores, in Hz
  std::optional<CacheOptions> cache = {};
  std::string file = {}; ///< for diagnostics
  double compileSeconds = 0.0;
};

/// What the target's options say: --emulate, --tick, --clock.
nir::Result<MachineOptions> machineOptions(const Settings &settings);
/// Those options.
std::vector<TargetOption> machineOptionList();

nir::Result<std::unique_ptr<Executable>> executableOf(Loaded loaded, MachineOptions options);

} // namespace nirc::spinnaker2
