//===- Firmware.h - a network as a program of a Cortex-M --------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/cpu/emit/Interface.h"

namespace nirc::cpu {

/// Fails where no processor that code can be made for and run is called so; names those that there
/// are.
nir::Status checkProcessor(const std::string &processor);

/// Adds to the C files in `artifact` what makes a program of them, in the place of main.c, and the
/// program that a compiler made of all: the ELF, and what it takes in `artifact.memory`. `states`:
/// what the states of the interface are called in the struct of a network.
nir::Status addFirmware(Artifact &artifact, const Interface &interface, const Built &network,
                        const std::vector<std::string> &states, const std::string &processor);

} // namespace nirc::cpu
