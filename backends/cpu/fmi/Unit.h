//===- Unit.h - a network as a unit of FMI ----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/cpu/fmi/tables.h"
#include "backends/cpu/lower/BuildNetwork.h"

#include "llvm/Target/TargetMachine.h"

#include <string>
#include <string_view>
#include <vector>

namespace nirc::cpu {

enum class Causality { Independent, Input, Output, Local };

/// A variable of a unit; its number among them is its value reference.
struct UnitVariable {
  std::string name;        ///< unique; any characters that XML can have
  std::string description; ///< one line
  Causality causality = Causality::Local;
  nir::Shape shape;
  NircVariable row = {};
};

struct Unit {
  std::string identifier; ///< of the library: a name of C
  std::string name;       ///< of the model, as people wrote it
  std::string cpu;        ///< what its code is for
  ProgramInfo info;       ///< of its network
  std::vector<UnitVariable> variables;
  std::vector<double> scales;
  NircUnit head = {};
};

/// The name of a platform's folder in a unit, "x86_64-linux".
std::string platformOf(const llvm::Triple &triple);

/// The time; the inputs; the outputs; what is recorded. Behind each array of spikes is its counter.
Unit unitOf(const std::string &identifier, const std::string &name, const Built &network,
            const llvm::TargetMachine &machine);

/// The functions of FMI as objects, of this platform.
std::vector<std::string> unitObjects();
/// The licence of the headers that they are compiled with.
std::string_view licenceOfHeaders();

} // namespace nirc::cpu
