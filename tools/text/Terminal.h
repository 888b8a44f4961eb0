//===- Terminal.h - what a terminal can show --------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

namespace nirc {

/// Columns; `otherwise` where the file is no terminal.
int64_t terminalWidth(FILE *file, int64_t otherwise);

/// Whether words may be coloured: a terminal, and neither NO_COLOR nor TERM=dumb.
bool hasColour(FILE *file);

/// A diagnostic's text with "error:", "warning:" and "note:" in colour, in every line.
std::string coloured(const std::string &diagnostic);

} // namespace nirc
