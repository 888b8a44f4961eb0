//===- CTokens.h - the words of a C text ------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"

#include <string>
#include <string_view>
#include <vector>

namespace nirc::c {

struct Token {
  enum class Kind { Name, Number, Text, Sign, End };
  Kind kind = Kind::End;
  std::string text; ///< a string literal's has its quotes
  int line = 0;
};

/// All of a text but comments and lines for the preprocessor, with a token `End` behind them. An
/// error names the line of what is no token of C.
nir::Result<std::vector<Token>> tokensOf(std::string_view text);

/// What is wrong at a line: "line 7: found ..., expected ...".
nir::Error errorAt(int line, const std::string &message);

} // namespace nirc::c
