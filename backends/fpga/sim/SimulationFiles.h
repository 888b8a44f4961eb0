//===- SimulationFiles.h - the test benches of an artifact ------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/fpga/sim/Stimulus.h"

namespace nirc::fpga {

/// What stands in a folder sim/ beside rtl/ and mem/: test benches for Verilator and Icarus
/// Verilog, what they must know of the design, the stimulus, and a Makefile. Nothing of nirc is
/// needed there.
std::vector<Artifact::File> simulationFiles(const Design &design, const Stimulus &stimulus);

/// The Verilator bench (tb.cpp) and what it must know of the design (design.h), without a folder.
std::vector<Artifact::File> benchFiles(const Design &design);

} // namespace nirc::fpga
