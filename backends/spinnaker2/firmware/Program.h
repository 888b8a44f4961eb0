//===- Program.h - the firmware of a core ------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/Target.h"
#include "backends/spinnaker2/model/Model.h"

#include <string>
#include <vector>

namespace nirc::spinnaker2 {

/// What a core's program is made of. Cores with the same have one program.
struct ProgramKind {
  std::vector<size_t> updates; ///< of the model, ascending
  int ringBits = 16;
  bool operator==(const ProgramKind &) const = default;
};

/// "firmware/pe.c" and the others, which all programs have.
std::vector<Artifact::File> firmwareFiles();
/// "programs/NAME/core.h", "update.c" and "core.ld".
std::vector<Artifact::File> programFiles(const Model &model, const ProgramKind &kind,
                                         const std::string &name);

/// The ELF of the program, built of the artifact's files.
nir::Result<std::string> buildElf(const std::vector<Artifact::File> &files,
                                  const std::string &name);
/// Its file in an artifact: "programs/p0/core.elf".
std::string elfOf(const std::string &name);

} // namespace nirc::spinnaker2
