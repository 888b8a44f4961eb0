//===- TextMutants.h - C with one fault -------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <string>
#include <vector>

namespace nirc::mutants {

struct TextMutant {
  std::string kind;          ///< ">= for >"
  std::string before, after; ///< the line
  std::string text;          ///< all of it
};

/// What a text becomes by one fault in the function of that name, or in a table that it reads.
std::vector<TextMutant> mutantsOfC(const std::string &text, const std::string &function);

} // namespace nirc::mutants
