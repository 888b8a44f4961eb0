//===- ChipTarget.h - a chip file as a target -------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/chipfile/Chip.h"
#include "ir/Error.h"

#include <memory>
#include <string>
#include <string_view>

namespace nirc {
struct Target;
}

namespace nirc::chipfile {

/// Whether a file that begins so can be a chip file: with an object of JSON.
bool looksLikeAChip(std::string_view head);

/// The chip that the file describes. The error says the key, and what was expected.
nir::Result<Chip> readChipFile(const std::string &path);

/// Its target; the chip's format and semantics have its name.
std::shared_ptr<const Target> targetOf(Chip chip);

} // namespace nirc::chipfile
