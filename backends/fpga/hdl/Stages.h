//===- Stages.h - logic in several cycles -----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/fpga/hdl/Circuit.h"

#include <functional>
#include <string>
#include <vector>

namespace hdl {

/// What a stage may hold, in levels: a level is a LUT and the wires to it.
struct StageRule {
  double levels = 8;
  double levelsBehind = 3; ///< of what reads the outputs before the next register
  bool hasMultipliers = true;
};

/// Cuts a module that holds nothing but logic into stages that are as deep as the rule says, or as
/// their deepest op, which stays whole. The module itself becomes the stages in a row, without a
/// register, for those who ask what it computes. Modules of stages stand before it; `nameFor` gives
/// them names. One stage is the module, as it was.
std::vector<CircuitOp> cutIntoStages(CircuitOp whole, const StageRule &rule,
                                     const std::function<std::string(int stage)> &nameFor);

/// Puts the stages of `whole` into a circuit, in a row: `hold` is what a signal of that name goes
/// through between two of them. Inputs and outputs are those of `whole`.
std::vector<Signal>
connectStages(Circuit &c, llvm::StringRef name, CircuitOp whole, llvm::ArrayRef<CircuitOp> stages,
              llvm::ArrayRef<Signal> inputs,
              const std::function<Signal(llvm::StringRef name, Signal signal)> &hold);

} // namespace hdl
