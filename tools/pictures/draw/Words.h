//===- Words.h - text for XML and for cairo ---------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace nirc {

/// Bytes of the character at the front of whole UTF-8, which is not empty.
size_t lengthOfFirst(std::string_view text);

/// The text with what XML has no form for, as control characters, as nirc prints it on a terminal.
/// Whole UTF-8.
std::string plainText(std::string_view text);

/// The same as content or attribute of XML.
std::string xmlText(std::string_view text);

/// The same of several lines, which stay lines.
std::string xmlLines(std::string_view text);

/// At most that many characters, the last an ellipsis where some are left out. Of whole UTF-8.
std::string shortened(std::string_view text, size_t most);

} // namespace nirc
