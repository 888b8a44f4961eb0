//===- Writer.h - circuits as Verilog ---------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A plain walk: each op becomes one statement. Verilog-2005 as Verilator, Yosys and Icarus all take
// it without a warning: operands of an operator have one width, a sign is extended by repeating its
// bit, and $signed stands at both operands of what reads a sign. (One unsigned operand, as every
// concatenation is, would make all of an expression unsigned.)
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/fpga/hdl/Hdl.h"

#include <string>

namespace nirc::fpga {

/// The text of a module. `memories` is what stands before the names of memory files. Fails, with a
/// diagnostic, at an op that has no form here.
llvm::FailureOr<std::string> writeVerilog(hdl::CircuitOp circuit, llvm::StringRef memories);

} // namespace nirc::fpga
