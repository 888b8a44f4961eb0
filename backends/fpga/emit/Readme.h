//===- Readme.h - what a design says to its users ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/fpga/Design.h"
#include "backends/fpga/plan/Plan.h"

#include <string>
#include <vector>

namespace nirc::fpga {

/// README.md of an artifact: ports, beats, registers, memories, commands. `facts` are lines about
/// what it was made for and what it takes.
std::string readmeOf(const Plan &plan, const Design &design, const std::vector<std::string> &facts,
                     bool hasDiagram);

/// The description that FuseSoC takes: NAME.core.
std::string coreFileOf(const Design &design);

} // namespace nirc::fpga
