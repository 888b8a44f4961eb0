//===- SynthesisFiles.h - how a design becomes a bitstream ------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/fpga/Design.h"
#include "backends/fpga/synth/Cost.h"

#include <utility>
#include <vector>

namespace nirc::fpga {

struct SynthesisChoices {
  const Device *device = nullptr; ///< null: none in particular
  bool usesMultipliers = true;    ///< of a device that has them
  /// For syn/predicted.txt, which `make report` shows.
  std::vector<std::pair<Family, Resources>> predicted;
};

/// What stands in a folder syn/ beside rtl/ and sim/: a Makefile for Yosys and nextpnr, what it
/// must know of the design, and a top that brings the design out through few pins. Nothing of nirc
/// is needed there.
std::vector<Artifact::File> synthesisFiles(const Design &design, const SynthesisChoices &choices);

} // namespace nirc::fpga
