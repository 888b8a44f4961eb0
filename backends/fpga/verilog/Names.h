//===- Names.h - identifiers of Verilog -------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "llvm/ADT/StringRef.h"

#include <string>

namespace nirc::fpga {

/// An identifier of Verilog and of SystemVerilog that reads like `text`, for any bytes: lower and
/// upper case, digits and '_'. What is neither becomes '_', a character beyond ASCII its number, as
/// u795e. Before a digit at the start comes n_, behind a keyword '_'. At most 40 letters; not yet
/// unique.
std::string verilogName(llvm::StringRef text);

/// `text` for a comment to the end of a line.
std::string verilogComment(llvm::StringRef text);

} // namespace nirc::fpga
