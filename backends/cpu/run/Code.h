//===- Code.h - native code, ready to be called -----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"
#include "backends/cpu/lower/Lower.h"
#include "backends/run/Sharing.h"

#include <memory>
#include <vector>

namespace nirc::cpu {

/// The step of a network as functions of this machine: compiled in memory, or out of a library.
/// Nothing of it changes; any number of arenas may be stepped at once.
struct Code {
  using StepFunction = void (*)(void *arena);
  using StageFunction = void (*)(void *arenas, int64_t count, int64_t part, int64_t parts,
                                 void *scratch);

  Lowered lowered;
  size_t outputs = 0; ///< the first of lowered.layout.outputs; then comes what is recordable
  StepFunction step = nullptr;       ///< null where there are stages
  StepFunction begin = nullptr;      ///< see Lowered::begins; may be null
  std::vector<StageFunction> stages; ///< see Lowered::stages
  std::shared_ptr<void> owner;       ///< of the functions: an engine, or a library

  /// Makes zeroed memory that of a network before its first step.
  void start(char *arena) const {
    if (begin) {
      begin(arena);
    }
  }
};

/// Runs the code, and steps it. `profiled`: it was lowered so. `made` says how it was made.
std::unique_ptr<Executable> executableOf(std::shared_ptr<const Code> code, ProgramInfo info,
                                         bool profiled, Profile made,
                                         const Patience &patience = {});

/// `batch` samples before their first step.
/// An error where the samples do not fit into memory.
nir::Result<std::unique_ptr<Stepper>> stepperOf(std::shared_ptr<const Code> code, int64_t batch);

} // namespace nirc::cpu
