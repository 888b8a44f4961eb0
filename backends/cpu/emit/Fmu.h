//===- Fmu.h - a network as a unit of FMI 3.0 -------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/cpu/emit/Interface.h"

#include "llvm/Target/TargetMachine.h"

namespace nirc::cpu {

/// What --cpu is for a unit where nothing is said: units are sent around, so it is not this
/// machine.
std::string cpuOfUnits();

/// NAME.fmu: one file, a zip with the library, its description and its pages. The module of
/// `network` is in the llvm dialect.
nir::Result<Artifact> asFmu(const EmitOptions &options, const Interface &interface,
                            const Built &network, llvm::TargetMachine &machine);

/// Whether code for the machine can be put together with the functions that nirc has for units.
nir::Status checkUnitMachine(const EmitOptions &options, const llvm::TargetMachine &machine);

} // namespace nirc::cpu
