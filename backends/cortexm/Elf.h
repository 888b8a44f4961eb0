//===- Elf.h - what a program of a Cortex-M takes ----------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace nirc::cortexm {

/// Addresses from `first` up to `end`.
struct AddressRange {
  uint32_t first = 0, end = 0;
  uint32_t bytes() const { return end - first; }
  bool operator==(const AddressRange &) const = default;
};

struct Elf {
  /// As arm-none-eabi-size has them: what is kept in memory that cannot change, what has a value
  /// from the start, what is 0.
  int64_t text = 0, data = 0, bss = 0;
  uint32_t end = 0;                            ///< of all that is loaded or zeroed
  std::map<std::string, AddressRange> symbols; ///< functions and variables
};

/// Reads an ELF of 32 bits for Arm, out of any bytes.
nir::Result<Elf> readElf(std::string_view bytes);

} // namespace nirc::cortexm
