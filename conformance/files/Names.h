//===- Names.h - what a suite calls its files -------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <string_view>

namespace nirc::conformance {

/// What suite.json says of itself. The version changes with any byte of a case
/// (conformance/sealed).
inline constexpr std::string_view suiteName = "nirc-conformance";
inline constexpr int suiteFormat = 1;
inline constexpr std::string_view suiteVersion = "0.2.0";

/// Whether it names a file below a folder, and none beside it: "nodes/lif/tie", without "..", "."
/// and empty parts, of letters that every file system has.
bool isInside(std::string_view name);

/// Whether the name is one that the pattern means: '*' stands for any letters, slashes too, '?' for
/// one.
bool matches(std::string_view name, std::string_view pattern);

} // namespace nirc::conformance
