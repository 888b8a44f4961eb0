//===- Description.h - what a library says of its network -------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// A shared library carries, in a section of its own, what `nirc run` needs of it: JSON text that
// can be read without loading any code.

#pragma once

#include "backends/cpu/run/Code.h"

#include <optional>
#include <string>
#include <string_view>

namespace nirc::cpu {

/// The section's name in an object and in a library.
constexpr std::string_view descriptionSection = ".nirc";

/// What a program on a microcontroller adds.
struct FirmwareDescription {
  std::string processor; ///< "cortex-m4"
};

/// What is described: the network, where things lie in its arena, and the prefix of its functions.
struct Description {
  ProgramInfo info;
  std::string prefix; ///< PREFIX_advance(arena) is its step
  int64_t arenaBytes = 0;
  size_t outputs = 0; ///< the first of `recorded`
  std::vector<Port> inputs, recorded;
  /// Nothing: it is a library of this machine. Else the arena is not the program's: ports lie in
  /// one of this process's own as they are sent.
  std::optional<FirmwareDescription> firmware = std::nullopt;
};

std::string descriptionText(const Description &description);

/// Of text from anywhere: every number in it is checked, so that no port lies outside the arena.
nir::Result<Description> parseDescription(std::string_view text);

} // namespace nirc::cpu
