//===- Surroundings.h - what nirc reads and leaves behind -------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <span>
#include <string_view>

namespace nirc {

struct Surrounding {
  std::string_view name, meaning;
};

/// "0": done.
std::span<const Surrounding> exitCodes();
/// Variables of the environment that nirc reads.
std::span<const Surrounding> variables();
/// Files that are neither named on the command line nor part of another program.
std::span<const Surrounding> files();

} // namespace nirc
