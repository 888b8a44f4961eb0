//===- Printable.h - names that are safe to print ---------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <string>
#include <string_view>

namespace nirc {

/// The text with control characters and broken UTF-8 as \xNN, so that a name cannot move the
/// terminal's cursor.
std::string printable(std::string_view text);

/// The text in quotes as a field of CSV (RFC 4180).
std::string csvQuoted(std::string_view text);

} // namespace nirc
