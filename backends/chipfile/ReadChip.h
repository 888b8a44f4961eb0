//===- ReadChip.h - chips from JSON -----------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/chipfile/Chip.h"
#include "ir/Error.h"

#include <string_view>

namespace nirc::chipfile {

/// The chip that the bytes describe. They are from outside: whatever they hold, the result is a
/// chip within its limits or an error, which says the key and what was expected.
nir::Result<Chip> readChip(std::string_view bytes);

/// NIR's primitives that the generic model of a chip computes.
const std::vector<std::string> &knownPrimitives();

/// All keys of a chip file, for the test of chip.schema.json: "cores.columns".
std::vector<std::string> chipKeys();

} // namespace nirc::chipfile
