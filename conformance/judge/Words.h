//===- Words.h - the words of a command, as a shell splits them -*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace nirc::conformance {

/// Words with blanks between them, where '…' and "…" hold blanks and \ takes the next character
/// as it is; of what else a shell does nothing is done. An error of usage: a quote has no end, or
/// there is no word.
nir::Result<std::vector<std::string>> wordsOf(std::string_view command);

/// The words with each {name} replaced by its value, also within a word.
std::vector<std::string> filled(std::vector<std::string> words,
                                const std::map<std::string, std::string> &values);

} // namespace nirc::conformance
