//===- Devices.h - what a design can be for ---------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace nirc::fpga {

/// Devices of one architecture, and of one synthesis command.
enum class Family { Ice40, Ecp5, Xc7 };

/// "ice40", "ecp5", "xilinx": a target of syn/Makefile.
std::string_view name(Family family);

struct Device {
  std::string_view name; ///< as --device spells it
  Family family;
  int64_t luts, flipFlops;
  int64_t blocks, blockBits; ///< memories: with the parity bits
  int64_t multipliers;       ///< DSP blocks, of 16 to 25 bits by 16 to 18
  std::string_view part;     ///< what place and route calls it; empty: no open tool does that here
  std::string_view package;

  bool hasMultipliers() const { return multipliers > 0; }
};

/// What can be chosen beside `generic`, which has no limits.
std::span<const Device> devices();

/// Null: `generic`, or none of that name.
const Device *findDevice(std::string_view name);

} // namespace nirc::fpga
