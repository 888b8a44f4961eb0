//===- DataBlock.h - a core's data as its bytes -----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/spinnaker2/map/CoreData.h"

#include <string>
#include <vector>

namespace nirc::spinnaker2 {

/// What is loaded into a core, as firmware/pe.h has it. Offsets are in bytes from its start.
struct DataBlock {
  std::string bytes;
  /// The head, up to here, and all from `changing` on are what a step changes.
  uint32_t head = 0, changing = 0;
  std::vector<std::vector<uint32_t>> columns; ///< of the slices, the offsets of their columns
};

/// Where the head keeps what was counted: packets with and without a row.
constexpr uint32_t countsOffset = 20 * 4;

DataBlock blockOf(const CoreData &core);

} // namespace nirc::spinnaker2
